import { IDL } from '@dfinity/candid';
import { candidCodec } from '@decent-cloud/kit/candid/candid-codec.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';

/** `get_exchange_rate`. Source: dfinity/exchange-rate-canister, xrc.did. */

const Asset = lazy(() =>
  IDL.Record({
    symbol: IDL.Text,
    class: IDL.Variant({ Cryptocurrency: IDL.Null, FiatCurrency: IDL.Null }),
  }),
);

const ExchangeRateRequest = lazy(() =>
  IDL.Record({ base_asset: Asset, quote_asset: Asset, timestamp: IDL.Opt(IDL.Nat64) }),
);

const Metadata = lazy(() =>
  IDL.Record({
    decimals: IDL.Nat32,
    base_asset_num_received_rates: IDL.Nat64,
    base_asset_num_queried_sources: IDL.Nat64,
    quote_asset_num_received_rates: IDL.Nat64,
    quote_asset_num_queried_sources: IDL.Nat64,
    standard_deviation: IDL.Nat64,
    forex_timestamp: IDL.Opt(IDL.Nat64),
  }),
);

const ExchangeRateError = lazy(() =>
  IDL.Variant({
    AnonymousPrincipalNotAllowed: IDL.Null,
    Pending: IDL.Null,
    CryptoBaseAssetNotFound: IDL.Null,
    CryptoQuoteAssetNotFound: IDL.Null,
    StablecoinRateNotFound: IDL.Null,
    StablecoinRateTooFewRates: IDL.Null,
    StablecoinRateZeroRate: IDL.Null,
    ForexInvalidTimestamp: IDL.Null,
    ForexBaseAssetNotFound: IDL.Null,
    ForexQuoteAssetNotFound: IDL.Null,
    ForexAssetsNotFound: IDL.Null,
    RateLimited: IDL.Null,
    NotEnoughCycles: IDL.Null,
    FailedToAcceptCycles: IDL.Null,
    InconsistentRatesReceived: IDL.Null,
    Other: IDL.Record({ code: IDL.Nat32, description: IDL.Text }),
  }),
);

const ExchangeRateResult = lazy(() =>
  IDL.Variant({
    Ok: IDL.Record({
      base_asset: Asset,
      quote_asset: Asset,
      timestamp: IDL.Nat64,
      rate: IDL.Nat64,
      metadata: Metadata,
    }),
    Err: ExchangeRateError,
  }),
);

export const exchangeRateArg = candidCodec(() => [ExchangeRateRequest]);
export const exchangeRateReply = candidCodec(() => [ExchangeRateResult]);
