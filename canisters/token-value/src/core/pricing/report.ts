import type { Principal } from '@dfinity/principal';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Quarantine, SamplePoint } from '../samples/sample.ts';
import type { PriceE18, RatioE18, SourceId } from '../units.ts';

/** What is known of a source when prices are made: its ring, oldest first, and its quarantine. */
export interface SourceMemory {
  readonly samples: readonly SamplePoint[];
  readonly quarantine: Quarantine;
}

/** The newest value, the median of the last hour, and of the last day. */
export interface Windows<T extends bigint> {
  readonly spot: T;
  readonly medianHour: T;
  readonly medianDay: T;
}

/** One source as an operator reads it. */
export interface SourceReport {
  readonly id: SourceId;
  readonly health: SourceHealth;
  readonly newestAtNs: TimestampNs | undefined;
  readonly samplesInHour: number;
  /** Undefined without a sample in the last day. */
  readonly windows: Windows<RatioE18> | undefined;
  /** The newest sample's; undefined where depth has no meaning or no price. */
  readonly depthUsdE8: UsdE8 | undefined;
  /** The least of the last hour: what an attacker cannot raise in a moment. */
  readonly leastDepthUsdE8: UsdE8 | undefined;
  readonly quarantine: Quarantine;
}

/** Whether a source counts, and if not, why. The first broken rule is named. */
export type SourceHealth =
  { readonly kind: 'valid' } | { readonly kind: 'rejected'; readonly reason: SourceRejection };

/** Why a source does not count. */
export type SourceRejection =
  | { readonly kind: 'disabled' }
  | { readonly kind: 'no-samples' }
  | { readonly kind: 'stale'; readonly ageSeconds: bigint }
  | { readonly kind: 'too-few-samples'; readonly inHour: number }
  | { readonly kind: 'quarantined'; readonly inBandCount: number }
  | { readonly kind: 'off-day-median'; readonly deviationBps: number }
  | { readonly kind: 'off-hour-median'; readonly deviationBps: number }
  /** The quote token has no price, so what lies in the pool has no value. */
  | { readonly kind: 'depth-unknown' }
  | { readonly kind: 'too-shallow'; readonly depthUsdE8: UsdE8 };

/** One route as an operator reads it. */
export type RouteReport =
  | { readonly kind: 'counted'; readonly windows: Windows<PriceE18> }
  | { readonly kind: 'rejected'; readonly reason: RouteRejection };

/** Why a route does not count. */
export type RouteRejection =
  | { readonly kind: 'source-rejected'; readonly source: SourceId }
  | { readonly kind: 'quote-token-without-price'; readonly ledger: Principal }
  | { readonly kind: 'quote-token-off-peg'; readonly ledger: Principal }
  /** It differs from the exchange rate canister, which another route confirms. */
  | { readonly kind: 'differs-from-exchange-rate'; readonly deviationBps: number }
  /** The product of its prices is too small to be one. */
  | { readonly kind: 'not-a-price' }
  /** It rests on a stable token whose dollar nobody confirms now, and better routes exist. */
  | { readonly kind: 'dollar-not-confirmed'; readonly ledger: Principal };

/** A token's price at one moment. */
export interface PricedToken {
  readonly kind: 'priced';
  readonly atNs: TimestampNs;
  /** The least of spot, hour and 1.10 × day: the one to quote with. */
  readonly quotePriceE18: PriceE18;
  readonly windows: Windows<PriceE18>;
  /** A price is never used after this: a source that it rests on is then too old. */
  readonly expiresAtNs: TimestampNs;
  /** What it rests on, ascending, references included. */
  readonly countedSources: readonly SourceId[];
  /** Whether the exchange rate canister's own rate of this token is among what was counted. */
  readonly isExchangeRateBacked: boolean;
  /** What may be quoted in a rolling hour; undefined for a token without thin pools. */
  readonly exposure: Exposure | undefined;
}

/** How much may be quoted before moving the price pays. */
export interface Exposure {
  readonly capPerHourUsdE8: UsdE8;
  /** Σ of what lies in the pools that an attacker has to move. */
  readonly attackDepthUsdE8: UsdE8;
}

/** A token that cannot be quoted now. There is no value to fall back to. */
export interface UnpricedToken {
  readonly kind: 'no-price';
  readonly reason: NoPriceReason;
  readonly lastGoodAtNs: TimestampNs | undefined;
}

/** Why a token has no price. */
export type NoPriceReason =
  | { readonly kind: 'no-valid-route' }
  /** One route is left, and it is not flagged primary. */
  | { readonly kind: 'only-route-not-primary' }
  /** One route is left, and its dollars do not come from the exchange rate canister. */
  | { readonly kind: 'only-route-not-backed' }
  | { readonly kind: 'routes-disagree'; readonly deviationBps: number }
  | { readonly kind: 'exchange-rate-disagrees'; readonly deviationBps: number }
  | { readonly kind: 'outside-xdr-band'; readonly deviationBps: number }
  | { readonly kind: 'off-peg'; readonly deviationBps: number }
  /** Nothing was computed since the token was configured or the code started. */
  | { readonly kind: 'not-computed' }
  /** The last computation rests on samples that are too old by now. */
  | { readonly kind: 'expired' };

/** A token's price or why there is none. */
export type TokenPrice = PricedToken | UnpricedToken;

/** One token as an operator reads it. */
export interface TokenReport {
  readonly ledger: Principal;
  readonly price: TokenPrice;
  /** In the order of the configuration. */
  readonly routes: readonly RouteReport[];
  /** Whether the coarse check against XDR was made; undefined where none is configured. */
  readonly xdrBand: 'checked' | 'unavailable' | undefined;
}

/** All prices at one moment, in the order of the configuration. */
export interface Evaluation {
  readonly atNs: TimestampNs;
  readonly sources: readonly SourceReport[];
  readonly tokens: readonly TokenReport[];
}
