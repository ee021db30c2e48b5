import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { deviationBps, isWithin, ONE_E18, scaleBps, type PriceE18 } from '../units.ts';
import { combineRoutes, type CombinedRoutes, type RouteVerdicts } from './combine-routes.ts';
import { exposureOf } from './exposure.ts';
import { PRICE_RULES } from './price-rules.ts';
import type {
  NoPriceReason,
  PricedToken,
  RouteRejection,
  RouteReport,
  SourceReport,
  TokenReport,
  Windows,
} from './report.ts';
import type { RouteCandidate } from './route-candidate.ts';
import type { TokenPricing } from './token-pricing.ts';

interface Band {
  readonly tokenInXdr: SourceReport;
  readonly xdrInUsd: SourceReport;
}

interface TokenInput {
  readonly pricing: TokenPricing;
  readonly nowNs: TimestampNs;
  /** In the order of the configuration. */
  readonly candidates: readonly Result<RouteCandidate, RouteRejection>[];
  readonly band: Band | undefined;
  readonly lastGoodAtNs: TimestampNs | undefined;
}

/** Makes one token's price of its routes, or says why there is none. */
export function reportToken(input: TokenInput): TokenReport {
  const { pricing, candidates, band, lastGoodAtNs } = input;
  const usable = candidates.flatMap((one) => (one.kind === 'ok' ? [one.value] : []));
  const verdicts = combineRoutes(usable);
  const center = band && bandCenter(band);
  const price = priceOf({ ...input, outcome: verdicts.outcome, center });
  return {
    ledger: pricing.token.ledger,
    price: price.kind === 'ok' ? price.value : noPrice(price.error, lastGoodAtNs),
    routes: candidates.map((one) => routeReport(one, verdicts)),
    xdrBand: band && (center === undefined ? 'unavailable' : 'checked'),
  };
}

function noPrice(
  reason: NoPriceReason,
  lastGoodAtNs: TimestampNs | undefined,
): TokenReport['price'] {
  return { kind: 'no-price', reason, lastGoodAtNs };
}

function routeReport(
  candidate: Result<RouteCandidate, RouteRejection>,
  { rejected }: RouteVerdicts,
): RouteReport {
  if (candidate.kind === 'err') return { kind: 'rejected', reason: candidate.error };
  const reason = rejected.get(candidate.value);
  if (reason !== undefined) return { kind: 'rejected', reason };
  return { kind: 'counted', windows: candidate.value.windows };
}

function priceOf(
  input: TokenInput & {
    readonly outcome: RouteVerdicts['outcome'];
    readonly center: PriceE18 | undefined;
  },
): Result<PricedToken, NoPriceReason> {
  const { pricing, nowNs, outcome, center } = input;
  if (outcome.kind === 'err') return outcome;
  const { counted, windows } = outcome.value;
  const refusal = bandRefusal(outcome.value, center) ?? pegRefusal(pricing, windows);
  if (refusal !== undefined) return err(refusal);
  const sources = [...new Set(counted.flatMap((one) => one.sources))];
  return ok({
    kind: 'priced',
    atNs: nowNs,
    quotePriceE18: quotePrice(windows),
    windows,
    expiresAtNs: counted
      .map(({ expiresAtNs }) => expiresAtNs)
      .reduce((earliest, one) => (one < earliest ? one : earliest)),
    countedSources: sources.sort((left, right) => left - right),
    isExchangeRateBacked: counted.some(({ isExchangeRate }) => isExchangeRate),
    exposure: exposureOf({
      thinDepths: counted.map(({ thinDepthUsdE8 }) => thinDepthUsdE8),
      lossBudgetPerHourUsdE8: pricing.lossBudgetPerHourUsdE8,
    }),
  });
}

/** No pump makes a rental more than a tenth dearer to the payee than the day's median says. */
function quotePrice({ spot, medianHour, medianDay }: Windows<PriceE18>): PriceE18 {
  const ceiling = scaleBps(medianDay, PRICE_RULES.dayCeilingBps);
  const recent = spot < medianHour ? spot : medianHour;
  return recent < ceiling ? recent : ceiling;
}

/** The token's dollars by way of XDR, while both of its sources count. */
function bandCenter({ tokenInXdr, xdrInUsd }: Band): PriceE18 | undefined {
  const [inXdr, inUsd] = [tokenInXdr, xdrInUsd];
  if (inXdr.health.kind !== 'valid' || inUsd.health.kind !== 'valid') return undefined;
  if (inXdr.windows === undefined || inUsd.windows === undefined) return undefined;
  return ((inXdr.windows.medianHour * inUsd.windows.medianHour) / ONE_E18) as PriceE18;
}

function bandRefusal(
  { counted, windows }: CombinedRoutes,
  center: PriceE18 | undefined,
): NoPriceReason | undefined {
  if (center === undefined || center <= 0n) return undefined;
  const rate = counted.find(({ isExchangeRate }) => isExchangeRate);
  for (const { medianHour } of rate === undefined ? [windows] : [windows, rate.windows]) {
    if (!isWithin(medianHour, center, PRICE_RULES.xdrBandBps)) {
      return { kind: 'outside-xdr-band', deviationBps: deviationBps(medianHour, center) };
    }
  }
  return undefined;
}

/** Spot too: a stable token that breaks must not be quoted for half an hour more. */
function pegRefusal(
  { pegToleranceBps }: TokenPricing,
  { spot, medianHour }: Windows<PriceE18>,
): NoPriceReason | undefined {
  if (pegToleranceBps === undefined) return undefined;
  for (const price of [spot, medianHour]) {
    if (!isWithin(price, ONE_E18, pegToleranceBps)) {
      return { kind: 'off-peg', deviationBps: deviationBps(price, ONE_E18) };
    }
  }
  return undefined;
}
