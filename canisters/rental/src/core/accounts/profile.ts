import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';

/** Who an account is to others, and the public key that its secrets are sealed to. */
export interface AccountProfile {
  readonly id: AccountId;
  readonly displayName: string;
  /** An age X25519 recipient; without one no machine credentials can be handed over. */
  readonly ageRecipient: string | undefined;
  readonly createdAt: TimestampNs;
  readonly updatedAt: TimestampNs;
}

/** What the owner of an account may set. */
export type ProfileInput = Pick<AccountProfile, 'displayName' | 'ageRecipient'>;

/** A field that breaks its rule. */
export interface ProfileRefusal {
  readonly argument: 'display_name' | 'age_recipient';
  readonly rule: string;
}

const MAX_NAME_LENGTH = 64;
const NAME_WITHOUT_CONTROLS = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;
/** Bech32 of 32 bytes under the prefix `age`. Source: the age specification, "X25519 recipient". */
const AGE_RECIPIENT = /^age1[023456789acdefghjklmnpqrstuvwxyz]{58}$/;

/** Checks what an owner sent. The name is kept without spaces around it. */
export function parseProfileInput(input: ProfileInput): Result<ProfileInput, ProfileRefusal> {
  const displayName = input.displayName.slice(0, MAX_NAME_LENGTH + 1).trim();
  const isNameLongerThanAllowed = input.displayName.length > MAX_NAME_LENGTH;
  if (displayName === '' || isNameLongerThanAllowed || !NAME_WITHOUT_CONTROLS.test(displayName)) {
    const rule = `must be 1 to ${MAX_NAME_LENGTH} visible characters`;
    return err({ argument: 'display_name', rule });
  }
  const { ageRecipient } = input;
  if (ageRecipient !== undefined && !AGE_RECIPIENT.test(ageRecipient)) {
    return err({ argument: 'age_recipient', rule: 'must be an age X25519 recipient' });
  }
  return ok({ displayName, ageRecipient });
}

/** The profile after its owner set `input`; a first one gets `newId()`. */
export function withInput(change: {
  readonly existing: AccountProfile | undefined;
  readonly input: ProfileInput;
  readonly at: TimestampNs;
  readonly newId: () => AccountId;
}): AccountProfile {
  const { existing, input, at, newId } = change;
  const id = existing?.id ?? newId();
  return { ...input, id, createdAt: existing?.createdAt ?? at, updatedAt: at };
}
