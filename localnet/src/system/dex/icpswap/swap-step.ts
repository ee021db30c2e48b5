/**
 * One step of a swap at constant liquidity, exact input, rounding always for the pool.
 * Source of the rules: Uniswap v3 whitepaper, 6.2.3 "Single-tick swapping".
 */

const Q96_BITS = 96n;
const Q96 = 1n << Q96_BITS;
/** Fees are in hundredths of a basis point. */
export const FEE_UNITS = 1_000_000n;

export interface PriceRange {
  readonly fromX96: bigint;
  readonly toX96: bigint;
}

export interface SwapStep {
  readonly sqrtPriceNextX96: bigint;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  readonly feeAmount: bigint;
}

/** Token 0 between two prices of one liquidity. */
export function amount0Between(range: PriceRange, liquidity: bigint, isUp: boolean): bigint {
  const { low, high } = ordered(range);
  const numerator = (liquidity << Q96_BITS) * (high - low);
  return isUp ? divideUp(divideUp(numerator, high), low) : numerator / high / low;
}

/** Token 1 between two prices of one liquidity. */
export function amount1Between(range: PriceRange, liquidity: bigint, isUp: boolean): bigint {
  const { low, high } = ordered(range);
  const product = liquidity * (high - low);
  return isUp ? divideUp(product, Q96) : product >> Q96_BITS;
}

/** Moves the price towards `toX96` by at most `amountRemaining` of the token paid in. */
export function swapStep(
  range: PriceRange,
  liquidity: bigint,
  terms: { readonly amountRemaining: bigint; readonly fee: bigint },
): SwapStep {
  const isZeroForOne = range.fromX96 >= range.toX96;
  const amountInOf = isZeroForOne ? amount0Between : amount1Between;
  const amountOutOf = isZeroForOne ? amount1Between : amount0Between;
  const lessFee = (terms.amountRemaining * (FEE_UNITS - terms.fee)) / FEE_UNITS;
  const amountToTarget = amountInOf(range, liquidity, true);
  const isReached = lessFee >= amountToTarget;
  const sqrtPriceNextX96 = isReached
    ? range.toX96
    : priceAfterInput(range.fromX96, liquidity, { amount: lessFee, isZeroForOne });
  const walked = { fromX96: range.fromX96, toX96: sqrtPriceNextX96 };
  const amountIn = isReached ? amountToTarget : amountInOf(walked, liquidity, true);
  return {
    sqrtPriceNextX96,
    amountIn,
    amountOut: amountOutOf(walked, liquidity, false),
    feeAmount:
      sqrtPriceNextX96 === range.toX96
        ? divideUp(amountIn * terms.fee, FEE_UNITS - terms.fee)
        : terms.amountRemaining - amountIn,
  };
}

function priceAfterInput(
  sqrtPriceX96: bigint,
  liquidity: bigint,
  input: { readonly amount: bigint; readonly isZeroForOne: boolean },
): bigint {
  if (!input.isZeroForOne) return sqrtPriceX96 + (input.amount << Q96_BITS) / liquidity;
  const numerator = liquidity << Q96_BITS;
  return divideUp(numerator * sqrtPriceX96, numerator + input.amount * sqrtPriceX96);
}

function ordered({ fromX96, toX96 }: PriceRange): { low: bigint; high: bigint } {
  return fromX96 < toX96 ? { low: fromX96, high: toX96 } : { low: toX96, high: fromX96 };
}

function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}
