import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  integerSqrt,
  MAX_SQRT_RATIO,
  MAX_TICK,
  MIN_SQRT_RATIO,
  MIN_TICK,
  sqrtRatioAtTick,
  tickAtSqrtRatio,
} from './tick-math.ts';

describe('integerSqrt', () => {
  it('is the largest integer whose square fits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 400n }), (value) => {
        const root = integerSqrt(value);
        expect(root * root <= value).toBe(true);
        expect((root + 1n) * (root + 1n) > value).toBe(true);
      }),
    );
  });
});

describe('sqrtRatioAtTick', () => {
  /** Source: Uniswap v3-core, test/TickMath.spec.ts and the constants of TickMath. */
  it.each([
    [MIN_TICK, 4_295_128_739n],
    [MIN_TICK + 1, 4_295_343_490n],
    [0, 79_228_162_514_264_337_593_543_950_336n],
    [MAX_TICK - 1, 1_461_373_636_630_004_318_706_518_188_784_493_106_690_254_656_249n],
    [MAX_TICK, 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_342n],
  ])('has the published value at tick %i', (tick, ratio) => {
    expect(sqrtRatioAtTick(tick)).toBe(ratio);
  });

  it('refuses what is no tick', () => {
    for (const tick of [MIN_TICK - 1, MAX_TICK + 1, 0.5]) {
      expect(() => sqrtRatioAtTick(tick)).toThrow(RangeError);
    }
  });
});

describe('tickAtSqrtRatio', () => {
  it('is the greatest tick that does not exceed the price', () => {
    const prices = fc.bigInt({ min: MIN_SQRT_RATIO, max: MAX_SQRT_RATIO - 1n });
    fc.assert(
      fc.property(prices, (sqrtPriceX96) => {
        const tick = tickAtSqrtRatio(sqrtPriceX96);
        expect(sqrtRatioAtTick(tick) <= sqrtPriceX96).toBe(true);
        expect(sqrtRatioAtTick(tick + 1) > sqrtPriceX96).toBe(true);
      }),
    );
  });

  it('gives every tick back', () => {
    fc.assert(
      fc.property(fc.integer({ min: MIN_TICK, max: MAX_TICK - 1 }), (tick) => {
        expect(tickAtSqrtRatio(sqrtRatioAtTick(tick))).toBe(tick);
      }),
    );
  });

  it('refuses prices beyond the ticks', () => {
    for (const price of [0n, MIN_SQRT_RATIO - 1n, MAX_SQRT_RATIO]) {
      expect(() => tickAtSqrtRatio(price)).toThrow(RangeError);
    }
  });
});
