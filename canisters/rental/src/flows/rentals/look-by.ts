import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { keepRental } from './keep-rental.ts';

/** The canister looks at the rental, and at its money, at `at` at the latest. */
export function lookBy(c: RentalCanister, rentalId: RentalId, at: TimestampNs): void {
  const rental = c.storage.rentals.rentals.get(rentalId);
  if (rental?.dueAt === undefined || rental.dueAt <= at) return;
  keepRental(c, { before: rental, after: { ...rental, dueAt: at } });
}
