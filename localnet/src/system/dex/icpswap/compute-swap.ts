import {
  MAX_SQRT_RATIO,
  MAX_TICK,
  MIN_SQRT_RATIO,
  MIN_TICK,
  sqrtRatioAtTick,
  tickAtSqrtRatio,
} from './tick-math.ts';
import { swapStep } from './swap-step.ts';

/** The bitmap of ticks is searched in words: a step ends at a word's edge. */
const WORD_TICKS = 256;

export interface Curve {
  readonly sqrtPriceX96: bigint;
  readonly tick: number;
  /** In use; 0 where the price left the pool's one position. */
  readonly liquidity: bigint;
  /** Of the position, which reaches from `lowerTick` to `upperTick`. */
  readonly positionLiquidity: bigint;
  readonly tickSpacing: number;
  readonly fee: bigint;
}

export interface SwapRequest {
  readonly amountIn: bigint;
  readonly isZeroForOne: boolean;
}

export type SwapResult =
  | {
      readonly kind: 'ok';
      /** Taken from `amountIn`, fee included; less than all of it when the pool runs dry. */
      readonly amountIn: bigint;
      readonly amountOut: bigint;
      readonly next: Pick<Curve, 'sqrtPriceX96' | 'tick' | 'liquidity'>;
    }
  | { readonly kind: 'error'; readonly message: string };

/** The widest position a pool allows: from its first to its last usable tick. */
export function fullRange(tickSpacing: number): { lowerTick: number; upperTick: number } {
  const upperTick = Math.floor(MAX_TICK / tickSpacing) * tickSpacing;
  return { lowerTick: -upperTick, upperTick };
}

/** What an exact input gives, and where it leaves the price. Changes nothing. */
export function computeSwap(curve: Curve, { amountIn, isZeroForOne }: SwapRequest): SwapResult {
  if (amountIn <= 0n) return { kind: 'error', message: 'Illegal amountIn' };
  const limitX96 = isZeroForOne ? MIN_SQRT_RATIO + 1n : MAX_SQRT_RATIO - 1n;
  const { tickSpacing, fee } = curve;
  let { sqrtPriceX96, tick, liquidity } = curve;
  const isBeyond = isZeroForOne ? sqrtPriceX96 <= limitX96 : sqrtPriceX96 >= limitX96;
  if (isBeyond || sqrtPriceX96 === 0n)
    return { kind: 'error', message: 'price limit out of bound' };
  let amountRemaining = amountIn;
  let amountOut = 0n;
  while (amountRemaining > 0n && sqrtPriceX96 !== limitX96) {
    const edge = nextEdge({ tick, tickSpacing, isZeroForOne });
    const edgeX96 = sqrtRatioAtTick(edge.tick);
    const isLimitFirst = isZeroForOne ? edgeX96 < limitX96 : edgeX96 > limitX96;
    const toX96 = isLimitFirst ? limitX96 : edgeX96;
    const step = swapStep({ fromX96: sqrtPriceX96, toX96 }, liquidity, { amountRemaining, fee });
    amountRemaining -= step.amountIn + step.feeAmount;
    amountOut += step.amountOut;
    if (step.sqrtPriceNextX96 === edgeX96) {
      if (edge.isPositionEnd) liquidity = liquidity > 0n ? 0n : curve.positionLiquidity;
      tick = isZeroForOne ? edge.tick - 1 : edge.tick;
    } else if (step.sqrtPriceNextX96 !== sqrtPriceX96) {
      tick = tickAtSqrtRatio(step.sqrtPriceNextX96);
    }
    sqrtPriceX96 = step.sqrtPriceNextX96;
  }
  const next = { sqrtPriceX96, tick, liquidity };
  return { kind: 'ok', amountIn: amountIn - amountRemaining, amountOut, next };
}

/** The next tick at which a step ends: an end of the position, or the edge of a word. */
function nextEdge(from: { tick: number; tickSpacing: number; isZeroForOne: boolean }): {
  tick: number;
  isPositionEnd: boolean;
} {
  const { tickSpacing, isZeroForOne } = from;
  const { lowerTick, upperTick } = fullRange(tickSpacing);
  const compressed = Math.floor(from.tick / tickSpacing);
  if (isZeroForOne) {
    const word = Math.floor(compressed / WORD_TICKS) * WORD_TICKS * tickSpacing;
    const ends = [upperTick, lowerTick].filter((end) => end <= compressed * tickSpacing);
    const tick = Math.max(word, MIN_TICK, ...ends);
    return { tick, isPositionEnd: ends.includes(tick) };
  }
  const start = compressed + 1;
  const word = (Math.floor(start / WORD_TICKS) * WORD_TICKS + WORD_TICKS - 1) * tickSpacing;
  const ends = [lowerTick, upperTick].filter((end) => end >= start * tickSpacing);
  const tick = Math.min(word, MAX_TICK, ...ends);
  return { tick, isPositionEnd: ends.includes(tick) };
}
