import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import type { PriceOrigin } from '../core/sources/price-source.ts';
import {
  RateSideType,
  rateSideFromWire,
  rateSideToWire,
  TokenAssetType,
  tokenAssetFromWire,
  tokenAssetToWire,
  type WireRateSide,
  type WireTokenAsset,
} from './asset-wire.ts';

const pair = { base: TokenAssetType, quote: TokenAssetType };

export const OriginType = lazy(() =>
  IDL.Variant({
    IcpSwapPool: IDL.Record({ pool: IDL.Principal, ...pair }),
    ExchangeRate: IDL.Record({
      canister: IDL.Principal,
      base: RateSideType,
      quote: RateSideType,
      min_received_rates: IDL.Nat8,
    }),
    OisyTrade: IDL.Record({ canister: IDL.Principal, ...pair, max_spread_bps: IDL.Nat16 }),
    KongSwap: IDL.Record({ canister: IDL.Principal, ...pair, is_base_first: IDL.Bool }),
    CmcXdr: IDL.Record({ canister: IDL.Principal, icp: TokenAssetType }),
  }),
);

interface WirePair {
  readonly base: WireTokenAsset;
  readonly quote: WireTokenAsset;
}
interface WireCallee {
  readonly canister: Principal;
}
interface WireRate extends WireCallee {
  readonly base: WireRateSide;
  readonly quote: WireRateSide;
  readonly min_received_rates: number;
}

export type WireOrigin =
  | { readonly IcpSwapPool: WirePair & { readonly pool: Principal } }
  | { readonly ExchangeRate: WireRate }
  | { readonly OisyTrade: WirePair & WireCallee & { readonly max_spread_bps: number } }
  | { readonly KongSwap: WirePair & WireCallee & { readonly is_base_first: boolean } }
  | { readonly CmcXdr: WireCallee & { readonly icp: WireTokenAsset } };

export function originFromWire(wire: WireOrigin): PriceOrigin {
  if ('IcpSwapPool' in wire) {
    const { pool } = wire.IcpSwapPool;
    return { kind: 'icpswap-pool', pool, ...pairFromWire(wire.IcpSwapPool) };
  }
  if ('ExchangeRate' in wire) {
    const { canister, base, quote, min_received_rates: minReceivedRates } = wire.ExchangeRate;
    const sides = { base: rateSideFromWire(base), quote: rateSideFromWire(quote) };
    return { kind: 'exchange-rate', canister, ...sides, minReceivedRates };
  }
  if ('OisyTrade' in wire) {
    const { canister, max_spread_bps: maxSpreadBps } = wire.OisyTrade;
    return { kind: 'oisy-trade', canister, ...pairFromWire(wire.OisyTrade), maxSpreadBps };
  }
  if ('KongSwap' in wire) {
    const { canister, is_base_first: isBaseFirst } = wire.KongSwap;
    return { kind: 'kongswap', canister, ...pairFromWire(wire.KongSwap), isBaseFirst };
  }
  const { canister, icp } = wire.CmcXdr;
  return { kind: 'cmc-xdr', canister, icp: tokenAssetFromWire(icp) };
}

export function originToWire(origin: PriceOrigin): WireOrigin {
  switch (origin.kind) {
    case 'icpswap-pool':
      return { IcpSwapPool: { pool: origin.pool, ...pairToWire(origin) } };
    case 'exchange-rate': {
      const { canister, minReceivedRates } = origin;
      const sides = { base: rateSideToWire(origin.base), quote: rateSideToWire(origin.quote) };
      return { ExchangeRate: { canister, ...sides, min_received_rates: minReceivedRates } };
    }
    case 'oisy-trade': {
      const { canister, maxSpreadBps } = origin;
      return { OisyTrade: { canister, ...pairToWire(origin), max_spread_bps: maxSpreadBps } };
    }
    case 'kongswap': {
      const { canister, isBaseFirst } = origin;
      return { KongSwap: { canister, ...pairToWire(origin), is_base_first: isBaseFirst } };
    }
    case 'cmc-xdr':
      return { CmcXdr: { canister: origin.canister, icp: tokenAssetToWire(origin.icp) } };
  }
}

function pairFromWire({ base, quote }: WirePair) {
  return { base: tokenAssetFromWire(base), quote: tokenAssetFromWire(quote) };
}

function pairToWire({ base, quote }: ReturnType<typeof pairFromWire>): WirePair {
  return { base: tokenAssetToWire(base), quote: tokenAssetToWire(quote) };
}
