import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { removeHealthRows } from '../health/health-archive.ts';
import { removeJobRows } from '../jobs/job-queue.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { removeRental } from '../rentals/keep-rental.ts';

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
  removeRental(c, rental);
  archive.closed.cancel(id, queuedAt);
  archive.problems.remove(id);
  archive.problemList.remove(null, id);
  archive.archived.add(id);
}
