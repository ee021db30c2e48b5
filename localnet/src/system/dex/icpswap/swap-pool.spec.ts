import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SwapPool, type PoolAmounts } from './swap-pool.ts';
import type { SwapRequest, SwapResult } from './compute-swap.ts';

const TOKENS = [
  { address: 'xevnm-gaaaa-aaaar-qafnq-cai', standard: 'ICRC2' },
  { address: 'ggi4a-wyaaa-aaaai-actqq-cai', standard: 'ICRC2' },
] as const;
const USDC = 1_000_000n;
const DCT = 1_000_000_000n;

function poolOf(reserves: PoolAmounts): SwapPool {
  const pool = new SwapPool([...TOKENS]);
  pool.setReserves(reserves);
  return pool;
}

/** US dollars per whole DCT, times 10^8, in a pool of DCT (9 decimals) and a dollar token (6). */
function spotUsdE8(pool: SwapPool): bigint {
  return (pool.sqrtPriceX96 ** 2n * DCT * 100_000_000n) / ((1n << 192n) * USDC);
}

function ok(result: SwapResult): Extract<SwapResult, { kind: 'ok' }> {
  if (result.kind === 'error') throw new Error(result.message);
  return result;
}

const amounts = fc.bigInt({ min: 1_000n, max: 10n ** 24n });
const reservesArbitrary = fc.record({ amount0: amounts, amount1: amounts });
const requestArbitrary: fc.Arbitrary<SwapRequest> = fc.record({
  amountIn: fc.bigInt({ min: 1n, max: 10n ** 24n }),
  isZeroForOne: fc.boolean(),
});

describe('a thin pool', () => {
  it('costs what was measured on the real one to pump and to bring back', () => {
    // $2,000 on either side at $0.02.
    const pool = poolOf({ amount0: 100_000n * DCT, amount1: 2_000n * USDC });
    expect(spotUsdE8(pool)).toBe(1_999_999n);
    const bought = ok(pool.trade({ amountIn: 1_000n * USDC, isZeroForOne: false }));
    expect(bought.amountIn).toBe(1_000n * USDC);
    // $0.0449, and $5.00 for both ways.
    expect(spotUsdE8(pool)).toBe(4_491_004n);
    const sold = ok(pool.trade({ amountIn: bought.amountOut, isZeroForOne: true }));
    expect(1_000n * USDC - sold.amountOut).toBe(4_997_993n);
  });
});

