import type { Account } from '../../core/accounts/account.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { wipeMailbox } from '../notifications/mailbox.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { callerAccount } from './callers.ts';
import { dropGrants } from './grant-agent.flow.ts';

/**
 * Forgets the caller's account: profile, logins, keys, seller profile, grants, notifications. Refused
 * while machines, money or offers hang on it. Its rentals that are over stay until they are archived,
 * and recipes stay, because others run them; neither holds more than the account's number.
 */
export function deleteAccount(c: RentalCanister): Result<null, RentalError> {
  const account = callerAccount(c);
  if (account.kind === 'err') return account;
  const taken = c.callers.take(c.runtime.caller(), c.runtime.time());
  if (taken.kind === 'err') return taken;
  const ties = tiesOf(c, account.value);
  if (ties.length > 0) {
    const message = `Nothing was deleted, and no money moved. First: ${ties.join('; ')}.`;
    return refuse({ kind: 'wrong-state', state: 'in-use' }, message);
  }
  const { id, logins } = account.value;
  dropGrants(c, id);
  wipeMailbox(c, id);
  const { accounts } = c.storage;
  accounts.providers.remove(id);
  accounts.loginOffers.remove(id);
  for (const { principal } of logins) accounts.logins.remove(principal);
  accounts.accounts.remove(id);
  return ok(null);
}

/** What has to be ended before. Offers and machines of a seller hang on its cloud accounts. */
function tiesOf({ storage }: RentalCanister, { id }: Account): readonly string[] {
  const { rentals, accounts } = storage;
  const live = rentals.links.count({ kind: 'live-of-renter', of: id });
  const quotes = rentals.links.count({ kind: 'quotes-of-renter', of: id });
  const clouds = accounts.cloudAccountLinks.count({ kind: 'of-provider', of: id });
  const ties = [
    { count: live, what: `cancel your ${live} rentals and wait until they are closed` },
    { count: quotes, what: `wait until your ${quotes} quotes are over, in some minutes` },
    {
      count: clouds,
      what: `retire the offers of your ${clouds} cloud accounts, then delete those`,
    },
  ];
  return ties.filter(({ count }) => count > 0).map(({ what }) => what);
}
