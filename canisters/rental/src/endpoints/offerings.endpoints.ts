import { IDL } from '@dfinity/candid';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { count, fromWire } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import type { OfferingId } from '../core/ids.ts';
import {
  listProviderOfferings,
  listSharedWithMe,
  viewOffering,
} from '../flows/market/offering-views.ts';
import {
  createOffering,
  setOfferingStatus,
  updateOffering,
} from '../flows/market/save-offering.flow.ts';
import { searchOfferings } from '../flows/market/search-offerings.ts';
import { resultOf } from './wire/error-wire.ts';
import { offering, offeringChange, offeringInput, offeringPage } from './wire/offering-wire.ts';
import { offeringPageRequest, offeringView, providerOfferings } from './wire/offering-wire.ts';
import { searchFilter, searchPage, statusChange } from './wire/offering-wire.ts';

const OfferingResult = resultOf(offering);
const ViewResult = resultOf(offeringView);
const PageResult = resultOf(offeringPage);
const SearchResult = resultOf(searchPage);

/** What sellers offer. Writing is for the offer's seller, looking is open to all. */
export class OfferingEndpoints {
  @update([offeringInput.type], OfferingResult.type)
  create_offering(raw: unknown): WireResult<unknown> {
    return OfferingResult.to(createOffering(canister, fromWire(offeringInput, raw)));
  }

  @update([offeringChange.type], OfferingResult.type)
  update_offering(raw: unknown): WireResult<unknown> {
    return OfferingResult.to(updateOffering(canister, fromWire(offeringChange, raw)));
  }

  @update([statusChange.type], OfferingResult.type)
  set_offering_status(raw: unknown): WireResult<unknown> {
    return OfferingResult.to(setOfferingStatus(canister, fromWire(statusChange, raw)));
  }

  @query([IDL.Nat64], ViewResult.type)
  get_offering(raw: bigint): WireResult<unknown> {
    return ViewResult.to(viewOffering(canister, fromWire(count, raw) as OfferingId));
  }

  @query([providerOfferings.type], PageResult.type)
  list_provider_offerings(raw: unknown): WireResult<unknown> {
    return PageResult.to(listProviderOfferings(canister, fromWire(providerOfferings, raw)));
  }

  /** Offers that name the principal that calls. */
  @query([offeringPageRequest.type], PageResult.type)
  list_shared_with_me(raw: unknown): WireResult<unknown> {
    return PageResult.to(listSharedWithMe(canister, fromWire(offeringPageRequest, raw)));
  }

  @query([searchFilter.type], SearchResult.type)
  search_offerings(raw: unknown): WireResult<unknown> {
    return SearchResult.to(searchOfferings(canister, fromWire(searchFilter, raw)));
  }
}
