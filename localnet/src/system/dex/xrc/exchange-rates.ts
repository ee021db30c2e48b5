import { IDL } from '@dfinity/candid';
import { Availability } from '../availability.ts';
import {
  crypto,
  ExchangeRateError,
  fiat,
  isCrypto,
  isSameAsset,
  LocalnetRate,
  type WireAsset,
  type WireLocalnetRate,
  type WireXrcError,
  type XrcErrorName,
  type XrcOtherError,
} from './xrc-types.ts';

export const RATE_DECIMALS = 9;
const RATE_UNIT = 10n ** BigInt(RATE_DECIMALS);
const USD = fiat('USD');
/** Exchanges asked, and those that usually answer. */
const QUERIED_SOURCES = 9n;
const RECEIVED_RATES = 8n;
const CACHE_ENTRIES_MAX = 1_000;

export interface RateOptions {
  readonly standardDeviation?: bigint;
  readonly receivedRates?: bigint;
  readonly queriedSources?: bigint;
}

export interface Pair {
  readonly base: WireAsset;
  readonly quote: WireAsset;
}

/** What is known of a pair, or which side is unknown. */
export type Lookup =
  | { readonly kind: 'found'; readonly rate: WireLocalnetRate }
  | { readonly kind: 'missing'; readonly error: XrcErrorName };

const Snapshot = IDL.Record({
  rates: IDL.Vec(LocalnetRate),
  failures: IDL.Vec(ExchangeRateError),
  cached: IDL.Vec(IDL.Text),
});

interface SnapshotValue {
  readonly rates: readonly WireLocalnetRate[];
  readonly failures: readonly WireXrcError[];
  readonly cached: readonly string[];
}

/** The exchange rate canister's rates, which here are set instead of fetched. */
export class ExchangeRates {
  readonly availability = new Availability();
  #rates: readonly WireLocalnetRate[] = [];
  #failures: WireXrcError[] = [];
  /** Symbols already fetched for a minute, oldest first. */
  readonly #cached = new Set<string>();

  get rates(): readonly WireLocalnetRate[] {
    return this.#rates;
  }

  /** `rate` is what one whole base asset costs in the quote asset, times 10^9. */
  setRate(pair: Pair, rate: bigint, options: RateOptions = {}): void {
    this.putRate({
      base_asset: pair.base,
      quote_asset: pair.quote,
      rate,
      standard_deviation: options.standardDeviation ?? 0n,
      received_rates: options.receivedRates ?? RECEIVED_RATES,
      queried_sources: options.queriedSources ?? QUERIED_SOURCES,
    });
  }

  setUsdRate(symbol: string, rate: bigint, options?: RateOptions): void {
    this.setRate({ base: crypto(symbol), quote: USD }, rate, options);
  }

  /** The next request fetches it anew, whatever the minute. */
  putRate(rate: WireLocalnetRate): void {
    this.removeRate({ base: rate.base_asset, quote: rate.quote_asset });
    this.#rates = [...this.#rates, rate];
    for (const entry of [...this.#cached]) {
      if (entry.startsWith(`${rate.base_asset.symbol}@`)) this.#cached.delete(entry);
    }
  }

  removeRate(pair: Pair): void {
    this.#rates = this.#rates.filter((known) => !isPair(known, pair));
  }

  /** The next calls end with this error, each use once. */
  failNext(error: XrcErrorName | XrcOtherError, times = 1): void {
    const wire = typeof error === 'string' ? { [error]: null } : { Other: error };
    this.queueFailure(wire, times);
  }

  queueFailure(error: WireXrcError, times: number): void {
    this.#failures.push(...Array.from({ length: times }, () => error));
  }

  takeFailure(): WireXrcError | undefined {
    return this.#failures.shift();
  }

  /** The pair as set, its inverse, or the quotient of both assets' rates in US dollars. */
  lookUp(pair: Pair): Lookup {
    const direct = this.#rates.find((known) => isPair(known, pair));
    if (direct !== undefined) return { kind: 'found', rate: direct };
    const inverse = this.#rates.find((known) =>
      isPair(known, { base: pair.quote, quote: pair.base }),
    );
    if (inverse !== undefined) {
      return { kind: 'found', rate: crossed(pair, [inUsd(USD), inverse]) };
    }
    const base = this.#usdRate(pair.base);
    const quote = this.#usdRate(pair.quote);
    if (base === undefined || quote === undefined) {
      return {
        kind: 'missing',
        error: missing(pair, { hasBase: base !== undefined, hasQuote: quote !== undefined }),
      };
    }
    return { kind: 'found', rate: crossed(pair, [base, quote]) };
  }

  /** How many of the pair's cryptocurrencies have to be fetched for this minute. */
  uncachedCount({ base, quote }: Pair, minute: bigint): number {
    return [base, quote].filter(
      (asset) => isCrypto(asset) && !this.#cached.has(`${asset.symbol}@${minute.toString()}`),
    ).length;
  }

  noteFetched({ base, quote }: Pair, minute: bigint): void {
    for (const asset of [base, quote]) {
      if (isCrypto(asset)) this.#cached.add(`${asset.symbol}@${minute.toString()}`);
    }
    for (const entry of this.#cached) {
      if (this.#cached.size <= CACHE_ENTRIES_MAX) break;
      this.#cached.delete(entry);
    }
  }

  save(): Uint8Array {
    const value: SnapshotValue = {
      rates: this.#rates,
      failures: this.#failures,
      cached: [...this.#cached],
    };
    return new Uint8Array(IDL.encode([Snapshot], [value]));
  }

  load(bytes: Uint8Array): void {
    const value = IDL.decode([Snapshot], new Uint8Array(bytes))[0] as unknown as SnapshotValue;
    this.#rates = value.rates;
    this.#failures = [...value.failures];
    this.#cached.clear();
    for (const entry of value.cached) this.#cached.add(entry);
  }

  #usdRate(asset: WireAsset): WireLocalnetRate | undefined {
    if (isSameAsset(asset, USD)) return inUsd(USD);
    return this.#rates.find((known) => isPair(known, { base: asset, quote: USD }));
  }
}

function isPair(rate: WireLocalnetRate, { base, quote }: Pair): boolean {
  return isSameAsset(rate.base_asset, base) && isSameAsset(rate.quote_asset, quote);
}

function inUsd(asset: WireAsset): WireLocalnetRate {
  return {
    base_asset: asset,
    quote_asset: USD,
    rate: RATE_UNIT,
    standard_deviation: 0n,
    received_rates: 0n,
    queried_sources: 0n,
  };
}

/** base / quote, both in the same third asset. */
function crossed(
  { base, quote }: Pair,
  [dividend, divisor]: readonly [WireLocalnetRate, WireLocalnetRate],
): WireLocalnetRate {
  return {
    base_asset: base,
    quote_asset: quote,
    rate: (dividend.rate * RATE_UNIT) / divisor.rate,
    standard_deviation: (dividend.standard_deviation * RATE_UNIT) / divisor.rate,
    received_rates: dividend.received_rates,
    queried_sources: dividend.queried_sources,
  };
}

function missing(
  { base, quote }: Pair,
  known: { readonly hasBase: boolean; readonly hasQuote: boolean },
): XrcErrorName {
  if (!known.hasBase && isCrypto(base)) return 'CryptoBaseAssetNotFound';
  if (!known.hasQuote && isCrypto(quote)) return 'CryptoQuoteAssetNotFound';
  if (!known.hasBase && !known.hasQuote) return 'ForexAssetsNotFound';
  return known.hasBase ? 'ForexQuoteAssetNotFound' : 'ForexBaseAssetNotFound';
}
