import { IDL } from '@dfinity/candid';
import { candidCodec } from '@decent-cloud/kit/candid/candid-codec.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';

/** OISY TRADE. Source: dfinity/oisy-trade, oisy_trade.did. */

const TradingPair = lazy(() => IDL.Record({ base: IDL.Principal, quote: IDL.Principal }));

const PriceLevel = lazy(() => IDL.Record({ price: IDL.Nat, quantity: IDL.Nat }));

const TickerResult = lazy(() =>
  IDL.Variant({
    Ok: IDL.Record({ bid: IDL.Opt(PriceLevel), ask: IDL.Opt(PriceLevel) }),
    Err: IDL.Record({
      kind: IDL.Variant({
        RequestError: IDL.Opt(IDL.Variant({ UnknownTradingPair: IDL.Null })),
        TemporaryError: IDL.Opt(IDL.Reserved),
        InternalError: IDL.Opt(IDL.Reserved),
      }),
      message: IDL.Opt(IDL.Text),
    }),
  }),
);

/** KongSwap: only the fields that are read. Source: KongSwap/kong, kong_backend.did. */
const KongPoolsResult = lazy(() =>
  IDL.Variant({
    Ok: IDL.Vec(
      IDL.Record({
        pool_id: IDL.Nat32,
        chain_0: IDL.Text,
        address_0: IDL.Text,
        balance_0: IDL.Nat,
        lp_fee_0: IDL.Nat,
        chain_1: IDL.Text,
        address_1: IDL.Text,
        balance_1: IDL.Nat,
        lp_fee_1: IDL.Nat,
        is_removed: IDL.Bool,
      }),
    ),
    Err: IDL.Text,
  }),
);

/** The cycles minting canister, without the certificate. Source: dfinity/ic, cmc.did. */
const IcpXdrRate = lazy(() =>
  IDL.Record({
    data: IDL.Record({ timestamp_seconds: IDL.Nat64, xdr_permyriad_per_icp: IDL.Nat64 }),
  }),
);

export const tradingPairArg = candidCodec(() => [TradingPair]);
export const tickerReply = candidCodec(() => [TickerResult]);
export const kongPairArg = candidCodec(() => [IDL.Opt(IDL.Text)]);
export const kongPoolsReply = candidCodec(() => [KongPoolsResult]);
export const icpXdrReply = candidCodec(() => [IcpXdrRate]);
