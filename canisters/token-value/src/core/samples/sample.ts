import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { RatioE18 } from '../units.ts';

/** What the price rules read of a sample. Rings of these are ordered by time, oldest first. */
export interface SamplePoint {
  /** Read BEFORE the source was called, so that an answer is never newer than it says. */
  readonly atNs: TimestampNs;
  /** Of the source's base in its quote. Always positive. */
  readonly ratioE18: RatioE18;
  /**
   * What lies on the quote side, in the quote token's smallest units; undefined where a source has
   * no depth. Dollars are made of it when prices are, because only then is the quote's price known.
   */
  readonly depthUnits: TokenUnits | undefined;
}

/** One answer of a source with all that is needed to compute its price again. */
export interface Sample extends SamplePoint {
  readonly raw: RawInputs;
}

/** An answer that was believed, before it gets its time. */
export type RawQuote = Omit<Sample, 'atNs'>;

/** The numbers of an answer, as the source gave them. */
export type RawInputs =
  | {
      readonly kind: 'icpswap-pool';
      readonly sqrtPriceX96: bigint;
      readonly tick: bigint;
      readonly liquidity: bigint;
      readonly token0Units: bigint;
      readonly token1Units: bigint;
    }
  | {
      readonly kind: 'exchange-rate';
      readonly rate: bigint;
      readonly decimals: number;
      readonly timestampSeconds: bigint;
      readonly receivedRates: bigint;
      readonly standardDeviation: bigint;
    }
  | {
      readonly kind: 'oisy-trade';
      readonly bidPrice: bigint;
      readonly bidUnits: bigint;
      readonly askPrice: bigint;
      readonly askUnits: bigint;
    }
  | {
      readonly kind: 'kongswap';
      readonly baseUnits: bigint;
      readonly quoteUnits: bigint;
      readonly poolId: number;
    }
  | {
      readonly kind: 'cmc-xdr';
      readonly xdrPermyriadPerIcp: bigint;
      readonly timestampSeconds: bigint;
    };

/** What the exchange rate canister can refuse with. */
export type ExchangeRateErrorName =
  | 'AnonymousPrincipalNotAllowed'
  | 'Pending'
  | 'CryptoBaseAssetNotFound'
  | 'CryptoQuoteAssetNotFound'
  | 'StablecoinRateNotFound'
  | 'StablecoinRateTooFewRates'
  | 'StablecoinRateZeroRate'
  | 'ForexInvalidTimestamp'
  | 'ForexBaseAssetNotFound'
  | 'ForexQuoteAssetNotFound'
  | 'ForexAssetsNotFound'
  | 'RateLimited'
  | 'NotEnoughCycles'
  | 'FailedToAcceptCycles'
  | 'InconsistentRatesReceived'
  | 'Other';

/** Why an answer, or the lack of one, gave no sample. Older samples stay what they are. */
export type SampleRejection =
  /** The call was rejected, could not be sent, or its reply did not decode. */
  | { readonly kind: 'call-failed'; readonly detail: string }
  /** The source answered that it cannot answer. */
  | { readonly kind: 'source-error'; readonly detail: string }
  | {
      readonly kind: 'exchange-rate-error';
      readonly name: ExchangeRateErrorName;
      readonly detail: string;
    }
  /** `Pending` and `RateLimited`: the source is well and will answer soon. */
  | { readonly kind: 'try-later'; readonly name: 'Pending' | 'RateLimited' }
  /** The pool holds other tokens than configured, or the rate is of something else. */
  | { readonly kind: 'wrong-identity'; readonly detail: string }
  | { readonly kind: 'uninitialised' }
  | { readonly kind: 'no-liquidity' }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'removed' }
  | { readonly kind: 'empty-side'; readonly side: 'bid' | 'ask' }
  | { readonly kind: 'crossed-book' }
  | { readonly kind: 'wide-spread'; readonly spreadBps: number }
  | { readonly kind: 'too-few-rates'; readonly received: bigint }
  /** The source's own time is too far from ours. */
  | { readonly kind: 'old-answer'; readonly ageSeconds: bigint }
  /** Zero, or so small or large that it is no price. */
  | { readonly kind: 'absurd-price' }
  /** Younger than four minutes after the newest sample: nothing was asked. */
  | { readonly kind: 'too-soon' };

/**
 * A source whose price left the day's band is not believed again before it came back for three
 * samples in a row. Kept beside the ring.
 */
export type Quarantine =
  | { readonly kind: 'clear' }
  | {
      readonly kind: 'quarantined';
      readonly sinceNs: TimestampNs;
      /** Samples inside the band since the last one outside. */
      readonly inBandCount: number;
    };
