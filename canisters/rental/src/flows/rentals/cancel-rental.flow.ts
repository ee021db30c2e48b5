import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { andThen, type Result } from '@decent-cloud/domain/result.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { requireOperator } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { applyRentalEvent } from './apply-event.ts';
import { ownRental } from './own-rental.ts';

/**
 * Ends a rental at any point, for its renter. Work on the machine stops at once, the machine is
 * deleted, and the treasury gives back what was not used. Again it changes nothing.
 */
export function cancelRental(c: RentalCanister, rentalId: RentalId): Result<Rental, RentalError> {
  return andThen(ownRental(c, { rentalId, as: 'renter' }), ({ rental }) => {
    if (rental.state.kind === 'quoted') {
      const message =
        'There is nothing to cancel: nothing was paid. Leave it: the quote is forgotten after it expires.';
      return refuse({ kind: 'wrong-state', state: rental.state.kind }, message);
    }
    return applyRentalEvent(c, rentalId, { kind: 'cancelled', by: 'renter' });
  });
}

/** Ends a paid rental for its seller, who pays the agreed penalty if it ran. */
export function providerCancelRental(
  c: RentalCanister,
  rentalId: RentalId,
): Result<Rental, RentalError> {
  return andThen(ownRental(c, { rentalId, as: 'provider' }), () =>
    applyRentalEvent(c, rentalId, { kind: 'cancelled', by: 'provider' }),
  );
}

/** Ends a rental for the marketplace. The renter gets back what was not used; nobody is fined. */
export function operatorCancelRental(
  c: RentalCanister,
  rentalId: RentalId,
): Result<Rental, RentalError> {
  return andThen(requireOperator(c), () =>
    applyRentalEvent(c, rentalId, { kind: 'cancelled', by: 'operator' }),
  );
}
