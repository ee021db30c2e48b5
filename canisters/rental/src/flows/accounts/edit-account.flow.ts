import { mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Account, NotificationPreferences, SshKey } from '../../core/accounts/account.ts';
import { checkAgeKey, checkDisplayName, checkLabel } from '../../core/accounts/account-rules.ts';
import { checkPreferences, type AgeKeyInput } from '../../core/accounts/account-rules.ts';
import { parseSshKey } from '../../core/accounts/ssh-key.ts';
import type { Refusal } from '../../core/text-rules.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { actingAccount } from './callers.ts';

const MAX_SSH_KEYS = 20;

/** Sets the name that others see. The first call of somebody makes the account. */
export function putProfile(
  c: RentalCanister,
  input: { readonly displayName: string },
): Result<Account, RentalError> {
  const displayName = checkDisplayName(input.displayName);
  return change(
    c,
    mapOk(displayName, (value) => ({ displayName: value })),
  );
}

/**
 * Sets the key that secrets are sealed to from now on, or takes it away. What was sealed to the key
 * before is still opened by that one only.
 */
export function setAgeKey(c: RentalCanister, input: AgeKeyInput): Result<Account, RentalError> {
  return change(
    c,
    mapOk(checkAgeKey(input), ({ ageRecipient, sealedAgeIdentity }) => ({
      ageRecipient,
      sealedAgeIdentity,
    })),
  );
}

/** Sets where notifications go, and which are not wanted. */
export function setPreferences(
  c: RentalCanister,
  input: NotificationPreferences,
): Result<Account, RentalError> {
  return change(
    c,
    mapOk(checkPreferences(input), (preferences) => ({ preferences })),
  );
}

/** Adds a public key; the same key again replaces its label and comment. */
export function addSshKey(
  c: RentalCanister,
  input: { readonly label: string; readonly line: string },
): Result<Account, RentalError> {
  const account = actingAccount(c);
  if (account.kind === 'err') return account;
  const label = checkLabel(input.label);
  if (label.kind === 'err') return invalidArgument(label.error);
  const parsed = parseSshKey(input.line);
  if (parsed.kind === 'err') return invalidArgument({ argument: 'line', rule: parsed.error });
  const addedAt = c.runtime.time();
  const key: SshKey = { ...parsed.value, label: label.value, addedAt };
  const others = account.value.sshKeys.filter((one) => one.fingerprint !== key.fingerprint);
  if (others.length < MAX_SSH_KEYS) {
    return store(c, { ...account.value, sshKeys: [...others, key] });
  }
  return refuse(
    { kind: 'quota-exceeded', limit: MAX_SSH_KEYS },
    `An account has at most ${MAX_SSH_KEYS} SSH keys. Nothing was added: remove one first.`,
  );
}

/** Takes a key out of the account. Machines that have it keep it until their keys are rotated. */
export function removeSshKey(c: RentalCanister, fingerprint: string): Result<Account, RentalError> {
  const account = actingAccount(c);
  if (account.kind === 'err') return account;
  const sshKeys = account.value.sshKeys.filter((one) => one.fingerprint !== fingerprint);
  if (sshKeys.length < account.value.sshKeys.length) return store(c, { ...account.value, sshKeys });
  const message =
    'Your account has no such SSH key. Nothing was changed: take the fingerprint from get_my_account.';
  return refuse({ kind: 'not-found' }, message);
}

type Change = Partial<
  Pick<Account, 'displayName' | 'ageRecipient' | 'sealedAgeIdentity' | 'preferences'>
>;

/** The caller is looked at, and counted, before what is wrong with the arguments is said. */
function change(c: RentalCanister, checked: Result<Change, Refusal>): Result<Account, RentalError> {
  const account = actingAccount(c);
  if (account.kind === 'err') return account;
  if (checked.kind === 'err') return invalidArgument(checked.error);
  return store(c, { ...account.value, ...checked.value });
}

function store(c: RentalCanister, account: Account): Result<Account, RentalError> {
  const changed = { ...account, updatedAt: c.runtime.time() };
  c.storage.accounts.accounts.set(account.id, changed);
  return ok(changed);
}
