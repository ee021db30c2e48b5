import { query } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { count, fromWire } from '@decent-cloud/kit/wire/wire.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { canister } from '../composition.ts';
import {
  accountRentals,
  myRentals,
  providerRentals,
  viewRental,
} from '../flows/rentals/rental-views.ts';
import { resultOf } from './wire/error-wire.ts';
import { rentalPage, rentalView, serverPage } from './wire/rentals-wire.ts';
import { rentalPageRequest, serverPageRequest } from './wire/renting-wire.ts';

const ViewResult = resultOf(rentalView);
const PageResult = resultOf(rentalPage);
const ServersResult = resultOf(serverPage);

/** Rentals, for those whom they concern. */
export class RentalViewEndpoints {
  /** Its renter, its seller, controllers. */
  @query([count.type], ViewResult.type)
  get_rental(id: bigint): WireResult<unknown> {
    return ViewResult.to(viewRental(canister, fromWire<RentalId>(count, id)));
  }

  @query([rentalPageRequest.type], PageResult.type)
  my_rentals(raw: unknown): WireResult<unknown> {
    return PageResult.to(myRentals(canister, fromWire(rentalPageRequest, raw)));
  }

  /** Sellers. */
  @query([rentalPageRequest.type], PageResult.type)
  provider_rentals(raw: unknown): WireResult<unknown> {
    return PageResult.to(providerRentals(canister, fromWire(rentalPageRequest, raw)));
  }

  /** The agent that works the cloud account, and its seller. */
  @query([serverPageRequest.type], ServersResult.type)
  account_rentals(raw: unknown): WireResult<unknown> {
    return ServersResult.to(accountRentals(canister, fromWire(serverPageRequest, raw)));
  }
}
