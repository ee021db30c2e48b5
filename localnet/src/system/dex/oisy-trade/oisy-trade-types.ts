import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { Opt } from '../../../core/candid-opt.ts';

/** Source: dfinity/oisy-trade canister/oisy_trade.did. */

/** `price` is in quote units per whole base token, `quantity` in base units. */
export const PriceLevel = IDL.Record({ price: IDL.Nat, quantity: IDL.Nat });

export interface WirePriceLevel {
  readonly price: bigint;
  readonly quantity: bigint;
}

/** Ledgers. */
export const TradingPair = IDL.Record({ base: IDL.Principal, quote: IDL.Principal });

export interface WireTradingPair {
  readonly base: Principal;
  readonly quote: Principal;
}

export const OrderBookTicker = IDL.Record({
  bid: IDL.Opt(PriceLevel),
  ask: IDL.Opt(PriceLevel),
});

export interface WireTicker {
  readonly bid: Opt<WirePriceLevel>;
  readonly ask: Opt<WirePriceLevel>;
}

export const GetOrderBookTickerError = IDL.Record({
  kind: IDL.Variant({
    RequestError: IDL.Opt(IDL.Variant({ UnknownTradingPair: IDL.Null })),
    TemporaryError: IDL.Opt(IDL.Variant({})),
    InternalError: IDL.Opt(IDL.Variant({})),
  }),
  message: IDL.Opt(IDL.Text),
});

export interface WireTickerError {
  readonly kind:
    | { readonly RequestError: Opt<{ readonly UnknownTradingPair: null }> }
    | { readonly TemporaryError: [] }
    | { readonly InternalError: [] };
  readonly message: Opt<string>;
}

export type WireTickerResult = { readonly Ok: WireTicker } | { readonly Err: WireTickerError };

const GetOrderBookTickerResult = IDL.Variant({
  Ok: OrderBookTicker,
  Err: GetOrderBookTickerError,
});

export const OISY_TRADE_METHODS = {
  get_order_book_ticker: IDL.Func([TradingPair], [GetOrderBookTickerResult], ['query']),
};

const LocalnetTicker = IDL.Record({ pair: TradingPair, ticker: OrderBookTicker });
const LocalnetFailure = IDL.Record({ error: GetOrderBookTickerError });

/** Methods of localnet alone. Errors last until they are cleared: a query remembers nothing. */
export const OISY_TRADE_ADMIN_METHODS = {
  localnet_tickers: IDL.Func([], [IDL.Vec(LocalnetTicker)], ['query']),
  localnet_set_ticker: IDL.Func([LocalnetTicker], [], []),
  localnet_remove_pair: IDL.Func([TradingPair], [], []),
  localnet_set_error: IDL.Func([IDL.Opt(GetOrderBookTickerError)], [], []),
};

export const OisyTradeSnapshot = IDL.Record({
  books: IDL.Vec(LocalnetTicker),
  failure: IDL.Opt(LocalnetFailure),
});

export interface WireBook {
  readonly pair: WireTradingPair;
  readonly ticker: WireTicker;
}
