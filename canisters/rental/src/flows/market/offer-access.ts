import type { Principal } from '@dfinity/principal';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { Account } from '../../core/accounts/account.ts';
import type { CloudAccountId, OfferingId } from '../../core/ids.ts';
import type { Offering } from '../../core/market/offering.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

/** Somebody who looks at an offer. */
export interface Viewer {
  readonly account: AccountId | undefined;
  readonly logins: readonly Principal[];
}

export function viewerOf(account: Account): Viewer {
  return { account: account.id, logins: account.logins.map(({ principal }) => principal) };
}

/** The caller; anonymous ones and those without an account may look too. */
export function callingViewer({ runtime, storage }: RentalCanister): Viewer {
  const caller = runtime.caller();
  if (caller.isAnonymous()) return { account: undefined, logins: [] };
  const account = storage.accounts.accountOf(caller);
  return account === undefined ? { account: undefined, logins: [caller] } : viewerOf(account);
}

/**
 * The seller sees all of their offers, others what is public or shared with one of their logins.
 */
export function maySee(offering: Offering, viewer: Viewer): boolean {
  if (offering.provider === viewer.account) return true;
  const { visibility } = offering;
  switch (visibility.kind) {
    case 'public':
      return true;
    case 'private':
      return false;
    case 'shared':
      return visibility.principals.some((one) =>
        viewer.logins.some((login) => login.compareTo(one) === 'eq'),
      );
  }
}

/** An offer that the viewer may see. What is hidden is refused like what was never there. */
export function visibleOffering(
  { storage }: RentalCanister,
  asked: { readonly id: OfferingId; readonly viewer: Viewer },
): Result<Offering, RentalError> {
  const { id, viewer } = asked;
  const offering = storage.market.offerings.get(id);
  if (offering !== undefined && maySee(offering, viewer)) return ok(offering);
  const message =
    `There is no offer ${id}, or it is not shared with this login. Nothing was taken. ` +
    'If somebody shared it with you, sign in the way they know you, or choose another offer.';
  return refuse({ kind: 'not-found' }, message);
}

/** How many offers use a cloud account, paused ones too. */
export function offersOfAccount(
  { storage }: Pick<RentalCanister, 'storage'>,
  account: CloudAccountId,
): number {
  return storage.market.offeringLinks.count({ kind: 'of-account', of: account });
}

/** How many offers a seller has that are not retired. */
export function offersOfProvider(
  { storage }: Pick<RentalCanister, 'storage'>,
  provider: AccountId,
): number {
  return storage.market.offeringLinks.count({ kind: 'of-provider', of: provider });
}
