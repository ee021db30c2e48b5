import { IDL } from '@dfinity/candid';
import { candidCodec } from '@decent-cloud/kit/candid/candid-codec.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';

/** What is read of an ICPSwap pool. Source: ICPSwap-Labs/docs, SwapPool.did. */

const PoolError = lazy(() =>
  IDL.Variant({
    CommonError: IDL.Null,
    InsufficientFunds: IDL.Null,
    InternalError: IDL.Text,
    UnsupportedToken: IDL.Text,
  }),
);
const Token = lazy(() => IDL.Record({ address: IDL.Text, standard: IDL.Text }));

const PoolMetadataResult = lazy(() =>
  IDL.Variant({
    ok: IDL.Record({
      fee: IDL.Nat,
      key: IDL.Text,
      liquidity: IDL.Nat,
      maxLiquidityPerTick: IDL.Nat,
      nextPositionId: IDL.Nat,
      sqrtPriceX96: IDL.Nat,
      tick: IDL.Int,
      token0: Token,
      token1: Token,
    }),
    err: PoolError,
  }),
);

const TokenAmountResult = lazy(() =>
  IDL.Variant({
    ok: IDL.Record({
      swapFee0Repurchase: IDL.Nat,
      swapFee1Repurchase: IDL.Nat,
      swapFeeReceiver: IDL.Text,
      token0Amount: IDL.Nat,
      token1Amount: IDL.Nat,
    }),
    err: PoolError,
  }),
);

const Availability = lazy(() =>
  IDL.Record({ available: IDL.Bool, whiteList: IDL.Vec(IDL.Principal) }),
);

export const poolMetadataReply = candidCodec(() => [PoolMetadataResult]);
export const tokenAmountReply = candidCodec(() => [TokenAmountResult]);
export const availabilityReply = candidCodec(() => [Availability]);
