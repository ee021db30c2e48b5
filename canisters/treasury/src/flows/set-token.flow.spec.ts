import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeRuntime } from '@decent-cloud/kit/testing/runtime.fake.ts';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { applyEvent } from '../core/apply.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';
import { openStorage } from '../storage/treasury-storage.ts';
import { setToken } from './set-token.flow.ts';

const controller = Principal.fromUint8Array(Uint8Array.of(1));
const somebody = Principal.fromUint8Array(Uint8Array.of(2));

function newCanister() {
  const { open } = new FakeMemories();
  const runtime = new FakeRuntime();
  runtime.controllers = [controller];
  runtime.callerNow = controller;
  return { runtime, storage: openStorage(open), reopen: () => openStorage(open) };
}

const token: TokenConfig = {
  ledger: Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2, 1, 1)),
  symbol: 'ICP',
  decimals: 8,
  fee: 10_000n as TokenUnits,
  minPayout: 1_000_000n as TokenUnits,
  hasIcrc3Blocks: false,
  isEnabled: true,
};
const all = { order: 'oldest-first', limit: 1_000 } as const;

describe('setToken', () => {
  it('records who set what and when, and shows it at once', () => {
    const { runtime, storage } = newCanister();
    expect(setToken({ runtime, storage }, token)).toEqual({ kind: 'ok', value: 0 });
    expect(storage.tokens.get(token.ledger)).toEqual(token);
    expect(storage.journal.get(0)).toEqual({
      at: runtime.now,
      event: { kind: 'token-configured', by: controller, config: token },
    });
  });

  it('replaces a known token and keeps both events', () => {
    const { runtime, storage, reopen } = newCanister();
    const changed = { ...token, isEnabled: false, fee: 20_000n as TokenUnits };
    setToken({ runtime, storage }, token);
    expect(setToken({ runtime, storage }, changed)).toEqual({ kind: 'ok', value: 1 });
    expect(reopen().tokens.page(all).rows).toEqual([{ seq: 0, value: changed }]);
    expect(reopen().journal.length()).toBe(2);
  });

  it.each([
    { caller: Principal.anonymous(), leaf: 'not-authenticated' },
    { caller: somebody, leaf: 'not-allowed' },
  ])('refuses anybody but a controller: $leaf', ({ caller, leaf }) => {
    const { runtime, storage } = newCanister();
    runtime.callerNow = caller;
    const refused = setToken({ runtime, storage }, token);
    expect(refused).toMatchObject({ error: { kind: 'request', leaf: { kind: leaf } } });
    expect(storage.journal.length()).toBe(0);
  });

  it.each([
    { change: { symbol: '' }, argument: 'symbol' },
    { change: { symbol: 'a b' }, argument: 'symbol' },
    { change: { decimals: 25 }, argument: 'decimals' },
    { change: { decimals: 9 }, argument: 'decimals' },
    { change: { ledger: Principal.anonymous() }, argument: 'ledger' },
    { change: { fee: (10n ** 31n) as TokenUnits }, argument: 'fee' },
    { change: { minPayout: (10n ** 37n) as TokenUnits }, argument: 'min_payout' },
  ])('refuses $change and records nothing', ({ change, argument }) => {
    const { runtime, storage } = newCanister();
    setToken({ runtime, storage }, token);
    expect(setToken({ runtime, storage }, { ...token, ...change })).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument } },
    });
    expect(storage.journal.length()).toBe(1);
  });

  it('gives the same state again when the journal is replayed', () => {
    const change = fc.record({ ledger: fc.integer({ min: 5, max: 9 }), fee: fc.nat() });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const { runtime, storage } = newCanister();
        for (const { ledger, fee } of changes) {
          const config = {
            ...token,
            ledger: Principal.fromUint8Array(Uint8Array.of(ledger)),
            fee: BigInt(fee) as TokenUnits,
          };
          expect(setToken({ runtime, storage }, config).kind).toBe('ok');
        }
        const replayed = newCanister().storage;
        for (let seq = 0; seq < storage.journal.length(); seq += 1) {
          applyEvent(replayed, {
            seq,
            ...present(storage.journal.get(seq), 'an entry is missing'),
          });
        }
        expect(replayed.tokens.page(all)).toEqual(storage.tokens.page(all));
      }),
    );
  });
});
