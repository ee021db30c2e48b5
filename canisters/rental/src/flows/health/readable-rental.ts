import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { agentMay, callerAccount } from '../accounts/callers.ts';
import { missingRental } from '../archive/missing-rental.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

/** The rental if its health is the caller's business: renter, seller, the seller's agents, operator. */
export function readableRental(c: RentalCanister, rentalId: RentalId): Result<Rental, RentalError> {
  const rental = c.storage.rentals.rentals.get(rentalId);
  const caller = c.runtime.caller();
  if (rental === undefined) {
    const signedIn = requireUser(c.runtime);
    return signedIn.kind === 'err' ? signedIn : missingRental(c, rentalId);
  }
  if (c.runtime.isController(caller)) return ok(rental);
  const { provider } = rental;
  if (agentMay(c, { agent: caller, provider, scope: 'health' })) return ok(rental);
  const account = callerAccount(c);
  if (account.kind === 'err') return account;
  const { id } = account.value;
  if (id === rental.renter || id === provider) return ok(rental);
  return refuse(
    { kind: 'not-allowed' },
    'Only the renter and the seller see the health of a rental. Sign in with the account that rents.',
  );
}
