import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import type { Asset, RateSide, TokenAsset } from '../core/sources/price-source.ts';

export const TokenAssetType = lazy(() => IDL.Record({ ledger: IDL.Principal, decimals: IDL.Nat8 }));
const AssetType = lazy(() => IDL.Variant({ Token: TokenAssetType, Usd: IDL.Null, Xdr: IDL.Null }));
export const RateSideType = lazy(() =>
  IDL.Record({
    asset: AssetType,
    symbol: IDL.Text,
    class: IDL.Variant({ Cryptocurrency: IDL.Null, FiatCurrency: IDL.Null }),
  }),
);

export interface WireTokenAsset {
  readonly ledger: Principal;
  readonly decimals: number;
}

type WireAsset =
  { readonly Token: WireTokenAsset } | { readonly Usd: null } | { readonly Xdr: null };

export interface WireRateSide {
  readonly asset: WireAsset;
  readonly symbol: string;
  readonly class: { readonly Cryptocurrency: null } | { readonly FiatCurrency: null };
}

export function tokenAssetFromWire({ ledger, decimals }: WireTokenAsset): TokenAsset {
  return { kind: 'token', ledger, decimals };
}

export function tokenAssetToWire({ ledger, decimals }: TokenAsset): WireTokenAsset {
  return { ledger, decimals };
}

export function rateSideFromWire(wire: WireRateSide): RateSide {
  return {
    asset: assetFromWire(wire.asset),
    symbol: wire.symbol,
    class: 'Cryptocurrency' in wire.class ? 'crypto' : 'fiat',
  };
}

export function rateSideToWire(side: RateSide): WireRateSide {
  return {
    asset: assetToWire(side.asset),
    symbol: side.symbol,
    class: side.class === 'crypto' ? { Cryptocurrency: null } : { FiatCurrency: null },
  };
}

function assetFromWire(wire: WireAsset): Asset {
  if ('Token' in wire) return tokenAssetFromWire(wire.Token);
  return { kind: 'Usd' in wire ? 'usd' : 'xdr' };
}

function assetToWire(asset: Asset): WireAsset {
  if (asset.kind === 'token') return { Token: tokenAssetToWire(asset) };
  return asset.kind === 'usd' ? { Usd: null } : { Xdr: null };
}
