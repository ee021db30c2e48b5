import type { Principal } from '@dfinity/principal';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { isWithin, ONE_E18, scaleBps, type PriceE18, type SourceId } from '../units.ts';
import { PRICE_RULES } from './price-rules.ts';
import type { PricedToken, RouteRejection, SourceReport, TokenReport, Windows } from './report.ts';
import type { PriceRoute, RouteStep, SourceRow, TokenPricing } from './token-pricing.ts';
import { invertWindows, mapWindows, multiplyWindows } from './windows.ts';

/** A route whose sources all count, before routes are compared with each other. */
export interface RouteCandidate {
  readonly route: PriceRoute;
  readonly windows: Windows<PriceE18>;
  readonly sources: readonly SourceId[];
  readonly expiresAtNs: TimestampNs;
  /** The route is nothing but the exchange rate canister's answer. */
  readonly isExchangeRate: boolean;
  /** Its last leg, the one in dollars, comes from the exchange rate canister. */
  readonly isBacked: boolean;
  /** The stable token whose dollar nobody confirms now. */
  readonly unconfirmedDollar: Principal | undefined;
  /** What lies in the thin pool that is the cheapest to move; undefined without one. */
  readonly thinDepthUsdE8: UsdE8 | undefined;
}

/** A source and what is known of it now. */
export interface KnownSource {
  readonly row: SourceRow;
  readonly report: SourceReport;
}

/** A token that prices another, and what is known of it now. */
export interface KnownToken {
  readonly pricing: TokenPricing;
  readonly report: TokenReport;
  /** The sources of its direct routes, to see when a stable token was last seen at its peg. */
  readonly sourcesOf: (route: PriceRoute) => readonly KnownSource[];
}

/** Puts a route's price together from its sources and the token it ends in. */
export function buildCandidate(input: {
  readonly route: PriceRoute;
  readonly steps: readonly KnownSource[];
  readonly end: KnownToken | undefined;
}): Result<RouteCandidate, RouteRejection> {
  const { route, steps, end } = input;
  let windows: Windows<PriceE18> | undefined;
  for (const [index, known] of steps.entries()) {
    const stepWindows = countedWindows(known, route.steps[index]);
    if (stepWindows === undefined) {
      return err({ kind: 'source-rejected', source: known.row.id });
    }
    windows = windows === undefined ? stepWindows : multiplyWindows(windows, stepWindows);
  }
  const reference = referenceOf(end);
  if (reference.kind === 'err') return reference;
  const price = windows === undefined ? undefined : multiplyWindows(windows, reference.value);
  if (price === undefined || !isPositive(price)) return err({ kind: 'not-a-price' });
  const last = steps.at(-1)?.row.source.origin.kind;
  const isBackedHere = end === undefined && last === 'exchange-rate';
  const token = reference.value.token;
  return ok({
    route,
    windows: price,
    sources: [...steps.map(({ row }) => row.id), ...(token?.countedSources ?? [])],
    expiresAtNs: earliestExpiry(steps, token),
    isExchangeRate: isBackedHere && steps.length === 1,
    isBacked: isBackedHere || token?.isExchangeRateBacked === true,
    unconfirmedDollar: reference.value.unconfirmedDollar,
    thinDepthUsdE8: thinDepth(steps, token),
  });
}

function countedWindows(
  { report }: KnownSource,
  step: RouteStep | undefined,
): Windows<PriceE18> | undefined {
  if (report.health.kind !== 'valid' || report.windows === undefined) return undefined;
  const windows = mapWindows(report.windows, (ratio) => ratio as bigint as PriceE18);
  return step?.isInverted === true ? invertWindows(windows) : windows;
}

interface Reference extends Windows<PriceE18> {
  readonly token: PricedToken | undefined;
  readonly unconfirmedDollar: Principal | undefined;
}

/** Dollars for one whole of what the last step is in. */
function referenceOf(end: KnownToken | undefined): Result<Reference, RouteRejection> {
  if (end === undefined) return ok(sameInAll(ONE_E18 as PriceE18, undefined));
  const { price, ledger } = end.report;
  if (price.kind === 'priced') {
    return ok({ ...price.windows, token: price, unconfirmedDollar: undefined });
  }
  if (price.reason.kind === 'off-peg') return err({ kind: 'quote-token-off-peg', ledger });
  const { pegToleranceBps } = end.pricing;
  if (pegToleranceBps === undefined || !isOnlySilent(end, pegToleranceBps)) {
    return err({ kind: 'quote-token-without-price', ledger });
  }
  const lowEdge = scaleBps(ONE_E18 as PriceE18, 10_000 - pegToleranceBps);
  return ok(sameInAll(lowEdge, ledger));
}

/**
 * Whether a stable token without a price is merely not heard of: it was at its peg when it was last
 * seen within a day, and nothing speaks against it. It then counts with the low edge of its band,
 * which is adverse to the payer; it is never taken for a dollar.
 */
function isOnlySilent({ pricing, report, sourcesOf }: KnownToken, toleranceBps: number): boolean {
  const { price } = report;
  if (price.kind === 'priced' || price.reason.kind !== 'no-valid-route') return false;
  return pricing.routes
    .filter(({ end, steps }) => end.kind === 'usd' && steps.length === 1)
    .flatMap((route) => sourcesOf(route))
    .some(({ report: { health, windows } }) => {
      const isSilent =
        health.kind === 'rejected' &&
        ['disabled', 'stale', 'too-few-samples'].includes(health.reason.kind);
      return isSilent && windows !== undefined && isWithin(windows.spot, ONE_E18, toleranceBps);
    });
}

function sameInAll(value: PriceE18, unconfirmedDollar: Principal | undefined): Reference {
  const same = { spot: value, medianHour: value, medianDay: value };
  return { ...same, token: undefined, unconfirmedDollar };
}

function isPositive({ spot, medianHour, medianDay }: Windows<bigint>): boolean {
  return spot > 0n && medianHour > 0n && medianDay > 0n;
}

function earliestExpiry(
  steps: readonly KnownSource[],
  token: PricedToken | undefined,
): TimestampNs {
  let earliest = token?.expiresAtNs;
  for (const { report } of steps) {
    if (report.newestAtNs === undefined) continue;
    const expiresAtNs = after(report.newestAtNs, PRICE_RULES.staleAfterNs);
    if (earliest === undefined || expiresAtNs < earliest) earliest = expiresAtNs;
  }
  return earliest ?? (0n as TimestampNs);
}

function thinDepth(
  steps: readonly KnownSource[],
  token: PricedToken | undefined,
): UsdE8 | undefined {
  let least = token?.exposure?.attackDepthUsdE8;
  for (const { row, report } of steps) {
    if (!row.source.isThin) continue;
    const depth = restingDepth(report);
    if (least === undefined || depth < least) least = depth;
  }
  return least;
}

/** Who pumps a pool puts money into it: at its price of the day there was less. */
function restingDepth({ leastDepthUsdE8, windows }: SourceReport): UsdE8 {
  if (leastDepthUsdE8 === undefined || windows === undefined) return 0n as UsdE8;
  const { spot, medianHour, medianDay } = windows;
  const high = spot > medianHour ? spot : medianHour;
  return high <= medianDay ? leastDepthUsdE8 : (((leastDepthUsdE8 * medianDay) / high) as UsdE8);
}