describe('SwapPool', () => {
  it('sorts its tokens by the text of their ids', () => {
    const pool = new SwapPool([...TOKENS]);
    expect([pool.token0.address, pool.token1.address]).toEqual([
      'ggi4a-wyaaa-aaaai-actqq-cai',
      'xevnm-gaaaa-aaaar-qafnq-cai',
    ]);
    expect(pool.key).toBe('ggi4a-wyaaa-aaaai-actqq-cai_xevnm-gaaaa-aaaar-qafnq-cai_3000');
  });

  it('gives less than the constant product, and less than it owns', () => {
    fc.assert(
      fc.property(reservesArbitrary, requestArbitrary, (reserves, request) => {
        const result = ok(poolOf(reserves).preview(request));
        const [reserveIn, reserveOut] = request.isZeroForOne
          ? [reserves.amount0, reserves.amount1]
          : [reserves.amount1, reserves.amount0];
        expect(result.amountIn <= request.amountIn).toBe(true);
        expect(result.amountOut < reserveOut).toBe(true);
        expect(
          result.amountOut * (reserveIn + result.amountIn) <= reserveOut * result.amountIn,
        ).toBe(true);
      }),
    );
  });

  it('gives what was previewed, and never its liquidity away', () => {
    fc.assert(
      fc.property(reservesArbitrary, fc.array(requestArbitrary), (reserves, requests) => {
        const pool = poolOf(reserves);
        const product = reserves.amount0 * reserves.amount1;
        for (const request of requests) {
          const preview = pool.preview(request);
          const before = pool.reserves;
          expect(pool.trade(request)).toEqual(preview);
          if (preview.kind === 'error') continue;
          const after = pool.reserves;
          expect(after.amount0 > 0n && after.amount1 > 0n).toBe(true);
          const gained = request.isZeroForOne
            ? [after.amount0 - before.amount0, before.amount1 - after.amount1]
            : [after.amount1 - before.amount1, before.amount0 - after.amount0];
          expect(gained).toEqual([preview.amountIn, preview.amountOut]);
        }
        expect(pool.reserves.amount0 * pool.reserves.amount1 >= product).toBe(true);
      }),
    );
  });

  it('takes more than a round trip brings back', () => {
    fc.assert(
      fc.property(reservesArbitrary, requestArbitrary, (reserves, request) => {
        const pool = poolOf(reserves);
        const there = ok(pool.trade(request));
        if (there.amountOut === 0n) return;
        const back = ok(
          pool.trade({ amountIn: there.amountOut, isZeroForOne: !request.isZeroForOne }),
        );
        expect(back.amountOut < there.amountIn).toBe(true);
      }),
    );
  });

  it('moves the price the way of the trade', () => {
    fc.assert(
      fc.property(reservesArbitrary, requestArbitrary, (reserves, request) => {
        const pool = poolOf(reserves);
        const before = pool.sqrtPriceX96;
        pool.trade(request);
        expect(
          request.isZeroForOne ? pool.sqrtPriceX96 <= before : pool.sqrtPriceX96 >= before,
        ).toBe(true);
      }),
    );
  });

  it('fills in part what is more than its range takes, and goes on from there', () => {
    const pool = poolOf({ amount0: 1_000n, amount1: 1_000n });
    const all = ok(pool.trade({ amountIn: 10n ** 40n, isZeroForOne: true }));
    expect(all.amountIn).toBeLessThan(10n ** 40n);
    expect(pool.liquidity).toBe(0n);
    expect(pool.preview({ amountIn: 5n, isZeroForOne: true })).toEqual({
      kind: 'error',
      message: 'price limit out of bound',
    });
    const back = ok(pool.trade({ amountIn: 500n, isZeroForOne: false }));
    expect(pool.liquidity).toBeGreaterThan(0n);
    expect(back.amountOut).toBeGreaterThan(0n);
  });

  it('moves to a price with the liquidity it has', () => {
    fc.assert(
      fc.property(reservesArbitrary, fc.integer({ min: 1, max: 1_000 }), (reserves, factor) => {
        const pool = poolOf(reserves);
        const { liquidity } = pool;
        const target = { amount0: reserves.amount0 * BigInt(factor), amount1: reserves.amount1 };
        pool.setPrice(target);
        expect(pool.liquidity).toBe(liquidity);
        expect(pool.sqrtPriceX96).toBe(poolOf(target).sqrtPriceX96);
        pool.setPrice(reserves);
        expect(pool.reserves.amount0 - reserves.amount0).toBe(0n);
        expect(pool.reserves.amount1 - reserves.amount1).toBe(0n);
      }),
    );
  });

  it('has no price before it has reserves, and none after they are taken', () => {
    const pool = new SwapPool([...TOKENS]);
    const dry = { kind: 'error', message: 'price limit out of bound' };
    for (const isZeroForOne of [true, false]) {
      expect(pool.preview({ amountIn: 1n, isZeroForOne })).toEqual(dry);
    }
    expect(() => pool.setPrice({ amount0: 1n, amount1: 1n })).toThrow(/set its reserves/);
    pool.setReserves({ amount0: 10n, amount1: 10n });
    pool.clear();
    expect([pool.sqrtPriceX96, pool.liquidity, pool.reserves.amount0]).toEqual([0n, 0n, 0n]);
    expect(pool.preview({ amountIn: 1n, isZeroForOne: true })).toEqual(dry);
  });

  it.each([
    { amount0: 0n, amount1: 1n },
    { amount0: 1n, amount1: 0n },
    { amount0: 1n, amount1: 10n ** 39n },
  ])('refuses reserves of $amount0 and $amount1', (reserves) => {
    expect(() => poolOf(reserves)).toThrow(RangeError);
  });
});
