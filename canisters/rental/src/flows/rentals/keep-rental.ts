import type { Rental } from '../../core/rentals/rental.ts';
import type { RentalCanister } from '../rental-canister.ts';

/**
 * Stores a rental and keeps it in exactly the lists that its state puts it in, and in the due queue at
 * its `dueAt`. Everything that changes a rental goes through here.
 */
export function keepRental(
  c: Pick<RentalCanister, 'storage'>,
  change: { readonly before: Rental | undefined; readonly after: Rental },
): void {
  const { before, after } = change;
  const { rentals, links } = c.storage.rentals;
  rentals.set(after.id, after);
  keepDue(c, change);
  keepServer(c, change);
  const was = before === undefined ? undefined : stageOf(before);
  const is = stageOf(after);
  if (was === is) return;
  const { id, renter, provider, cloudAccountId } = after;
  if (was === undefined) links.add({ kind: 'of-renter', of: renter }, id);
  if (is === 'quote') links.add({ kind: 'quotes-of-renter', of: renter }, id);
  if (was === 'quote') links.remove({ kind: 'quotes-of-renter', of: renter }, id);
  if (is === 'live') {
    links.add({ kind: 'of-provider', of: provider }, id);
    links.add({ kind: 'of-cloud-account', of: cloudAccountId }, id);
    links.add({ kind: 'live-of-renter', of: renter }, id);
  }
  if (was === 'live') {
    links.remove({ kind: 'of-cloud-account', of: cloudAccountId }, id);
    links.remove({ kind: 'live-of-renter', of: renter }, id);
  }
}

/** Removes a rental from every list and all that is kept of it here, as if it had never been. */
export function removeRental(c: Pick<RentalCanister, 'storage'>, rental: Rental): void {
  const { rentals, terms, configs, secrets, links, due, toAsk } = c.storage.rentals;
  const { id, renter, provider, cloudAccountId, dueAt } = rental;
  links.remove({ kind: 'of-renter', of: renter }, id);
  links.remove({ kind: 'of-provider', of: provider }, id);
  links.remove({ kind: 'of-cloud-account', of: cloudAccountId }, id);
  links.remove({ kind: 'live-of-renter', of: renter }, id);
  links.remove({ kind: 'quotes-of-renter', of: renter }, id);
  if (dueAt !== undefined) due.cancel(id, dueAt);
  toAsk.delete(id);
  configs.remove(id);
  secrets.remove(id);
  terms.remove(id);
  rentals.remove(id);
}

/** Which rental a server is of can be asked by the cloud's id of it. */
function keepServer(
  c: Pick<RentalCanister, 'storage'>,
  change: { readonly before: Rental | undefined; readonly after: Rental },
): void {
  const { ofServers } = c.storage.rentals;
  const { id: rentalId, cloudAccountId, server } = change.after;
  const [from, to] = [change.before?.server?.externalId, server?.externalId];
  if (from === to) return;
  if (from !== undefined && ofServers.get([cloudAccountId, from])?.rentalId === rentalId) {
    ofServers.remove([cloudAccountId, from]);
  }
  if (to !== undefined) ofServers.set([cloudAccountId, to], { rentalId });
}

type Stage = 'quote' | 'live' | 'over';

function stageOf({ state }: Rental): Stage {
  switch (state.kind) {
    case 'quoted':
    case 'awaiting-payment':
      return 'quote';
    case 'provisioning':
    case 'active':
    case 'ending':
      return 'live';
    case 'closed':
      return 'over';
  }
}

function keepDue(
  c: Pick<RentalCanister, 'storage'>,
  change: { readonly before: Rental | undefined; readonly after: Rental },
): void {
  const { due } = c.storage.rentals;
  const from = change.before?.dueAt;
  const { id, dueAt: to } = change.after;
  if (from === to) return;
  if (from !== undefined) due.cancel(id, from);
  if (to !== undefined) due.schedule(id, to);
}
