import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import {
  describeNoPrice,
  describeRouteRejection,
  describeSampleRejection,
  describeSourceRejection,
} from '../core/pricing/describe.ts';
import type { RouteReport, Windows } from '../core/pricing/report.ts';
import { priceToUsdE8 } from '../core/units.ts';
import type { PriceStatus, SourceStatus, TokenStatus } from '../flows/read-status.flow.ts';
import { toOpt, type Opt } from './opt.ts';
import { Reason, reasonToWire, type WireReason } from './reason-wire.ts';

const NS_PER_SECOND = 1_000_000_000n;

const RatioWindows = lazy(() =>
  IDL.Record({ spot_e18: IDL.Nat, median_1h_e18: IDL.Nat, median_24h_e18: IDL.Nat }),
);

const SourceStatusType = lazy(() =>
  IDL.Record({
    id: IDL.Nat64,
    label: IDL.Text,
    kind: IDL.Text,
    is_enabled: IDL.Bool,
    is_valid: IDL.Bool,
    rejection: IDL.Opt(Reason),
    newest_sample_at_ns: IDL.Opt(IDL.Nat64),
    age_seconds: IDL.Opt(IDL.Nat64),
    samples_in_hour: IDL.Nat16,
    samples_kept: IDL.Nat16,
    windows: IDL.Opt(RatioWindows),
    depth_usd_e8: IDL.Opt(IDL.Nat),
    least_depth_usd_e8: IDL.Opt(IDL.Nat),
    quarantined_since_ns: IDL.Opt(IDL.Nat64),
    asked_at_ns: IDL.Opt(IDL.Nat64),
    last_failure: IDL.Opt(IDL.Record({ at_ns: IDL.Nat64, reason: Reason })),
    hanging_since_ns: IDL.Opt(IDL.Nat64),
  }),
);

const RouteStatus = lazy(() =>
  IDL.Record({ usd_e8: IDL.Opt(IDL.Nat), rejection: IDL.Opt(Reason) }),
);

const TokenStatusType = lazy(() =>
  IDL.Record({
    token: IDL.Principal,
    symbol: IDL.Text,
    usd_e8: IDL.Opt(IDL.Nat),
    no_price: IDL.Opt(Reason),
    last_good_at_ns: IDL.Opt(IDL.Nat64),
    expires_at_ns: IDL.Opt(IDL.Nat64),
    exposure_cap_usd_e8: IDL.Opt(IDL.Nat),
    counted_sources: IDL.Vec(IDL.Nat64),
    routes: IDL.Vec(RouteStatus),
    xdr_check: IDL.Opt(IDL.Text),
  }),
);

export const PriceStatusType = lazy(() =>
  IDL.Record({
    at_ns: IDL.Nat64,
    sources: IDL.Vec(SourceStatusType),
    tokens: IDL.Vec(TokenStatusType),
  }),
);

interface WireWindows {
  readonly spot_e18: bigint;
  readonly median_1h_e18: bigint;
  readonly median_24h_e18: bigint;
}

interface WireSourceStatus {
  readonly id: bigint;
  readonly label: string;
  readonly kind: string;
  readonly is_enabled: boolean;
  readonly is_valid: boolean;
  readonly rejection: Opt<WireReason>;
  readonly newest_sample_at_ns: Opt<bigint>;
  readonly age_seconds: Opt<bigint>;
  readonly samples_in_hour: number;
  readonly samples_kept: number;
  readonly windows: Opt<WireWindows>;
  readonly depth_usd_e8: Opt<bigint>;
  readonly least_depth_usd_e8: Opt<bigint>;
  readonly quarantined_since_ns: Opt<bigint>;
  readonly asked_at_ns: Opt<bigint>;
  readonly last_failure: Opt<{ readonly at_ns: bigint; readonly reason: WireReason }>;
  readonly hanging_since_ns: Opt<bigint>;
}

