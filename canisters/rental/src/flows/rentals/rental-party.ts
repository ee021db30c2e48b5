import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { callerAccount } from '../accounts/callers.ts';
import { missingRental } from '../archive/missing-rental.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

/** A rental and what the caller is to it. */
export interface RentalForCaller {
  readonly rental: Rental;
  readonly party: 'renter' | 'provider' | 'operator';
}

/** For those whom it concerns; nobody else learns whether it exists. */
export function rentalForCaller(
  c: RentalCanister,
  rentalId: RentalId,
): Result<RentalForCaller, RentalError> {
  const known = storedRental(c, rentalId);
  if (c.runtime.isController(c.runtime.caller())) {
    return andThen(known, (rental) => ok({ rental, party: 'operator' as const }));
  }
  return andThen(callerAccount(c), ({ id }): Result<RentalForCaller, RentalError> => {
    if (known.kind === 'err') return known;
    const rental = known.value;
    if (rental.renter === id) return ok({ rental, party: 'renter' });
    if (rental.provider === id) return ok({ rental, party: 'provider' });
    const message =
      `There is no rental ${rentalId} of this login. ` +
      'Sign in the way you did when it was made.';
    return refuse({ kind: 'not-found' }, message);
  });
}

function storedRental(c: RentalCanister, id: RentalId): Result<Rental, RentalError> {
  const rental = c.storage.rentals.rentals.get(id);
  return rental === undefined ? missingRental(c, id) : ok(rental);
}
