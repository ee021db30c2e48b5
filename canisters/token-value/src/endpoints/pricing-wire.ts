import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { parseId } from '@decent-cloud/domain/ids.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import { resultType } from '@decent-cloud/kit/errors/error-idl.ts';
import type { PriceRoute, TokenPricing, XdrBand } from '../core/pricing/token-pricing.ts';
import type { SourceId } from '../core/units.ts';
import { TokenAssetType, tokenAssetFromWire, tokenAssetToWire } from './asset-wire.ts';
import type { WireTokenAsset } from './asset-wire.ts';
import { TokenValueError } from './error-wire.ts';
import { toOpt, type Opt } from './opt.ts';
import { usdFromWire } from './source-wire.ts';

const Route = lazy(() =>
  IDL.Record({
    steps: IDL.Vec(IDL.Record({ source: IDL.Nat64, is_inverted: IDL.Bool })),
    end: IDL.Variant({ Usd: IDL.Null, Token: IDL.Principal }),
    is_primary: IDL.Bool,
  }),
);

/** Sent and read in one form: new fields will be `opt`. */
export const Pricing = lazy(() =>
  IDL.Record({
    token: TokenAssetType,
    symbol: IDL.Text,
    routes: IDL.Vec(Route),
    peg_tolerance_bps: IDL.Opt(IDL.Nat16),
    xdr_band: IDL.Opt(IDL.Record({ token_in_xdr: IDL.Nat64, xdr_in_usd: IDL.Nat64 })),
    loss_budget_per_hour_usd_e8: IDL.Nat64,
  }),
);

export const PricingResult = lazy(() => resultType(Pricing, TokenValueError));
export const PricingList = lazy(() => IDL.Vec(Pricing));

interface WireRoute {
  readonly steps: readonly { readonly source: bigint; readonly is_inverted: boolean }[];
  readonly end: { readonly Usd: null } | { readonly Token: Principal };
  readonly is_primary: boolean;
}

interface WireXdrBand {
  readonly token_in_xdr: bigint;
  readonly xdr_in_usd: bigint;
}

export interface WirePricing {
  readonly token: WireTokenAsset;
  readonly symbol: string;
  readonly routes: readonly WireRoute[];
  readonly peg_tolerance_bps: Opt<number>;
  readonly xdr_band: Opt<WireXdrBand>;
  readonly loss_budget_per_hour_usd_e8: bigint;
}

export function pricingFromWire(wire: WirePricing): TokenPricing {
  const [band] = wire.xdr_band;
  return {
    token: tokenAssetFromWire(wire.token),
    symbol: wire.symbol,
    routes: wire.routes.map(routeFromWire),
    pegToleranceBps: wire.peg_tolerance_bps[0],
    xdrBand: band && bandFromWire(band),
    lossBudgetPerHourUsdE8: usdFromWire(wire.loss_budget_per_hour_usd_e8),
  };
}

function routeFromWire({ steps, end, is_primary: isPrimary }: WireRoute): PriceRoute {
  return {
    steps: steps.map((step) => ({
      source: sourceIdFromWire(step.source),
      isInverted: step.is_inverted,
    })),
    end: 'Usd' in end ? { kind: 'usd' } : { kind: 'token', ledger: end.Token },
    isPrimary,
  };
}

function bandFromWire(band: WireXdrBand): XdrBand {
  return {
    tokenInXdr: sourceIdFromWire(band.token_in_xdr),
    xdrInUsd: sourceIdFromWire(band.xdr_in_usd),
  };
}

/** A number beyond all ids is the id of no source, which is what the check then says. */
function sourceIdFromWire(raw: bigint): SourceId {
  const id = parseId<SourceId>(raw);
  return id.kind === 'ok' ? id.value : (Number.MAX_SAFE_INTEGER as SourceId);
}

export function pricingToWire(pricing: TokenPricing): WirePricing {
  const { xdrBand } = pricing;
  return {
    token: tokenAssetToWire(pricing.token),
    symbol: pricing.symbol,
    routes: pricing.routes.map(routeToWire),
    peg_tolerance_bps: toOpt(pricing.pegToleranceBps),
    xdr_band: toOpt(
      xdrBand && {
        token_in_xdr: BigInt(xdrBand.tokenInXdr),
        xdr_in_usd: BigInt(xdrBand.xdrInUsd),
      },
    ),
    loss_budget_per_hour_usd_e8: pricing.lossBudgetPerHourUsdE8,
  };
}

function routeToWire({ steps, end, isPrimary }: PriceRoute): WireRoute {
  return {
    steps: steps.map(({ source, isInverted }) => ({
      source: BigInt(source),
      is_inverted: isInverted,
    })),
    end: end.kind === 'usd' ? { Usd: null } : { Token: end.ledger },
    is_primary: isPrimary,
  };
}
