import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { removeHealthRows } from '../health/health-archive.ts';
import { removeJobRows } from '../jobs/job-queue.ts';
import type { RentalCanister } from '../rental-canister.ts';

/** A rental whose record the archive confirmed, as it was when the record was made. */
export interface ConfirmedRental {
  readonly id: RentalId;
  readonly updatedAt: TimestampNs;
  /** Where it stands in the list of closed ones. */
  readonly queuedAt: TimestampNs;
}

/**
 * Removes every row of a rental that the archive has; from then on it is known by its number only.
 * Nothing is done if it is gone already, or changed since its record was made.
 */
export function forgetRental(c: RentalCanister, confirmed: ConfirmedRental): void {
  const { archive, rentals } = c.storage;
  const { id, updatedAt, queuedAt } = confirmed;
  const rental = rentals.rentals.get(id);
  if (rental?.state.kind !== 'closed' || rental.updatedAt !== updatedAt) return;
  removeJobRows(c, id);
  removeHealthRows(c, id);
  removeRentalRows(c, rental);
  archive.closed.cancel(id, queuedAt);
  archive.problems.remove(id);
  archive.problemList.remove(null, id);
  archive.archived.add(id);
}

function removeRentalRows({ storage }: RentalCanister, rental: Rental): void {
  const { rentals, terms, configs, secrets, links, due, toAsk } = storage.rentals;
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
