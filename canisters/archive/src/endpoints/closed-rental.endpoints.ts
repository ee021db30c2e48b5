import { IDL } from '@dfinity/candid';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { andThen } from '@decent-cloud/domain/result.ts';
import { toWire, type WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { PageArgument, pageToWire, parsePage } from '@decent-cloud/kit/errors/page-argument.ts';
import type { WirePage, WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import { canister } from '../composition.ts';
import { listOwnRentals, readRental } from '../flows/read-rentals.flow.ts';
import { storeRental } from '../flows/store-rental.flow.ts';
import { ClosedRentalArgument, ClosedRentalPageResult } from './closed-rental-wire.ts';
import { ClosedRentalResult, rentalFromWire, rentalIdFromWire } from './closed-rental-wire.ts';
import { rentalToWire } from './closed-rental-wire.ts';
import type { WireClosedRental, WireClosedRentalArgument } from './closed-rental-wire.ts';

const MAX_PAGE = 50;

/** Closed rentals: written once by the market, read by their parties. */
export class ClosedRentalEndpoints {
  /** Listed writers only. The same rental again changes nothing; another one is a `Conflict`. */
  @update([ClosedRentalArgument], ClosedRentalResult)
  store_rental(wire: WireClosedRentalArgument): WireResult<WireClosedRental> {
    const stored = andThen(rentalFromWire(wire), (rental) => storeRental(canister, rental));
    return toWire(stored, rentalToWire);
  }

  /** For its renter, its provider and controllers. */
  @query([IDL.Nat64], ClosedRentalResult)
  get_rental(id: bigint): WireResult<WireClosedRental> {
    const rental = andThen(rentalIdFromWire(id), (known) => readRental(canister, known));
    return toWire(rental, rentalToWire);
  }

  /** The caller's own rentals, in the order in which they were closed. */
  @query([PageArgument], ClosedRentalPageResult)
  list_my_rentals(argument: WirePageArgument): WireResult<WirePage<WireClosedRental>> {
    const request = parsePage(argument, MAX_PAGE);
    const page = andThen(request, (wanted) => listOwnRentals(canister, wanted));
    return toWire(page, (rows) => pageToWire(rows, rentalToWire));
  }
}
