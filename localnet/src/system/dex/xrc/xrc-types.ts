import { IDL } from '@dfinity/candid';
import type { Opt } from '../../../core/candid-opt.ts';

/** Source: dfinity/exchange-rate-canister src/xrc/xrc.did. */

const AssetClass = IDL.Variant({ Cryptocurrency: IDL.Null, FiatCurrency: IDL.Null });

export const Asset = IDL.Record({ symbol: IDL.Text, class: AssetClass });

export interface WireAsset {
  readonly symbol: string;
  readonly class: { readonly Cryptocurrency: null } | { readonly FiatCurrency: null };
}

export const GetExchangeRateRequest = IDL.Record({
  base_asset: Asset,
  quote_asset: Asset,
  timestamp: IDL.Opt(IDL.Nat64),
});

export interface WireRateRequest {
  readonly base_asset: WireAsset;
  readonly quote_asset: WireAsset;
  /** Seconds. */
  readonly timestamp: Opt<bigint>;
}

export const ExchangeRateMetadata = IDL.Record({
  decimals: IDL.Nat32,
  base_asset_num_received_rates: IDL.Nat64,
  base_asset_num_queried_sources: IDL.Nat64,
  quote_asset_num_received_rates: IDL.Nat64,
  quote_asset_num_queried_sources: IDL.Nat64,
  standard_deviation: IDL.Nat64,
  forex_timestamp: IDL.Opt(IDL.Nat64),
});

export const ExchangeRate = IDL.Record({
  base_asset: Asset,
  quote_asset: Asset,
  timestamp: IDL.Nat64,
  rate: IDL.Nat64,
  metadata: ExchangeRateMetadata,
});

const PLAIN_ERRORS = [
  'AnonymousPrincipalNotAllowed',
  'Pending',
  'CryptoBaseAssetNotFound',
  'CryptoQuoteAssetNotFound',
  'StablecoinRateNotFound',
  'StablecoinRateTooFewRates',
  'StablecoinRateZeroRate',
  'ForexInvalidTimestamp',
  'ForexBaseAssetNotFound',
  'ForexQuoteAssetNotFound',
  'ForexAssetsNotFound',
  'RateLimited',
  'NotEnoughCycles',
  'FailedToAcceptCycles',
  'InconsistentRatesReceived',
] as const;

/** An error without details, by its name on the wire. */
export type XrcErrorName = (typeof PLAIN_ERRORS)[number];

export interface XrcOtherError {
  readonly code: number;
  readonly description: string;
}

export const ExchangeRateError = IDL.Variant({
  ...Object.fromEntries(PLAIN_ERRORS.map((name): [string, IDL.Type] => [name, IDL.Null])),
  Other: IDL.Record({ code: IDL.Nat32, description: IDL.Text }),
});

export type WireXrcError = Partial<Record<XrcErrorName, null>> & {
  readonly Other?: XrcOtherError;
};

export const GetExchangeRateResult = IDL.Variant({ Ok: ExchangeRate, Err: ExchangeRateError });

export const XRC_METHODS = {
  get_exchange_rate: IDL.Func([GetExchangeRateRequest], [GetExchangeRateResult], []),
};

export const LocalnetRate = IDL.Record({
  base_asset: Asset,
  quote_asset: Asset,
  rate: IDL.Nat64,
  standard_deviation: IDL.Nat64,
  received_rates: IDL.Nat64,
  queried_sources: IDL.Nat64,
});

/** A rate as set: what one whole base asset costs, times 10^9, and how well it is founded. */
export interface WireLocalnetRate {
  readonly base_asset: WireAsset;
  readonly quote_asset: WireAsset;
  readonly rate: bigint;
  readonly standard_deviation: bigint;
  readonly received_rates: bigint;
  readonly queried_sources: bigint;
}

const LocalnetPair = IDL.Record({ base_asset: Asset, quote_asset: Asset });
const LocalnetFailure = IDL.Record({ error: ExchangeRateError, times: IDL.Nat32 });

/** Methods of localnet alone. */
export const XRC_ADMIN_METHODS = {
  localnet_set_rate: IDL.Func([LocalnetRate], [], []),
  localnet_remove_rate: IDL.Func([LocalnetPair], [], []),
  localnet_rates: IDL.Func([], [IDL.Vec(LocalnetRate)], ['query']),
  localnet_fail_next: IDL.Func([LocalnetFailure], [], []),
};

export interface WireXrcFailure {
  readonly error: WireXrcError;
  readonly times: number;
}

export function crypto(symbol: string): WireAsset {
  return { symbol, class: { Cryptocurrency: null } };
}

export function fiat(symbol: string): WireAsset {
  return { symbol, class: { FiatCurrency: null } };
}

export function isCrypto(asset: WireAsset): boolean {
  return 'Cryptocurrency' in asset.class;
}

export function isSameAsset(one: WireAsset, other: WireAsset): boolean {
  return one.symbol === other.symbol && isCrypto(one) === isCrypto(other);
}
