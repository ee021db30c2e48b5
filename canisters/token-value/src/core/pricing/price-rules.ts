import { durationNs } from '@decent-cloud/domain/time.ts';

/** The numbers that prices are made by. Each is a bound on what a manipulated source can do. */
export const PRICE_RULES = {
  /** A source whose newest sample is older does not count, and no price outlives it. */
  staleAfterNs: durationNs({ minutes: 15 }),
  hourNs: durationNs({ hours: 1 }),
  dayNs: durationNs({ days: 1 }),
  /** Fewer samples in the last hour make no median worth the name. */
  samplesInHourMin: 6,
  /** The newest sample against the median of the source's own last hour. */
  hourBandBps: 1_000,
  /** Two sources that are further apart than this make no price. */
  twoRoutesBps: 500,
  /** The exchange rate canister against pools and order books. */
  exchangeRateBps: 300,
  /** Any dollar price against the one by way of XDR. */
  xdrBandBps: 1_000,
  /** A quote never uses more than this share of the day's median: a pump gains nine percent. */
  dayCeilingBps: 11_000,
  /** Moving a pool and back costs its depth divided by this, at the least. */
  depthPerExposure: 330n,
  /** The loss budget buys this many times itself in quotes: a tenth of them may be lost. */
  exposurePerLoss: 10n,
} as const;
