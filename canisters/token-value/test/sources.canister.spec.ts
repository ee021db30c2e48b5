import { describe, expect, it } from 'vitest';
import {
  CKUSDC_LEDGER_ID,
  CKUSDT_LEDGER_ID,
  DCT_LEDGER_ID,
  ICP_LEDGER_ID,
} from '@decent-cloud/localnet/system/system-ids.ts';
import { poolToken } from '@decent-cloud/localnet/system/dex/market-assets.ts';
import { SwapPool } from '@decent-cloud/localnet/system/dex/icpswap/swap-pool.ts';
import { MINUTE_NS, okOf, PriceCanister, TICK_NS } from './support/price-canister.ts';

const HOUR_NS = 60n * MINUTE_NS;
/** Longer than any sample is believed. */
const STALE_NS = 22n * MINUTE_NS;

/** A way for one source to fail, and what the status then says. */
interface Kill {
  readonly label: string;
  readonly how: string;
  readonly kill: (canister: PriceCanister) => void;
  /** Code of the reason for which it does not count. */
  readonly code: string;
  /** Code of the last failure; undefined where it is not asked any more. */
  readonly failure: string | undefined;
}

const RATE = 'XRC ICP/USD';
const POOL = 'ICPSwap ICP/ckUSDC';
const BOOK = 'OISY TRADE ICP/ckUSDT';
const CMC = 'CMC ICP/XDR';

const kills: readonly Kill[] = [
  {
    label: POOL,
    how: 'is switched off',
    kill: ({ owner }) => void okOf(owner.set_source_enabled(6n, false)),
    code: 'disabled',
    failure: undefined,
  },
  {
    label: POOL,
    how: 'is unavailable',
    kill: ({ market }) => market.pools.icpCkusdc.setAvailable(false),
    code: 'stale',
    failure: 'unavailable',
  },
  {
    label: POOL,
    how: 'is not initialised',
    kill: ({ market }) => market.pools.icpCkusdc.clear(),
    code: 'stale',
    failure: 'uninitialised',
  },
  {
    label: POOL,
    how: 'was deleted',
    kill: ({ market }) => market.pools.icpCkusdc.availability.set({ Deleted: null }),
    code: 'stale',
    failure: 'call-failed',
  },
  {
    label: POOL,
    how: 'was stopped',
    kill: ({ market }) => market.pools.icpCkusdc.availability.set({ Stopped: null }),
    code: 'stale',
    failure: 'call-failed',
  },
  {
    label: POOL,
    how: 'traps',
    kill: ({ market }) => market.pools.icpCkusdc.availability.set({ Trapping: 'out of sorts' }),
    code: 'stale',
    failure: 'call-failed',
  },
  {
    label: BOOK,
    how: 'is under maintenance',
    kill: ({ market }) => market.oisyTrade.availability.set({ Rejecting: 'maintenance' }),
    code: 'stale',
    failure: 'call-failed',
  },
  {
    label: BOOK,
    how: 'has nobody who sells',
    kill: ({ market }) =>
      market.oisyTrade.setTop(
        { base: ICP_LEDGER_ID, quote: CKUSDT_LEDGER_ID },
        { bid: { price: 5_000_000n, quantity: 10n ** 12n } },
      ),
    code: 'stale',
    failure: 'empty-side',
  },
  {
    label: RATE,
    how: 'is rate limited',
    kill: ({ market }) => market.xrc.failNext('RateLimited', 1_000),
    code: 'stale',
    failure: 'try-later',
  },
  {
    label: RATE,
    how: 'has inconsistent rates',
    kill: ({ market }) => market.xrc.failNext('InconsistentRatesReceived', 1_000),
    code: 'stale',
    failure: 'exchange-rate-error',
  },
  {
    label: CMC,
    how: 'is switched off',
    kill: ({ owner }) => void okOf(owner.set_source_enabled(5n, false)),
    code: 'disabled',
    failure: undefined,
  },
];

describe('one source that fails', () => {
  it.each(kills)('$label $how: the price holds and the status names it', (one) => {
    const canister = PriceCanister.ready();
    one.kill(canister);
    for (let ticks = 0n; ticks * TICK_NS < STALE_NS; ticks += 1n) {
      canister.world.elapse(TICK_NS);
      // Without the exchange rate canister, dollars count for as little as they may be worth.
      expect(Number(canister.price(ICP_LEDGER_ID).usd_e8) / 1e8).toBeGreaterThanOrEqual(4.899);
      expect(Number(canister.price(ICP_LEDGER_ID).usd_e8) / 1e8).toBeLessThanOrEqual(5);
    }
    const status = canister.source(one.label);
    expect(status).toMatchObject({ is_valid: false, rejection: [{ code: one.code }] });
    expect(status.last_failure.map(({ reason }) => reason.code)).toEqual(
      one.failure === undefined ? [] : [one.failure],
    );
    const rejected = canister
      .events()
      .flatMap(({ event: [event] }) =>
        event !== undefined && 'SourceRejected' in event ? [event.SourceRejected] : [],
      );
    const told = { id: status.id, reason: expect.objectContaining({ code: one.code }) as unknown };
    expect(rejected).toContainEqual(told);
  });

  it('counts again after an hour of good samples', () => {
    const canister = PriceCanister.ready();
    canister.market.pools.icpCkusdc.availability.set({ Stopped: null });
    canister.world.elapse(HOUR_NS);
    expect(canister.source(POOL).is_valid).toBe(false);
    canister.market.pools.icpCkusdc.availability.set({ Up: null });
    canister.world.elapse(HOUR_NS);
    expect(canister.source(POOL).is_valid).toBe(true);
    const [failure] = canister.source(POOL).last_failure;
    expect(failure?.reason.message).toContain('rejected with code 5');
  });

  it('that answers for other tokens is not believed', () => {
    const canister = PriceCanister.ready();
    const other = new SwapPool([poolToken('BTC'), poolToken('USDT')]);
    other.setReserves({ amount0: 10n ** 12n, amount1: 10n ** 12n });
    const { pools } = canister.market;
    // The pool's whole state is replaced: its canister now is a pool of ckBTC and ckUSDT.
    pools.icpCkusdc.load(other.save());
    canister.world.elapse(TICK_NS);
    const [failure] = canister.source(POOL).last_failure;
    expect(failure?.reason.code).toBe('wrong-identity');
    expect(canister.price(ICP_LEDGER_ID).symbol).toBe('ICP');
  });
});

