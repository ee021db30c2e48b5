/**
 * Ticks and square roots of prices in Q64.96, as Uniswap v3 defines them: the price at a tick is
 * 1.0001^tick, and the square root is rounded up to 2^-96 after rounding every factor to 2^-128.
 * Checked against the published bounds in the test.
 */

export const MIN_TICK = -887_272;
export const MAX_TICK = 887_272;
const TICK_BITS = 20;

const PRECISION_BITS = 512n;
const FACTOR_BITS = 128n;
const MAX_UINT256 = (1n << 256n) - 1n;

/** 1.0001^(-2^(bit-1)) in Q0.128 for every bit of a tick, each rounded to the nearest. */
const FACTORS = computeFactors();

export const MIN_SQRT_RATIO = sqrtRatioAtTick(MIN_TICK);
export const MAX_SQRT_RATIO = sqrtRatioAtTick(MAX_TICK);

/** The largest integer whose square is at most `value`. */
export function integerSqrt(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** √(1.0001^tick) · 2^96. Throws `RangeError` outside the ticks there are. */
export function sqrtRatioAtTick(tick: number): bigint {
  const distance = Math.abs(tick);
  if (!Number.isInteger(tick) || distance > MAX_TICK) throw new RangeError(`no tick ${tick}`);
  let ratio = 1n << FACTOR_BITS;
  for (const [bit, factor] of FACTORS.entries()) {
    if ((distance & (1 << bit)) !== 0) ratio = (ratio * factor) >> FACTOR_BITS;
  }
  if (tick > 0) ratio = MAX_UINT256 / ratio;
  // From Q128.128 to Q64.96, up, so that the tick of the result is the tick itself.
  return (ratio + (1n << 32n) - 1n) >> 32n;
}

/** The greatest tick whose square root of the price is at most this one. */
export function tickAtSqrtRatio(sqrtPriceX96: bigint): number {
  if (sqrtPriceX96 < MIN_SQRT_RATIO || sqrtPriceX96 >= MAX_SQRT_RATIO) {
    throw new RangeError(`no tick has the price ${sqrtPriceX96.toString()}`);
  }
  let low = MIN_TICK;
  let high = MAX_TICK;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sqrtRatioAtTick(middle) <= sqrtPriceX96) low = middle;
    else high = middle - 1;
  }
  return low;
}

function computeFactors(): readonly bigint[] {
  const one = 1n << PRECISION_BITS;
  const dropped = PRECISION_BITS - FACTOR_BITS;
  let exact = integerSqrt((one * one * 10_000n) / 10_001n);
  return Array.from({ length: TICK_BITS }, () => {
    const rounded = (exact + (1n << (dropped - 1n))) >> dropped;
    exact = (exact * exact) >> PRECISION_BITS;
    return rounded;
  });
}
