import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import {
  bigint,
  bool,
  list,
  number,
  optional,
  plainAs,
  principal,
  record,
  text,
  union,
} from '@decent-cloud/kit/values/field.ts';
import type { Field, Fields } from '@decent-cloud/kit/values/field.ts';
import type {
  PriceRoute,
  RouteEnd,
  RouteStep,
  TokenPricing,
  XdrBand,
} from '../core/pricing/token-pricing.ts';
import type { Asset, PriceOrigin, PriceSource } from '../core/sources/price-source.ts';
import type { RateSide, TokenAsset } from '../core/sources/price-source.ts';
import type { SourceId } from '../core/units.ts';

/** How the configuration is stored, in its rows and inside events. */

const tokenArm = { ledger: principal, decimals: number };
const tokenAsset = union<TokenAsset>({ token: tokenArm });
const asset = union<Asset>({ token: tokenArm, usd: {}, xdr: {} });
const pair = { base: tokenAsset, quote: tokenAsset };

const rateSide: Field<RateSide> = record<RateSide>({
  asset,
  symbol: text,
  class: plainAs<RateSide['class']>(),
});

const origin = union<PriceOrigin>({
  'icpswap-pool': { pool: principal, ...pair },
  'exchange-rate': {
    canister: principal,
    base: rateSide,
    quote: rateSide,
    minReceivedRates: number,
  },
  'oisy-trade': { canister: principal, ...pair, maxSpreadBps: number },
  kongswap: { canister: principal, ...pair, isBaseFirst: bool },
  'cmc-xdr': { canister: principal, icp: tokenAsset },
});

export const sourceFields: Fields<PriceSource> = {
  label: text,
  origin,
  minDepthUsdE8: bigint<UsdE8>(),
  isThin: bool,
  isEnabled: bool,
};

export const sourceId: Field<SourceId> = plainAs<SourceId>();

const route: Field<PriceRoute> = record<PriceRoute>({
  steps: list(record<RouteStep>({ source: sourceId, isInverted: bool })),
  end: union<RouteEnd>({ usd: {}, token: { ledger: principal } }),
  isPrimary: bool,
});

export const pricingFields: Fields<TokenPricing> = {
  token: tokenAsset,
  symbol: text,
  routes: list(route),
  pegToleranceBps: optional(number),
  xdrBand: optional(record<XdrBand>({ tokenInXdr: sourceId, xdrInUsd: sourceId })),
  lossBudgetPerHourUsdE8: bigint<UsdE8>(),
};
