import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import { resultType } from '@decent-cloud/kit/errors/error-idl.ts';
import type { HistoryPoint } from '../core/history/price-history.ts';
import { priceToUsdE8 } from '../core/units.ts';
import type { PublishedPrice } from '../flows/read-price.flow.ts';
import { TokenValueError } from './error-wire.ts';
import { toOpt, type Opt } from './opt.ts';

const Price = lazy(() =>
  IDL.Record({
    token: IDL.Principal,
    symbol: IDL.Text,
    decimals: IDL.Nat8,
    usd_e8: IDL.Nat,
    spot_usd_e8: IDL.Nat,
    median_1h_usd_e8: IDL.Nat,
    median_24h_usd_e8: IDL.Nat,
    at_ns: IDL.Nat64,
    sources_hash: IDL.Vec(IDL.Nat8),
    exposure_cap_usd_e8: IDL.Opt(IDL.Nat),
  }),
);

export const PriceResult = lazy(() => resultType(Price, TokenValueError));

export interface WirePrice {
  readonly token: Principal;
  readonly symbol: string;
  readonly decimals: number;
  readonly usd_e8: bigint;
  readonly spot_usd_e8: bigint;
  readonly median_1h_usd_e8: bigint;
  readonly median_24h_usd_e8: bigint;
  readonly at_ns: bigint;
  readonly sources_hash: Uint8Array;
  readonly exposure_cap_usd_e8: Opt<bigint>;
}

export function priceToWire(price: PublishedPrice): WirePrice {
  const { token, symbol } = price.pricing;
  return {
    token: token.ledger,
    symbol,
    decimals: token.decimals,
    usd_e8: price.usd,
    spot_usd_e8: price.spotUsd,
    median_1h_usd_e8: price.medianHourUsd,
    median_24h_usd_e8: price.medianDayUsd,
    at_ns: price.atNs,
    sources_hash: price.sourcesHash,
    exposure_cap_usd_e8: toOpt(price.exposureCapUsd),
  };
}

export const HistoryRequest = lazy(() =>
  IDL.Record({
    token: IDL.Principal,
    from_ns: IDL.Nat64,
    to_ns: IDL.Nat64,
    step_ns: IDL.Nat64,
  }),
);

const HistoryBucket = lazy(() =>
  IDL.Record({
    from_ns: IDL.Nat64,
    low_usd_e8: IDL.Nat,
    high_usd_e8: IDL.Nat,
    last_usd_e8: IDL.Nat,
  }),
);

export const HistoryResult = lazy(() => resultType(IDL.Vec(HistoryBucket), TokenValueError));

export interface WireHistoryRequest {
  readonly token: Principal;
  readonly from_ns: bigint;
  readonly to_ns: bigint;
  readonly step_ns: bigint;
}

export interface WireHistoryBucket {
  readonly from_ns: bigint;
  readonly low_usd_e8: bigint;
  readonly high_usd_e8: bigint;
  readonly last_usd_e8: bigint;
}

export function bucketToWire(bucket: HistoryPoint): WireHistoryBucket {
  return {
    from_ns: bucket.fromNs,
    low_usd_e8: priceToUsdE8(bucket.lowE18),
    high_usd_e8: priceToUsdE8(bucket.highE18),
    last_usd_e8: priceToUsdE8(bucket.lastE18),
  };
}
