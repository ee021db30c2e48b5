import type { TypedHandler } from '../../../core/define-native.ts';
import type { NativeContext, NativeProgram } from '../../../core/native.ts';
import { trap } from '../../native-trap.ts';
import { defineSource, refuse, refuseRangeErrors } from '../define-source.ts';
import {
  PoolMetadata,
  SWAP_POOL_ADMIN_METHODS,
  SWAP_POOL_METHODS,
  SwapArgs,
  SwapError,
  Token,
  TokenAmountState,
  type WireBooks,
  type WireSwapArgs,
  type WireSwapResult,
  type WireTrade,
} from './icpswap-types.ts';
import { POOL_FEE, SwapPool, type PoolAmounts } from './swap-pool.ts';

export const SWAP_POOL_PROGRAM = 'icpswap-pool';
const VERSION = '3.6.2';
/** 2^128 − 1 spread over the 29,575 usable ticks of spacing 60. */
const MAX_LIQUIDITY_PER_TICK = ((1n << 128n) - 1n) / 29_575n;
/** There is no receiver of fees here: a principal that is no pool's. */
const FEE_RECEIVER = 'aaaaa-aa';

/** One ICPSwap pool, scriptable through `pool` and its `localnet_` methods. */
export function swapPoolProgram(pool: SwapPool): NativeProgram {
  return defineSource({
    programId: SWAP_POOL_PROGRAM,
    methods: SWAP_POOL_METHODS,
    handlers: queries(pool),
    adminMethods: SWAP_POOL_ADMIN_METHODS,
    adminHandlers: adminMethods(pool),
    typeNames: { Token, Error: SwapError, PoolMetadata, SwapArgs, TokenAmountState },
    availability: pool.availability,
    save: () => pool.save(),
    load: (bytes) => {
      pool.load(bytes);
    },
  });
}

/** A pool to `load` a saved state into. */
export function emptySwapPool(): NativeProgram {
  const nothing = { address: '', standard: '' };
  return swapPoolProgram(new SwapPool([nothing, nothing]));
}

function queries(pool: SwapPool): Record<string, TypedHandler> {
  return {
    metadata: () => ({
      ok: {
        fee: POOL_FEE,
        key: pool.key,
        liquidity: pool.liquidity,
        maxLiquidityPerTick: MAX_LIQUIDITY_PER_TICK,
        nextPositionId: pool.isInitialised ? 2n : 1n,
        sqrtPriceX96: pool.sqrtPriceX96,
        tick: BigInt(pool.tick),
        token0: pool.token0,
        token1: pool.token1,
      },
    }),
    quote: (context: NativeContext, args: WireSwapArgs) => {
      assertAvailable(pool, context);
      return quote(pool, args);
    },
    quoteForAll: (context: NativeContext, args: WireSwapArgs) => {
      assertAvailable(pool, context);
      return quoteForAll(pool, args);
    },
    getTokenAmountState: () => ({
      ok: {
        swapFee0Repurchase: 0n,
        swapFee1Repurchase: 0n,
        swapFeeReceiver: FEE_RECEIVER,
        token0Amount: pool.reserves.amount0,
        token1Amount: pool.reserves.amount1,
      },
    }),
    getAvailabilityState: () => ({ available: pool.isAvailable, whiteList: pool.whiteList }),
    getVersion: () => VERSION,
  };
}

function assertAvailable(pool: SwapPool, context: NativeContext): void {
  if (!pool.isAvailableTo(context.caller)) trap('assertion failed');
}

/** Takes what a part of the input gives for an answer, and ignores `amountOutMinimum`. */
function quote(pool: SwapPool, args: WireSwapArgs): WireSwapResult<bigint> {
  const result = preview(pool, args);
  if (result.kind === 'error') return internalError(`preswap ${JSON.stringify(result.message)}`);
  return { ok: result.amountOut };
}

function quoteForAll(pool: SwapPool, args: WireSwapArgs): WireSwapResult<bigint> {
  const result = preview(pool, args);
  if (result.kind === 'error') return internalError(`preswap ${JSON.stringify(result.message)}`);
  const { amountIn, amountOut } = result;
  if (amountOut === 0n) return internalError('The amount of input token is too small.');
  if (amountOf(args.amountIn) > amountIn) {
    const grouped = amountIn.toString().replaceAll(/\B(?=(\d{3})+$)/g, '_');
    return internalError(`The maximum amount of input tokens is ${grouped}`);
  }
  return { ok: amountOut };
}

function preview(pool: SwapPool, args: WireSwapArgs): ReturnType<SwapPool['preview']> {
  return pool.preview({ amountIn: amountOf(args.amountIn), isZeroForOne: args.zeroForOne });
}

/** Text that is no number counts as no amount. */
function amountOf(text: string): bigint {
  return /^\d+$/.test(text) ? BigInt(text) : 0n;
}

function internalError(message: string): WireSwapResult<never> {
  return { err: { InternalError: message } };
}

function adminMethods(pool: SwapPool): Record<string, TypedHandler> {
  return {
    localnet_books: (): WireBooks => ({ ...pool.reserves, sqrtPriceX96: pool.sqrtPriceX96 }),
    localnet_set_reserves: (_context: NativeContext, reserves: PoolAmounts) => {
      refuseRangeErrors(() => {
        pool.setReserves(reserves);
      });
    },
    localnet_set_price: (_context: NativeContext, ratio: PoolAmounts) => {
      refuseRangeErrors(() => {
        pool.setPrice(ratio);
      });
    },
    localnet_trade: (_context: NativeContext, { amountIn, zeroForOne }: WireTrade) => {
      const result = pool.trade({ amountIn, isZeroForOne: zeroForOne });
      if (result.kind === 'error') refuse(result.message);
      return { amountIn: result.amountIn, amountOut: result.amountOut };
    },
    localnet_set_available: (_context: NativeContext, isAvailable: boolean) => {
      pool.setAvailable(isAvailable);
    },
    localnet_clear: () => {
      pool.clear();
    },
  };
}
