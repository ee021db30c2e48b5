import type { Principal } from '@dfinity/principal';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { Account, Login } from '../../core/accounts/account.ts';
import { checkLabel, type LoginName } from '../../core/accounts/account-rules.ts';
import type { LoginOffer } from '../../core/accounts/logins.ts';
import { isSame } from '../../core/accounts/provider-rules.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { actingAccount } from './callers.ts';

const MAX_LOGINS = 10;
const OFFER_NS = durationNs({ days: 1 });

export interface LoginInput extends LoginName {
  readonly principal: Principal;
}

/**
 * Offers a principal to become another login of the caller's account, for a day. It takes the place of
 * an offer before it. Nothing changes until that principal calls accept_login.
 */
export function offerLogin(c: RentalCanister, input: LoginInput): Result<LoginOffer, RentalError> {
  const account = actingAccount(c);
  if (account.kind === 'err') return account;
  const label = checkLabel(input.label);
  if (label.kind === 'err') return invalidArgument(label.error);
  const { principal, kind } = input;
  if (principal.isAnonymous() || principal.toUint8Array().length === 0) {
    return invalidArgument({
      argument: 'who',
      rule: 'must be one that somebody signs in as',
    });
  }
  const { id, logins } = account.value;
  const full = refuseWhenFull(logins);
  if (full !== undefined) return full;
  const taken = refuseTaken(c, principal, id);
  if (taken !== undefined) return taken;
  const expiresAt = after(c.runtime.time(), OFFER_NS);
  const offer: LoginOffer = { account: id, principal, kind, label: label.value, expiresAt };
  c.storage.accounts.loginOffers.set(id, offer);
  return ok(offer);
}

/** Takes the offer back, if there is one. */
export function withdrawLoginOffer(c: RentalCanister): Result<null, RentalError> {
  const account = actingAccount(c);
  if (account.kind === 'err') return account;
  c.storage.accounts.loginOffers.remove(account.value.id);
  return ok(null);
}

/** Makes the caller a login of the account that offered it. A caller with an account keeps that one. */
export function acceptLogin(c: RentalCanister, id: AccountId): Result<Account, RentalError> {
  const caller = requireUser(c.runtime);
  if (caller.kind === 'err') return caller;
  const now = c.runtime.time();
  const taken = c.callers.take(caller.value, now);
  if (taken.kind === 'err') return taken;
  const { accounts, loginOffers, logins } = c.storage.accounts;
  const offer = openOffer(c, id, caller.value);
  const account = accounts.get(id);
  if (offer === undefined || account === undefined) {
    const message =
      'No account offers this login to you, or the offer is over: it stands for a day. ' +
      'Nothing was changed. Sign in the other way, and offer it again.';
    return refuse({ kind: 'not-found' }, message);
  }
  const other = refuseTaken(c, caller.value, undefined);
  if (other !== undefined) return other;
  const full = refuseWhenFull(account.logins);
  if (full !== undefined) return full;
  const { principal, kind, label } = offer;
  const login: Login = { principal, kind, label, addedAt: now };
  const changed: Account = { ...account, logins: [...account.logins, login], updatedAt: now };
  accounts.set(id, changed);
  logins.set(principal, { account: id });
  loginOffers.remove(id);
  return ok(changed);
}

/** Says what one of the caller's logins is. */
export function describeLogin(c: RentalCanister, input: LoginInput): Result<Account, RentalError> {
  const account = actingAccount(c);
  if (account.kind === 'err') return account;
  const label = checkLabel(input.label);
  if (label.kind === 'err') return invalidArgument(label.error);
  const { logins } = account.value;
  if (!logins.some((one) => isSame(one.principal, input.principal))) return refuseUnknown();
  const renamed = logins.map((one) =>
    isSame(one.principal, input.principal) ? { ...one, kind: input.kind, label: label.value } : one,
  );
  return store(c, { ...account.value, logins: renamed });
}

/** Takes a login out of the caller's account; never the last one, nor the one that is paid. */
export function unlinkLogin(c: RentalCanister, principal: Principal): Result<Account, RentalError> {
  const account = actingAccount(c);
  if (account.kind === 'err') return account;
  const { id, logins } = account.value;
  const others = logins.filter((one) => !isSame(one.principal, principal));
  if (others.length === logins.length) return refuseUnknown();
  if (others.length === 0) {
    const message =
      'This is the only way into your account. Nothing was changed: link another login first.';
    return refuse({ kind: 'wrong-state', state: 'last-login' }, message);
  }
  const provider = c.storage.accounts.providers.get(id);
  if (provider !== undefined && isSame(provider.principal, principal)) {
    const message =
      'What you sell is paid to this login, so it stays yours. Nothing was changed, and no money moves.';
    return refuse({ kind: 'wrong-state', state: 'payee' }, message);
  }
  c.storage.accounts.logins.remove(principal);
  return store(c, { ...account.value, logins: others });
}

/** The offer of an account to that principal, while it stands. */
export function openOffer(
  c: Pick<RentalCanister, 'runtime' | 'storage'>,
  id: AccountId,
  principal: Principal,
): LoginOffer | undefined {
  const offer = c.storage.accounts.loginOffers.get(id);
  if (offer === undefined || offer.expiresAt <= c.runtime.time()) return undefined;
  return isSame(offer.principal, principal) ? offer : undefined;
}

function refuseTaken(c: RentalCanister, principal: Principal, own: AccountId | undefined) {
  const taken = c.storage.accounts.accountOf(principal);
  if (taken === undefined) return undefined;
  const message =
    taken.id === own
      ? 'This is a login of your account already. Nothing was changed: use describe_login to rename it.'
      : 'This login has an account of its own, and a login belongs to one account. Nothing was ' +
        'changed. If that account is empty, sign in to it and call delete_my_account, then link it.';
  return refuse({ kind: 'conflict' }, message);
}

function refuseWhenFull(logins: readonly Login[]) {
  if (logins.length < MAX_LOGINS) return undefined;
  const message = `An account has at most ${MAX_LOGINS} logins. Nothing was changed: unlink one first.`;
  return refuse({ kind: 'quota-exceeded', limit: MAX_LOGINS }, message);
}

function refuseUnknown() {
  const message =
    'This is no login of your account. Nothing was changed: choose one that get_my_account shows.';
  return refuse({ kind: 'not-found' }, message);
}

function store(c: RentalCanister, account: Account): Result<Account, RentalError> {
  const changed = { ...account, updatedAt: c.runtime.time() };
  c.storage.accounts.accounts.set(account.id, changed);
  return ok(changed);
}
