import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { Account } from '../../core/accounts/account.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { actingAccount } from '../accounts/callers.ts';
import { missingRental } from '../archive/missing-rental.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

export interface OwnRental {
  readonly account: Account;
  readonly rental: Rental;
}

/** A rental of the caller, for changing something; the call is counted. */
export function ownRental(
  c: RentalCanister,
  asked: { readonly rentalId: RentalId; readonly as: 'renter' | 'provider' },
): Result<OwnRental, RentalError> {
  const { rentalId, as } = asked;
  return andThen(actingAccount(c), (account): Result<OwnRental, RentalError> => {
    const rental = c.storage.rentals.rentals.get(rentalId);
    if (rental === undefined) return missingRental(c, rentalId);
    if (rental[as] === account.id) return ok({ account, rental });
    const message =
      `There is no rental ${rentalId} of which this login is the ${as}. Nothing was done, and ` +
      'nothing was taken. Sign in the way you did when you made it.';
    return refuse({ kind: 'not-found' }, message);
  });
}
