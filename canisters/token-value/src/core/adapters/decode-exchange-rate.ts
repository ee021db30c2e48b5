import { err, mapOk, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { ExchangeRateErrorName, RawQuote, SampleRejection } from '../samples/sample.ts';
import type { ExchangeRateOrigin, RateSide } from '../sources/price-source.ts';
import { checkAge, ratioOf, shortDetail, tenTo } from './answer-checks.ts';

export interface WireRateAsset {
  readonly symbol: string;
  readonly class: { readonly Cryptocurrency: null } | { readonly FiatCurrency: null };
}

export interface WireExchangeRate {
  readonly base_asset: WireRateAsset;
  readonly quote_asset: WireRateAsset;
  readonly timestamp: bigint;
  readonly rate: bigint;
  readonly metadata: {
    readonly decimals: number;
    readonly base_asset_num_received_rates: bigint;
    readonly base_asset_num_queried_sources: bigint;
    readonly quote_asset_num_received_rates: bigint;
    readonly quote_asset_num_queried_sources: bigint;
    readonly standard_deviation: bigint;
    readonly forex_timestamp: readonly [] | readonly [bigint];
  };
}

type PlainName = Exclude<ExchangeRateErrorName, 'Other'>;

export type WireExchangeRateError =
  | { readonly [Name in PlainName]: { readonly [Key in Name]: null } }[PlainName]
  | { readonly Other: { readonly code: number; readonly description: string } };

/** The reply of `get_exchange_rate`. */
export type WireExchangeRateResult =
  { readonly Ok: WireExchangeRate } | { readonly Err: WireExchangeRateError };

const MAX_DECIMALS = 18;

/** The argument of `get_exchange_rate` for this source: the newest rate. */
export function exchangeRateRequest(origin: ExchangeRateOrigin): {
  readonly base_asset: WireRateAsset;
  readonly quote_asset: WireRateAsset;
  readonly timestamp: readonly [];
} {
  const { base, quote } = origin;
  return { base_asset: wireAsset(base), quote_asset: wireAsset(quote), timestamp: [] };
}

/** The rate, if it is the one asked for, recent, and enough exchanges stand behind it. */
export function decodeExchangeRate(answer: {
  readonly origin: ExchangeRateOrigin;
  readonly reply: WireExchangeRateResult;
  readonly atNs: TimestampNs;
}): Result<RawQuote, SampleRejection> {
  const { origin, reply, atNs } = answer;
  if ('Err' in reply) return err(refusalOf(reply.Err));
  const { base_asset, quote_asset, rate, timestamp, metadata } = reply.Ok;
  if (!isAsset(base_asset, origin.base) || !isAsset(quote_asset, origin.quote)) {
    const detail = shortDetail(`the rate is of ${base_asset.symbol} in ${quote_asset.symbol}`);
    return err({ kind: 'wrong-identity', detail });
  }
  if (metadata.decimals > MAX_DECIMALS) return err({ kind: 'absurd-price' });
  const received = metadata.base_asset_num_received_rates;
  if (received < BigInt(origin.minReceivedRates)) return err({ kind: 'too-few-rates', received });
  const age = checkAge({ timestampSeconds: timestamp, atNs });
  if (age.kind === 'err') return age;
  const ratio = ratioOf({ numerator: rate, denominator: tenTo(metadata.decimals) });
  return mapOk(ratio, (ratioE18) => ({
    ratioE18,
    depthUnits: undefined,
    raw: {
      kind: 'exchange-rate',
      rate,
      decimals: metadata.decimals,
      timestampSeconds: timestamp,
      receivedRates: received,
      standardDeviation: metadata.standard_deviation,
    },
  }));
}

function refusalOf(error: WireExchangeRateError): SampleRejection {
  if ('Pending' in error) return { kind: 'try-later', name: 'Pending' };
  if ('RateLimited' in error) return { kind: 'try-later', name: 'RateLimited' };
  if ('Other' in error) {
    const { code, description } = error.Other;
    const detail = shortDetail(`${code}: ${description}`);
    return { kind: 'exchange-rate-error', name: 'Other', detail };
  }
  const [name] = Object.keys(error) as [PlainName];
  return { kind: 'exchange-rate-error', name, detail: '' };
}

function wireAsset(side: RateSide): WireRateAsset {
  const { symbol } = side;
  return side.class === 'crypto'
    ? { symbol, class: { Cryptocurrency: null } }
    : { symbol, class: { FiatCurrency: null } };
}

function isAsset(wire: WireRateAsset, side: RateSide): boolean {
  return (
    wire.symbol === side.symbol && 'Cryptocurrency' in wire.class === (side.class === 'crypto')
  );
}