describe('KongSwap', () => {
  it.each(['working', 'maintenance', 'deleted', 'absent'] as const)(
    'in its form "%s" is not asked and never counts',
    (kongSwap) => {
      const canister = PriceCanister.ready({ kongSwap });
      const kong = canister.source('KongSwap DCT/ckUSDT');
      expect(kong).toMatchObject({ is_enabled: false, asked_at_ns: [], samples_kept: 0 });
      expect(canister.token('DCT').counted_sources).not.toContain(kong.id);
    },
  );

  it('works where somebody opens it again and a controller switches it on', () => {
    const canister = PriceCanister.ready({ kongSwap: 'working' });
    okOf(canister.owner.set_source_enabled(11n, true));
    canister.world.elapse(HOUR_NS);
    expect(canister.source('KongSwap DCT/ckUSDT').is_valid).toBe(true);
    expect(canister.token('DCT').counted_sources).toContain(11n);
    expect(Number(canister.price(DCT_LEDGER_ID).usd_e8) / 1e8).toBeCloseTo(0.02, 4);
  });
});

describe('all sources dead', () => {
  it('leave no price and the time of the last good one, never a stale price', () => {
    const canister = PriceCanister.ready();
    const { at_ns: atNs } = canister.price(ICP_LEDGER_ID);
    canister.setEverySource({ Stopped: null });
    okOf(canister.owner.set_source_enabled(5n, false));
    canister.world.elapse(STALE_NS);
    for (const ledger of [ICP_LEDGER_ID, CKUSDC_LEDGER_ID, DCT_LEDGER_ID]) {
      const { reason, last_good_at_ns: lastGood } = canister.noPrice(ledger);
      expect(reason).toBe('no-valid-route');
      expect(lastGood[0]).toBeGreaterThanOrEqual(atNs);
      expect(lastGood[0]).toBeLessThanOrEqual(atNs + 15n * MINUTE_NS);
    }
    canister.world.elapse(3n * HOUR_NS);
    expect(canister.upgrade()).toEqual({ kind: 'ok' });
    expect(canister.noPrice(DCT_LEDGER_ID).last_good_at_ns).toHaveLength(1);
    canister.setEverySource({ Up: null });
    canister.world.elapse(HOUR_NS);
    expect(canister.price(DCT_LEDGER_ID).symbol).toBe('DCT');
  });

  it('are told of before the price expires, and the price goes when it does', () => {
    const canister = PriceCanister.ready();
    const before = canister.token('DCT');
    canister.setEverySource({ Rejecting: 'gone' });
    canister.world.elapse(2n * TICK_NS);
    expect(canister.price(DCT_LEDGER_ID).symbol).toBe('DCT');
    expect(canister.token('DCT').expires_at_ns).toEqual(before.expires_at_ns);
    canister.world.elapse((before.expires_at_ns[0] ?? 0n) + MINUTE_NS - canister.world.timeNs);
    expect(canister.noPrice(DCT_LEDGER_ID).reason).toBe('no-valid-route');
  });
});

describe('a stable token that leaves its peg', () => {
  it('has no price, and neither has what only it vouches for', () => {
    const canister = PriceCanister.ready();
    canister.market.setUsdPrice('USDC', 97_000_000n);
    canister.world.elapse(TICK_NS);
    expect(canister.noPrice(CKUSDC_LEDGER_ID).reason).toBe('off-peg');
    expect(Number(canister.price(CKUSDT_LEDGER_ID).usd_e8) / 1e8).toBeCloseTo(1.0001, 4);
    const icp = canister.token('ICP');
    expect(icp.routes[1]?.rejection).toMatchObject([{ code: 'quote-token-off-peg' }]);
    expect(Number(canister.price(ICP_LEDGER_ID).usd_e8) / 1e8).toBeCloseTo(5, 2);
    canister.market.setUsdPrice('USDC', 99_900_000n);
    canister.world.elapse(HOUR_NS);
    expect(canister.price(CKUSDC_LEDGER_ID).usd_e8).toBeGreaterThan(98_000_000n);
  });
});

describe('a pump on the thin pool', () => {
  it('makes a payment hardly cheaper: the least of spot, hour and 1.1 times the day', () => {
    const canister = PriceCanister.ready();
    canister.world.elapse(2n * HOUR_NS);
    canister.market.setUsdPrice('DCT', 4_000_000n);
    for (let ticks = 0; ticks < 14; ticks += 1) {
      canister.world.elapse(TICK_NS);
      const result = canister.guest.get_price(DCT_LEDGER_ID);
      if ('Ok' in result) expect(result.Ok.usd_e8).toBeLessThanOrEqual(2_200_000n);
    }
    expect(canister.source('ICPSwap DCT/ICP').quarantined_since_ns).toHaveLength(1);
  });
});
