import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { Refusal } from '../text-rules.ts';
import type { Account, LoginKind, NoticeGroup, NotificationPreferences } from './account.ts';
import { isAgeRecipient, isAgeSealed } from './age.ts';
import { checkVisible } from './visible-text.ts';

const MAX_NAME_LENGTH = 64;
const MAX_SEALED_BYTES = 4_096;
const MAX_EMAIL_LENGTH = 254;
const NOTICE_GROUPS = 4;
/** One mailbox and nothing else: no name, list, comment or line that a mail server would obey. */
const EMAIL = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$/i;

/** What an owner says about the key that secrets are sealed to. */
export type AgeKeyInput = Pick<Account, 'ageRecipient' | 'sealedAgeIdentity'>;

/** What a person calls one of their logins. */
export interface LoginName {
  readonly kind: LoginKind;
  readonly label: string;
}

/** The name without spaces around it. */
export function checkDisplayName(raw: string): Result<string, Refusal> {
  return checkVisible(raw, { argument: 'display_name', min: 1, max: MAX_NAME_LENGTH });
}

/** A label that its owner gives something; may be empty. */
export function checkLabel(raw: string): Result<string, Refusal> {
  return checkVisible(raw, { argument: 'label', min: 0, max: MAX_NAME_LENGTH });
}

/**
 * Recipient and identity are set together, so that an identity never stands beside a recipient that it
 * does not open. The identity must be encrypted: a plain one is refused.
 */
export function checkAgeKey(input: AgeKeyInput): Result<AgeKeyInput, Refusal> {
  const { ageRecipient, sealedAgeIdentity } = input;
  if (ageRecipient !== undefined && !isAgeRecipient(ageRecipient)) {
    const rule = 'must be an age X25519 recipient (age1 and 58 more): a character of it is wrong';
    return err({ argument: 'age_recipient', rule });
  }
  if (sealedAgeIdentity === undefined) return ok(input);
  const argument = 'sealed_age_identity';
  if (ageRecipient === undefined) return err({ argument, rule: 'has no age_recipient beside it' });
  if (sealedAgeIdentity.length > MAX_SEALED_BYTES) {
    return err({ argument, rule: `must be at most ${MAX_SEALED_BYTES} bytes` });
  }
  if (isAgeSealed(sealedAgeIdentity)) return ok(input);
  return err({ argument, rule: 'must be encrypted by age with a passphrase; it was not stored' });
}

/** An address that can be sent to, or none, and each group at most once. */
export function checkPreferences(
  raw: NotificationPreferences,
): Result<NotificationPreferences, Refusal> {
  const { muted } = raw;
  if (muted.length > NOTICE_GROUPS || new Set<NoticeGroup>(muted).size !== muted.length) {
    return err({ argument: 'muted', rule: 'must name each group at most once' });
  }
  const email = raw.email.length > MAX_EMAIL_LENGTH ? raw.email : raw.email.trim();
  if (email === '' || (email.length <= MAX_EMAIL_LENGTH && EMAIL.test(email))) {
    return ok({ email, muted });
  }
  return err({ argument: 'email', rule: 'must be one e-mail address, or empty for none' });
}