interface WireRouteStatus {
  readonly usd_e8: Opt<bigint>;
  readonly rejection: Opt<WireReason>;
}

interface WireTokenStatus {
  readonly token: Principal;
  readonly symbol: string;
  readonly usd_e8: Opt<bigint>;
  readonly no_price: Opt<WireReason>;
  readonly last_good_at_ns: Opt<bigint>;
  readonly expires_at_ns: Opt<bigint>;
  readonly exposure_cap_usd_e8: Opt<bigint>;
  readonly counted_sources: readonly bigint[];
  readonly routes: readonly WireRouteStatus[];
  readonly xdr_check: Opt<string>;
}

export interface WirePriceStatus {
  readonly at_ns: bigint;
  readonly sources: readonly WireSourceStatus[];
  readonly tokens: readonly WireTokenStatus[];
}

export function statusToWire({ atNs, sources, tokens }: PriceStatus): WirePriceStatus {
  return {
    at_ns: atNs,
    sources: sources.map((status) => sourceStatusToWire(status, atNs)),
    tokens: tokens.map(tokenStatusToWire),
  };
}

function sourceStatusToWire(status: SourceStatus, nowNs: bigint): WireSourceStatus {
  const { source, report, state } = status;
  const { health, newestAtNs, quarantine } = report;
  const { failure } = state;
  return {
    id: BigInt(report.id),
    label: source.label,
    kind: source.origin.kind,
    is_enabled: source.isEnabled,
    is_valid: health.kind === 'valid',
    rejection:
      health.kind === 'valid' ? [] : [reasonToWire(health.reason, describeSourceRejection)],
    newest_sample_at_ns: toOpt(newestAtNs),
    age_seconds: newestAtNs === undefined ? [] : [(nowNs - newestAtNs) / NS_PER_SECOND],
    samples_in_hour: report.samplesInHour,
    samples_kept: status.keptSamples,
    windows: toOpt(report.windows && windowsToWire(report.windows)),
    depth_usd_e8: toOpt(report.depthUsdE8),
    least_depth_usd_e8: toOpt(report.leastDepthUsdE8),
    quarantined_since_ns: quarantine.kind === 'clear' ? [] : [quarantine.sinceNs],
    asked_at_ns: toOpt(state.askedAtNs),
    last_failure: toOpt(
      failure && {
        at_ns: failure.atNs,
        reason: reasonToWire(failure.rejection, describeSampleRejection),
      },
    ),
    hanging_since_ns: toOpt(status.hangingSinceNs),
  };
}

function windowsToWire({ spot, medianHour, medianDay }: Windows<bigint>): WireWindows {
  return { spot_e18: spot, median_1h_e18: medianHour, median_24h_e18: medianDay };
}

function tokenStatusToWire({ pricing, report }: TokenStatus): WireTokenStatus {
  const { price } = report;
  const isPriced = price.kind === 'priced';
  return {
    token: report.ledger,
    symbol: pricing.symbol,
    usd_e8: isPriced ? [priceToUsdE8(price.quotePriceE18)] : [],
    no_price: isPriced ? [] : [reasonToWire(price.reason, describeNoPrice)],
    last_good_at_ns: toOpt(isPriced ? price.atNs : price.lastGoodAtNs),
    expires_at_ns: isPriced ? [price.expiresAtNs] : [],
    exposure_cap_usd_e8: isPriced ? toOpt(price.exposure?.capPerHourUsdE8) : [],
    counted_sources: isPriced ? price.countedSources.map(BigInt) : [],
    routes: report.routes.map(routeToWire),
    xdr_check: toOpt(report.xdrBand),
  };
}

function routeToWire(route: RouteReport): WireRouteStatus {
  if (route.kind === 'counted') {
    return { usd_e8: [priceToUsdE8(route.windows.medianHour)], rejection: [] };
  }
  return { usd_e8: [], rejection: [reasonToWire(route.reason, describeRouteRejection)] };
}
