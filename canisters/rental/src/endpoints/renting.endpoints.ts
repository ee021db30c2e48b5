import { update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { count, fromWire } from '@decent-cloud/kit/wire/wire.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { canister } from '../composition.ts';
import { acceptQuote } from '../flows/rentals/accept-quote.flow.ts';
import {
  cancelRental,
  operatorCancelRental,
  providerCancelRental,
} from '../flows/rentals/cancel-rental.flow.ts';
import { rotateSshKeys, setPower, skipVersion } from '../flows/rentals/operate-rental.flow.ts';
import { quoteExtension } from '../flows/rentals/quote-extension.flow.ts';
import { quoteRental } from '../flows/rentals/quote-rental.flow.ts';
import { upgradeRecipe } from '../flows/rentals/upgrade-recipe.flow.ts';
import { resultOf } from './wire/error-wire.ts';
import { rental } from './wire/rentals-wire.ts';
import {
  acceptance,
  accepted,
  extensionInput,
  keysRequest,
  powerRequest,
  quotedExtension,
  quotedRental,
  rentInput,
  skipRequest,
  upgradeInput,
} from './wire/renting-wire.ts';

const QuotedResult = resultOf(quotedRental);
const ExtensionResult = resultOf(quotedExtension);
const AcceptedResult = resultOf(accepted);
const RentalResult = resultOf(rental);

/** Renting, and what can be done with what is rented. */
export class RentingEndpoints {
  @update([rentInput.type], QuotedResult.type)
  async quote_rental(raw: unknown): Promise<WireResult<unknown>> {
    return QuotedResult.to(await quoteRental(canister, fromWire(rentInput, raw)));
  }

  @update([extensionInput.type], ExtensionResult.type)
  async quote_extension(raw: unknown): Promise<WireResult<unknown>> {
    return ExtensionResult.to(await quoteExtension(canister, fromWire(extensionInput, raw)));
  }

  @update([acceptance.type], AcceptedResult.type)
  async accept_quote(raw: unknown): Promise<WireResult<unknown>> {
    return AcceptedResult.to(await acceptQuote(canister, fromWire(acceptance, raw)));
  }

  /** The renter, at any point once it is being paid. */
  @update([count.type], RentalResult.type)
  cancel_rental(id: bigint): WireResult<unknown> {
    return RentalResult.to(cancelRental(canister, fromWire<RentalId>(count, id)));
  }

  /** The seller. */
  @update([count.type], RentalResult.type)
  provider_cancel_rental(id: bigint): WireResult<unknown> {
    return RentalResult.to(providerCancelRental(canister, fromWire<RentalId>(count, id)));
  }

  /** Controllers only. */
  @update([count.type], RentalResult.type)
  operator_cancel_rental(id: bigint): WireResult<unknown> {
    return RentalResult.to(operatorCancelRental(canister, fromWire<RentalId>(count, id)));
  }

  @update([powerRequest.type], RentalResult.type)
  set_power(raw: unknown): WireResult<unknown> {
    return RentalResult.to(setPower(canister, fromWire(powerRequest, raw)));
  }

  @update([keysRequest.type], RentalResult.type)
  rotate_ssh_keys(raw: unknown): WireResult<unknown> {
    return RentalResult.to(rotateSshKeys(canister, fromWire(keysRequest, raw)));
  }

  @update([upgradeInput.type], RentalResult.type)
  upgrade_recipe(raw: unknown): WireResult<unknown> {
    return RentalResult.to(upgradeRecipe(canister, fromWire(upgradeInput, raw)));
  }

  @update([skipRequest.type], RentalResult.type)
  skip_version(raw: unknown): WireResult<unknown> {
    return RentalResult.to(skipVersion(canister, fromWire(skipRequest, raw)));
  }
}
