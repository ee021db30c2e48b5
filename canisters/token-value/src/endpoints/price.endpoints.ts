import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { DurationNs } from '@decent-cloud/domain/time.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { query } from '@decent-cloud/kit/azle/azle.methods.ts';
import { toWire, type WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { canister } from '../composition.ts';
import { readHistory } from '../flows/read-history.flow.ts';
import { readPrice } from '../flows/read-price.flow.ts';
import { readStatus } from '../flows/read-status.flow.ts';
import { toPriceWire } from './error-wire.ts';
import { bucketToWire, HistoryRequest, HistoryResult } from './price-wire.ts';
import { PriceResult, priceToWire } from './price-wire.ts';
import type { WireHistoryBucket, WireHistoryRequest, WirePrice } from './price-wire.ts';
import { PriceStatusType, statusToWire, type WirePriceStatus } from './status-wire.ts';

/** Prices, and why they are what they are. Reading is open to all. */
export class PriceEndpoints {
  /** Answers from what is stored: it asks nobody and waits for nobody. */
  @query([IDL.Principal], PriceResult)
  get_price(ledger: Principal): WireResult<WirePrice> {
    return toPriceWire(readPrice(canister, ledger), priceToWire);
  }

  /** Every source and every token, as of now. */
  @query([], PriceStatusType)
  get_price_status(): WirePriceStatus {
    return statusToWire(readStatus(canister));
  }

  /** Lowest, highest and last price of each step; a step without a price is left out. */
  @query([HistoryRequest], HistoryResult)
  price_history(request: WireHistoryRequest): WireResult<WireHistoryBucket[]> {
    const wanted = {
      ledger: request.token,
      fromNs: timestampNs(request.from_ns),
      toNs: timestampNs(request.to_ns),
      step: request.step_ns as DurationNs,
    };
    return toWire(readHistory(canister, wanted), (buckets) => buckets.map(bucketToWire));
  }
}
