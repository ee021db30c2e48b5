import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { RentalCanister } from '../rental-canister.ts';

/**
 * Puts a closed rental on the list of what moves to the archive, in the order of closing. When it is
 * old enough is asked again each time, so that another retention counts for all. Doing it again
 * changes nothing.
 */
export function scheduleArchive(
  c: Pick<RentalCanister, 'storage'>,
  rentalId: RentalId,
  closedAt: TimestampNs,
): void {
  c.storage.archive.closed.schedule(rentalId, closedAt);
}
