import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import {
  bigint,
  bool,
  list,
  number,
  optional,
  plainAs,
  principal,
  record,
  union,
} from '@decent-cloud/kit/values/field.ts';
import type { Field, Fields } from '@decent-cloud/kit/values/field.ts';
import type {
  Exposure,
  NoPriceReason,
  RouteRejection,
  RouteReport,
  SourceHealth,
  SourceRejection,
  SourceReport,
  TokenPrice,
  TokenReport,
  Windows,
} from '../core/pricing/report.ts';
import type { PriceE18, RatioE18 } from '../core/units.ts';
import { sourceId } from './config-fields.ts';
import { quarantineField } from './sample-fields.ts';

/** How what was computed last is stored, so that an upgrade forgets no price and no health. */

const time = bigint<TimestampNs>();
const usd = bigint<UsdE8>();
const deviation = { deviationBps: number };

function windows<T extends bigint>(): Field<Windows<T>> {
  return record<Windows<T>>({
    spot: bigint<T>(),
    medianHour: bigint<T>(),
    medianDay: bigint<T>(),
  });
}

export const sourceRejectionField: Field<SourceRejection> = union<SourceRejection>({
  disabled: {},
  'no-samples': {},
  stale: { ageSeconds: bigint<bigint>() },
  'too-few-samples': { inHour: number },
  quarantined: { inBandCount: number },
  'off-day-median': deviation,
  'off-hour-median': deviation,
  'depth-unknown': {},
  'too-shallow': { depthUsdE8: usd },
});

const health = union<SourceHealth>({ valid: {}, rejected: { reason: sourceRejectionField } });

export const sourceReportFields: Fields<SourceReport> = {
  id: sourceId,
  health,
  newestAtNs: optional(time),
  samplesInHour: number,
  windows: optional(windows<RatioE18>()),
  depthUsdE8: optional(usd),
  leastDepthUsdE8: optional(usd),
  quarantine: quarantineField,
};

const routeRejection = union<RouteRejection>({
  'source-rejected': { source: sourceId },
  'quote-token-without-price': { ledger: principal },
  'quote-token-off-peg': { ledger: principal },
  'differs-from-exchange-rate': deviation,
  'not-a-price': {},
  'dollar-not-confirmed': { ledger: principal },
});

const route = union<RouteReport>({
  counted: { windows: windows<PriceE18>() },
  rejected: { reason: routeRejection },
});

export const noPriceField: Field<NoPriceReason> = union<NoPriceReason>({
  'no-valid-route': {},
  'only-route-not-primary': {},
  'only-route-not-backed': {},
  'routes-disagree': deviation,
  'exchange-rate-disagrees': deviation,
  'outside-xdr-band': deviation,
  'off-peg': deviation,
  'not-computed': {},
  expired: {},
});

const price = union<TokenPrice>({
  priced: {
    atNs: time,
    quotePriceE18: bigint<PriceE18>(),
    windows: windows<PriceE18>(),
    expiresAtNs: time,
    countedSources: list(sourceId),
    isExchangeRateBacked: bool,
    exposure: optional(record<Exposure>({ capPerHourUsdE8: usd, attackDepthUsdE8: usd })),
  },
  'no-price': { reason: noPriceField, lastGoodAtNs: optional(time) },
});

export const tokenReportFields: Fields<TokenReport> = {
  ledger: principal,
  price,
  routes: list(route),
  xdrBand: optional(plainAs<'checked' | 'unavailable'>()),
};
