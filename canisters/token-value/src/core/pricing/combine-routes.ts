import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { lowerMedian } from '../samples/median.ts';
import { deviationBps, isWithin, type PriceE18 } from '../units.ts';
import { PRICE_RULES } from './price-rules.ts';
import type { NoPriceReason, RouteRejection, Windows } from './report.ts';
import type { RouteCandidate } from './route-candidate.ts';

/** The routes that make a price, and that price in each window. */
export interface CombinedRoutes {
  readonly counted: readonly RouteCandidate[];
  readonly windows: Windows<PriceE18>;
}

/** What became of the routes, whether they made a price or not. */
export interface RouteVerdicts {
  readonly rejected: ReadonlyMap<RouteCandidate, RouteRejection>;
  readonly outcome: Result<CombinedRoutes, NoPriceReason>;
}

/**
 * Compares routes with each other and takes their lower median: with two routes that is the lower
 * one, which gives the payer the most tokens to pay. The order of routes has no influence.
 */
export function combineRoutes(candidates: readonly RouteCandidate[]): RouteVerdicts {
  const rejected = new Map<RouteCandidate, RouteRejection>();
  const outcome = combine(candidates, rejected);
  return { rejected, outcome };
}

function combine(
  candidates: readonly RouteCandidate[],
  rejected: Map<RouteCandidate, RouteRejection>,
): Result<CombinedRoutes, NoPriceReason> {
  const confirmed = dropUnconfirmed(candidates, rejected);
  const agreed = agreeWithExchangeRate(confirmed, rejected);
  if (agreed.kind === 'err') return agreed;
  const counted = agreed.value;
  const refusal = quorumRefusal(counted);
  if (refusal !== undefined) return err(refusal);
  const median = (window: keyof Windows<bigint>): PriceE18 =>
    lowerMedian(counted.map(({ windows }) => windows[window]));
  const windows = {
    spot: median('spot'),
    medianHour: median('medianHour'),
    medianDay: median('medianDay'),
  };
  return ok({ counted, windows });
}

/**
 * A route on an unconfirmed dollar counts only where the others cannot make a price, and each such
 * stable token once: two of different issuers that agree vouch for each other, one for nothing.
 */
function dropUnconfirmed(
  candidates: readonly RouteCandidate[],
  rejected: Map<RouteCandidate, RouteRejection>,
): readonly RouteCandidate[] {
  const confirmed = candidates.filter((one) => one.unconfirmedDollar === undefined);
  const isEnough = confirmed.length > 1 || confirmed.some(canStandAlone);
  const lowestFirst = [...candidates].sort(byPriceThenSource);
  const seen = new Set<string>();
  for (const candidate of lowestFirst) {
    const ledger = candidate.unconfirmedDollar;
    if (ledger === undefined) continue;
    const name = ledger.toText();
    if (isEnough || seen.has(name)) {
      rejected.set(candidate, { kind: 'dollar-not-confirmed', ledger });
    }
    seen.add(name);
  }
  return candidates.filter((one) => !rejected.has(one));
}

/**
 * Drops what is too far from the exchange rate canister, as long as something confirms it. If
 * nothing does, nobody knows who is wrong, and there is no price.
 */
function agreeWithExchangeRate(
  candidates: readonly RouteCandidate[],
  rejected: Map<RouteCandidate, RouteRejection>,
): Result<readonly RouteCandidate[], NoPriceReason> {
  const rate = candidates.find((one) => one.isExchangeRate);
  if (rate === undefined || candidates.length === 1) return ok(candidates);
  const center = rate.windows.medianHour;
  const differing = candidates.filter(
    ({ windows }) => !isWithin(windows.medianHour, center, PRICE_RULES.exchangeRateBps),
  );
  const deviations = differing.map(({ windows }) => deviationBps(windows.medianHour, center));
  if (differing.length === candidates.length - 1) {
    return err({ kind: 'exchange-rate-disagrees', deviationBps: Math.min(...deviations) });
  }
  for (const [index, candidate] of differing.entries()) {
    const deviation = deviations[index] ?? 0;
    rejected.set(candidate, { kind: 'differs-from-exchange-rate', deviationBps: deviation });
  }
  return ok(candidates.filter((one) => !rejected.has(one)));
}

function quorumRefusal(counted: readonly RouteCandidate[]): NoPriceReason | undefined {
  const [first, second] = counted;
  if (first === undefined) return { kind: 'no-valid-route' };
  if (second === undefined) {
    if (!first.route.isPrimary) return { kind: 'only-route-not-primary' };
    return first.isBacked ? undefined : { kind: 'only-route-not-backed' };
  }
  if (counted.length > 2) return undefined;
  const [a, b] = [first.windows.medianHour, second.windows.medianHour];
  const [low, high] = a < b ? [a, b] : [b, a];
  if (isWithin(high, low, PRICE_RULES.twoRoutesBps)) return undefined;
  return { kind: 'routes-disagree', deviationBps: deviationBps(high, low) };
}

function byPriceThenSource(left: RouteCandidate, right: RouteCandidate): number {
  const [a, b] = [left.windows.medianHour, right.windows.medianHour];
  if (a !== b) return a < b ? -1 : 1;
  return (left.sources[0] ?? 0) - (right.sources[0] ?? 0);
}

function canStandAlone({ route, isBacked }: RouteCandidate): boolean {
  return route.isPrimary && isBacked;
}
