import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { Availability } from '@decent-cloud/localnet/system/dex/availability.ts';
import { DCT_LEDGER_ID, ICP_LEDGER_ID } from '@decent-cloud/localnet/system/system-ids.ts';
import { priceConfig } from '../../../scripts/start/price-config.ts';
import { oddCanister } from './support/odd-canister.ts';
import { MINUTE_NS, okOf, PriceCanister, TICK_NS, wasmOf } from './support/price-canister.ts';

const POOL = 'ICPSwap ICP/ckUSDC';
const HALF_HOUR_NS = 30n * MINUTE_NS;

/** Prices are there, and from now on one pool never answers. */
function hangingPool(): { canister: PriceCanister; switched: Availability } {
  const canister = PriceCanister.ready();
  const { availability: switched } = canister.market.pools.icpCkusdc;
  switched.set({ Hanging: null });
  canister.world.elapse(HALF_HOUR_NS);
  return { canister, switched };
}

describe('a source that never answers', () => {
  it('is named with its time, and is not asked again', () => {
    const { canister, switched } = hangingPool();
    expect(switched.waitingCount).toBe(1);
    const status = canister.source(POOL);
    expect(status).toMatchObject({ is_valid: false, rejection: [{ code: 'stale' }] });
    expect(status.hanging_since_ns).toEqual(status.asked_at_ns);
    expect(canister.source('XRC ICP/USD').hanging_since_ns).toEqual([]);
    canister.world.elapse(4n * MINUTE_NS);
    const outcomes = okOf(canister.owner.sample_now());
    const since = { since_ns: status.hanging_since_ns[0] };
    expect(outcomes[6]?.outcome).toEqual([{ CallOpen: since }]);
  });

  it('does not keep the others from being asked, nor prices from being read', () => {
    const { canister } = hangingPool();
    for (const label of ['XRC ICP/USD', 'ICPSwap ICP/ckUSDT', 'OISY TRADE ICP/ckUSDT']) {
      const source = canister.source(label);
      expect(source.is_valid).toBe(true);
      expect(source.age_seconds[0]).toBeLessThan(420n);
    }
    expect(Number(canister.price(ICP_LEDGER_ID).usd_e8) / 1e8).toBeCloseTo(5, 4);
    expect(canister.price(DCT_LEDGER_ID).symbol).toBe('DCT');
  });

  it.each(['xrc', 'oisyTrade'] as const)('may be %s', (name) => {
    const canister = PriceCanister.ready();
    canister.market[name].availability.set({ Hanging: null });
    canister.world.elapse(HALF_HOUR_NS);
    expect(Number(canister.price(ICP_LEDGER_ID).usd_e8) / 1e8).toBeGreaterThanOrEqual(4.899);
    canister.market[name].availability.set({ Up: null });
    canister.world.elapse(60n * MINUTE_NS);
    expect(canister.source('XRC ICP/USD').is_valid).toBe(true);
    expect(
      canister.guest.get_price_status().sources.flatMap((one) => one.hanging_since_ns),
    ).toEqual([]);
  });

  it('leaves the upgrade and the stop of every other canister alone', () => {
    const { canister } = hangingPool();
    const { world } = canister;
    const wasm = wasmOf('archive');
    const other = world.install({ wasm });
    expect(world.upgrade({ canisterId: other, wasm })).toEqual({ kind: 'ok' });
    const stop = world.stop(other);
    world.runUntilIdle();
    expect(stop.isDone()).toBe(true);
  });

  it('blocks the upgrade and the stop of token-value until it answers', () => {
    const { canister, switched } = hangingPool();
    const { world } = canister;
    const refused = canister.upgrade();
    expect(refused).toMatchObject({ kind: 'reject' });
    expect('message' in refused ? refused.message : '').toContain('calls are in flight');
    expect(canister.price(ICP_LEDGER_ID).symbol).toBe('ICP');
    const stop = world.stop(canister.id);
    world.elapse(HALF_HOUR_NS);
    expect(stop.isDone()).toBe(false);
    switched.set({ Up: null });
    world.elapse(MINUTE_NS);
    expect(stop.isDone()).toBe(true);
    expect(canister.upgrade()).toEqual({ kind: 'ok' });
    world.start(canister.id);
    world.elapse(60n * MINUTE_NS);
    expect(canister.source(POOL)).toMatchObject({ is_valid: true, hanging_since_ns: [] });
  });

  it('does not block an upgrade that the operator forces', () => {
    const { canister } = hangingPool();
    okOf(canister.owner.set_source_enabled(6n, false));
    const before = canister.price(ICP_LEDGER_ID);
    expect(canister.upgrade(true)).toEqual({ kind: 'ok' });
    expect(canister.price(ICP_LEDGER_ID).usd_e8).toBe(before.usd_e8);
    canister.world.elapse(2n * TICK_NS);
    expect(canister.source('XRC ICP/USD').age_seconds[0]).toBeLessThan(420n);
    expect(canister.source(POOL)).toMatchObject({ is_enabled: false, hanging_since_ns: [] });
  });
});

/** `vec null` with four billion elements: eleven bytes that a naive decoder reads for ever. */
const CANDID_BOMB = Uint8Array.of(
  0x44,
  0x49,
  0x44,
  0x4c,
  1,
  0x6d,
  0x7f,
  1,
  0,
  0xff,
  0xff,
  0xff,
  0xff,
  0x0f,
);

describe('a source that answers with garbage', () => {
  it.each([
    { what: 'no bytes', reply: new Uint8Array(0) },
    { what: 'no Candid', reply: new TextEncoder().encode('<html>502</html>') },
    { what: 'another type', reply: new Uint8Array(IDL.encode([IDL.Text], ['5 dollars'])) },
    {
      what: 'a variant of its own',
      reply: new Uint8Array(IDL.encode([IDL.Variant({ yes: IDL.Nat })], [{ yes: 1n }])),
    },
    { what: 'a megabyte', reply: new Uint8Array(IDL.encode([IDL.Text], ['x'.repeat(1_000_000)])) },
    { what: 'a Candid bomb', reply: CANDID_BOMB },
  ])('($what) gives no sample and harms nobody', ({ reply }) => {
    const canister = PriceCanister.ready();
    const pool = Principal.fromText('rdmx6-jaaaa-aaaaa-aaadq-cai');
    canister.world.installNative(pool, oddCanister(['metadata'], reply));
    const like = priceConfig().sources[6];
    if (like === undefined || !('IcpSwapPool' in like.origin)) throw new Error('another source');
    const origin = { IcpSwapPool: { ...like.origin.IcpSwapPool, pool } };
    okOf(canister.owner.add_source({ ...like, label: 'odd', origin }));
    canister.world.elapse(2n * TICK_NS);
    const odd = canister.source('odd');
    expect(odd).toMatchObject({ samples_kept: 0, hanging_since_ns: [] });
    expect(odd.last_failure).toMatchObject([{ reason: { code: 'call-failed' } }]);
    expect(odd.last_failure[0]?.reason.message.length).toBeLessThan(300);
    expect(canister.source('XRC ICP/USD').age_seconds[0]).toBeLessThan(420n);
    expect(canister.price(ICP_LEDGER_ID).symbol).toBe('ICP');
  });
});
