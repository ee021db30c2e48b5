import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';

/** Source: ICPSwap-Labs/docs _canister, SwapFactory 3.6.1 and SwapPool 3.6.2. */

/** `standard` is one of ICP, ICRC1, ICRC2, DIP20, EXT. */
export const Token = IDL.Record({ address: IDL.Text, standard: IDL.Text });

export interface WireToken {
  readonly address: string;
  readonly standard: string;
}

export const SwapError = IDL.Variant({
  CommonError: IDL.Null,
  InsufficientFunds: IDL.Null,
  InternalError: IDL.Text,
  UnsupportedToken: IDL.Text,
});

export type WireSwapError =
  | { readonly CommonError: null }
  | { readonly InsufficientFunds: null }
  | { readonly InternalError: string }
  | { readonly UnsupportedToken: string };

export type WireSwapResult<T> = { readonly ok: T } | { readonly err: WireSwapError };

export function swapResult(ok: IDL.Type): IDL.Type {
  return IDL.Variant({ ok, err: SwapError });
}

export const PoolData = IDL.Record({
  canisterId: IDL.Principal,
  fee: IDL.Nat,
  key: IDL.Text,
  tickSpacing: IDL.Int,
  token0: Token,
  token1: Token,
});

export interface WirePoolData {
  readonly canisterId: Principal;
  readonly fee: bigint;
  readonly key: string;
  readonly tickSpacing: bigint;
  readonly token0: WireToken;
  readonly token1: WireToken;
}

export const GetPoolArgs = IDL.Record({ fee: IDL.Nat, token0: Token, token1: Token });

export interface WireGetPool {
  readonly fee: bigint;
  readonly token0: WireToken;
  readonly token1: WireToken;
}

export const PoolMetadata = IDL.Record({
  fee: IDL.Nat,
  key: IDL.Text,
  liquidity: IDL.Nat,
  maxLiquidityPerTick: IDL.Nat,
  nextPositionId: IDL.Nat,
  sqrtPriceX96: IDL.Nat,
  tick: IDL.Int,
  token0: Token,
  token1: Token,
});

/** Amounts are decimal text of base units. */
export const SwapArgs = IDL.Record({
  amountIn: IDL.Text,
  amountOutMinimum: IDL.Text,
  zeroForOne: IDL.Bool,
});

export interface WireSwapArgs {
  readonly amountIn: string;
  readonly amountOutMinimum: string;
  readonly zeroForOne: boolean;
}

export const TokenAmountState = IDL.Record({
  swapFee0Repurchase: IDL.Nat,
  swapFee1Repurchase: IDL.Nat,
  swapFeeReceiver: IDL.Text,
  token0Amount: IDL.Nat,
  token1Amount: IDL.Nat,
});

const AvailabilityState = IDL.Record({
  available: IDL.Bool,
  whiteList: IDL.Vec(IDL.Principal),
});

export const SWAP_POOL_METHODS = {
  metadata: IDL.Func([], [swapResult(PoolMetadata)], ['query']),
  quote: IDL.Func([SwapArgs], [swapResult(IDL.Nat)], ['query']),
  quoteForAll: IDL.Func([SwapArgs], [swapResult(IDL.Nat)], ['query']),
  getTokenAmountState: IDL.Func([], [swapResult(TokenAmountState)], ['query']),
  getAvailabilityState: IDL.Func([], [AvailabilityState], ['query']),
  getVersion: IDL.Func([], [IDL.Text], ['query']),
};

const LocalnetAmounts = IDL.Record({ amount0: IDL.Nat, amount1: IDL.Nat });
const LocalnetTrade = IDL.Record({ amountIn: IDL.Nat, zeroForOne: IDL.Bool });
const LocalnetTraded = IDL.Record({ amountIn: IDL.Nat, amountOut: IDL.Nat });

const LocalnetBooks = IDL.Record({
  amount0: IDL.Nat,
  amount1: IDL.Nat,
  sqrtPriceX96: IDL.Nat,
});

/** Methods of localnet alone. */
export const SWAP_POOL_ADMIN_METHODS = {
  localnet_books: IDL.Func([], [LocalnetBooks], ['query']),
  localnet_set_reserves: IDL.Func([LocalnetAmounts], [], []),
  localnet_set_price: IDL.Func([LocalnetAmounts], [], []),
  localnet_trade: IDL.Func([LocalnetTrade], [LocalnetTraded], []),
  localnet_set_available: IDL.Func([IDL.Bool], [], []),
  localnet_clear: IDL.Func([], [], []),
};

/** A pool's reserves and price, which can be read whatever the pool's state. */
export interface WireBooks {
  readonly amount0: bigint;
  readonly amount1: bigint;
  readonly sqrtPriceX96: bigint;
}

export interface WireTrade {
  readonly amountIn: bigint;
  readonly zeroForOne: boolean;
}

export const SWAP_FACTORY_METHODS = {
  getPool: IDL.Func([GetPoolArgs], [swapResult(PoolData)], ['query']),
  getPools: IDL.Func([], [swapResult(IDL.Vec(PoolData))], ['query']),
};

export const SWAP_FACTORY_ADMIN_METHODS = {
  localnet_set_pools: IDL.Func([IDL.Vec(PoolData)], [], []),
};
