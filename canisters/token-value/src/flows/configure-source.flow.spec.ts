import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeRuntime } from '@decent-cloud/kit/testing/runtime.fake.ts';
import type { PriceOrigin, PriceSource } from '../core/sources/price-source.ts';
import { openStorage } from '../storage/token-value-storage.ts';
import { addSource, setSourceEnabled } from './configure-source.flow.ts';

const [controller, somebody, pool, base, quote] = [11, 12, 13, 14, 15].map((byte) =>
  Principal.fromUint8Array(Uint8Array.of(byte)),
) as [Principal, Principal, Principal, Principal, Principal];

const source: PriceSource = {
  origin: { kind: 'icpswap-pool', pool, base, quote },
  minDepth: 1_000_000_000_000n as UsdE8,
  isEnabled: true,
};
const rate: PriceOrigin = {
  kind: 'exchange-rate',
  canister: pool,
  baseSymbol: 'ICP',
  quoteSymbol: 'USD',
};

function newCanister() {
  const { open } = new FakeMemories();
  const runtime = new FakeRuntime();
  runtime.controllers = [controller];
  runtime.callerNow = controller;
  return { runtime, storage: openStorage(open), reopen: () => openStorage(open) };
}

describe('addSource', () => {
  it('numbers sources and keeps every kind across an upgrade', () => {
    const canister = newCanister();
    expect(addSource(canister, source)).toEqual({ kind: 'ok', value: 0 });
    expect(addSource(canister, { ...source, origin: rate })).toEqual({ kind: 'ok', value: 1 });
    const { rows } = canister.reopen().sources.page(null, { order: 'oldest-first', limit: 9 });
    expect(rows.map(({ value }) => value)).toEqual([source, { ...source, origin: rate }]);
  });

  it.each<PriceOrigin>([
    { kind: 'icpswap-pool', pool, base, quote: base },
    { kind: 'icpswap-pool', pool: Principal.anonymous(), base, quote },
    { ...rate, baseSymbol: 'icp' },
    { ...rate, quoteSymbol: '' },
    { ...rate, quoteSymbol: 'ICP' },
    { ...rate, canister: Principal.anonymous() },
  ])('refuses the origin %j', (origin) => {
    const canister = newCanister();
    expect(addSource(canister, { ...source, origin })).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'origin' } },
    });
    expect(canister.storage.sources.length(null)).toBe(0);
  });

  it('refuses an absurd depth', () => {
    const minDepth = (10n ** 19n) as UsdE8;
    expect(addSource(newCanister(), { ...source, minDepth })).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'min_depth_usd_e8' } },
    });
  });
});

describe('setSourceEnabled', () => {
  it('switches one source and changes nothing else of it', () => {
    const canister = newCanister();
    addSource(canister, source);
    const off = { ...source, isEnabled: false };
    expect(setSourceEnabled(canister, { seq: 0, isEnabled: false })).toEqual({
      kind: 'ok',
      value: off,
    });
    expect(canister.reopen().sources.get(null, 0)).toEqual(off);
  });

  it('refuses a source that does not exist', () => {
    expect(setSourceEnabled(newCanister(), { seq: 0, isEnabled: true })).toMatchObject({
      error: { leaf: { kind: 'not-found' } },
    });
  });

  it.each([
    { caller: Principal.anonymous(), leaf: 'not-authenticated' },
    { caller: somebody, leaf: 'not-allowed' },
  ])('refuses anybody but a controller: $leaf', ({ caller, leaf }) => {
    const canister = newCanister();
    addSource(canister, source);
    canister.runtime.callerNow = caller;
    const refused = { error: { kind: 'request', leaf: { kind: leaf } } };
    expect(addSource(canister, source)).toMatchObject(refused);
    expect(setSourceEnabled(canister, { seq: 0, isEnabled: false })).toMatchObject(refused);
    expect(canister.storage.sources.get(null, 0)).toEqual(source);
  });
});
