import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { Cycles, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { err, ok } from '@decent-cloud/domain/result.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import type { CallRequest } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeRuntime, FakeTimers } from '@decent-cloud/kit/testing/runtime.fake.ts';
import type { PriceSource, TokenAsset } from '../core/sources/price-source.ts';
import type { SourceId } from '../core/units.ts';
import { openStorage } from '../storage/token-value-storage.ts';
import { RATE_CYCLES_FLOOR } from './ask/ask-source.ts';
import { PriceBook } from './price-book.ts';
import { Sampler, TICK_SECONDS } from './sampler.ts';

const SECOND_NS = 1_000_000_000n;
const MINUTE_NS = 60n * SECOND_NS;

const [cmc, xrc, ledger] = [1, 2, 3].map((byte) =>
  Principal.fromUint8Array(Uint8Array.of(byte, 1, 1)),
) as [Principal, Principal, Principal];
const icp: TokenAsset = { kind: 'token', ledger, decimals: 8 };
const rest = { minDepthUsdE8: 0n as UsdE8, isThin: false, isEnabled: true };

const inXdr: PriceSource = {
  ...rest,
  label: 'CMC',
  origin: { kind: 'cmc-xdr', canister: cmc, icp },
};
const inUsd: PriceSource = {
  ...rest,
  label: 'XRC',
  origin: {
    kind: 'exchange-rate',
    canister: xrc,
    base: { asset: icp, symbol: 'ICP', class: 'crypto' },
    quote: { asset: { kind: 'usd' }, symbol: 'USD', class: 'fiat' },
    minReceivedRates: 3,
  },
};

const CmcReply = IDL.Record({
  data: IDL.Record({ timestamp_seconds: IDL.Nat64, xdr_permyriad_per_icp: IDL.Nat64 }),
});

/** A canister with its clockwork in the test's hands. */
class Canister {
  readonly runtime = new FakeRuntime();
  readonly timers = new FakeTimers();
  readonly storage = openStorage(new FakeMemories().open);
  readonly prices = new PriceBook(this);
  readonly sampler = new Sampler({
    runtime: this.runtime,
    timers: this.timers,
    storage: this.storage,
    prices: this.prices,
  });
  readonly calls: CallRequest[] = [];

  constructor(...sources: readonly PriceSource[]) {
    for (const source of sources) this.storage.config.addSource(source);
    this.runtime.answerCall = (request) => {
      this.calls.push(request);
      return Promise.resolve(ok(this.#rate()));
    };
  }

  #rate(): Uint8Array {
    const data = {
      timestamp_seconds: this.runtime.now / SECOND_NS,
      xdr_permyriad_per_icp: 36_600n,
    };
    return new Uint8Array(IDL.encode([CmcReply], [{ data }]));
  }

  pass(ns: bigint): void {
    this.runtime.now = timestampNs(this.runtime.now + ns);
  }

  /** Runs what is due now, and waits for whatever answers. */
  async fireDue(): Promise<void> {
    for (;;) {
      const index = this.timers.delays.findIndex(({ afterSeconds }) => afterSeconds === 0);
      if (index < 0) return;
      const [delay] = this.timers.delays.splice(index, 1);
      void Promise.resolve(delay?.run()).catch(() => undefined);
      await new Promise(setImmediate);
    }
  }

  samples(id: number): number {
    return this.storage.samples.ring(id as SourceId).length;
  }
}

describe('the tick', () => {
  it('asks every source once in a message of its own, and then has prices made', async () => {
    const canister = new Canister(inXdr);
    canister.sampler.tick();
    expect(canister.calls).toEqual([]);
    await canister.fireDue();
    expect(canister.calls.map(({ method }) => method)).toEqual(['get_icp_xdr_conversion_rate']);
    expect(canister.samples(0)).toBe(1);
    expect(canister.storage.journal.length()).toBe(1);
  });

  it('is never less than four minutes after the one before', () => {
    const canister = new Canister();
    let [before, first] = [undefined as bigint | undefined, canister.runtime.now as bigint];
    for (let turn = 0; turn < 500; turn += 1) {
      canister.sampler.scheduleTick();
      const [delay] = canister.timers.delays.splice(0);
      const at = first + BigInt(delay?.afterSeconds ?? 0) * SECOND_NS;
      if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(4n * MINUTE_NS);
      [before, first] = [at, first + BigInt(TICK_SECONDS) * SECOND_NS];
      canister.runtime.now = timestampNs(first);
    }
  });

  it('leaves out what is switched off, was asked just now, or has not answered', async () => {
    const canister = new Canister({ ...inXdr, isEnabled: false }, inXdr, inXdr);
    const { runtime, sampler } = canister;
    runtime.answerCall = () => new Promise(() => undefined);
    sampler.tick();
    await canister.fireDue();
    const askedAt = runtime.now;
    canister.pass(10n * MINUTE_NS);
    canister.storage.samples.markAsked(2 as SourceId, runtime.now);
    expect(sampler.tick().map(({ outcome }) => outcome)).toEqual([
      { kind: 'disabled' },
      { kind: 'open', sinceNs: askedAt },
      { kind: 'open', sinceNs: askedAt },
    ]);
    expect(sampler.hangingSinceNs(1 as SourceId)).toBe(askedAt);
    expect(sampler.hangingSinceNs(0 as SourceId)).toBeUndefined();
    expect(sampler.openCallCount()).toBe(2);
  });

  it('does not ask twice when two ticks come at once', async () => {
    const canister = new Canister(inXdr);
    canister.sampler.tick();
    canister.sampler.tick();
    await canister.fireDue();
    expect(canister.calls).toHaveLength(1);
    canister.pass(4n * MINUTE_NS - 1n);
    expect(canister.sampler.tick()[0]?.outcome).toEqual({ kind: 'too-soon' });
    canister.pass(1n);
    expect(canister.sampler.tick()[0]?.outcome).toEqual({ kind: 'started' });
  });
});

describe('an answer', () => {
  it('has the time before it was asked for', async () => {
    const canister = new Canister(inXdr);
    const askedAt = canister.runtime.now;
    const { answerCall } = canister.runtime;
    canister.runtime.answerCall = (request) => {
      canister.pass(30n * SECOND_NS);
      return answerCall?.(request) ?? Promise.reject(new Error('nobody answers'));
    };
    canister.sampler.tick();
    await canister.fireDue();
    expect(canister.storage.samples.ring(0 as SourceId)[0]?.atNs).toBe(askedAt);
  });

  it('that is a rejection is kept as the reason', async () => {
    const canister = new Canister(inXdr);
    const message = 'no such method'.repeat(50);
    canister.runtime.answerCall = () =>
      Promise.resolve(err({ kind: 'rejected', code: 5, message }));
    canister.sampler.tick();
    await canister.fireDue();
    const { failure } = canister.storage.samples.state(0 as SourceId);
    expect(failure?.rejection).toMatchObject({ kind: 'call-failed' });
    expect(JSON.stringify(failure?.rejection).length).toBeLessThan(300);
    expect(canister.sampler.openCallCount()).toBe(0);
  });

  it('whose reading traps leaves the source free to be asked again', async () => {
    const canister = new Canister(inXdr);
    const cleanup = Object.assign(new Error('trapped'), {
      type: 'CleanupCallback',
      rejectCode: 10_001,
    });
    canister.runtime.answerCall = () => Promise.reject(cleanup);
    canister.sampler.tick();
    await canister.fireDue();
    expect(canister.sampler.openCallCount()).toBe(0);
    expect(canister.storage.samples.state(0 as SourceId).failure).toBeUndefined();
    canister.pass(5n * MINUTE_NS);
    expect(canister.sampler.tick()[0]?.outcome).toEqual({ kind: 'started' });
  });
});

describe('rates that cost cycles', () => {
  it('are not asked for when cycles are low, and what is free still is', async () => {
    const canister = new Canister(inUsd, inXdr);
    canister.runtime.cyclesNow = (RATE_CYCLES_FLOOR - 1n) as Cycles;
    canister.sampler.tick();
    await canister.fireDue();
    expect(canister.calls.map(({ canisterId }) => canisterId.toText())).toEqual([cmc.toText()]);
    const { failure } = canister.storage.samples.state(0 as SourceId);
    expect(failure?.rejection).toMatchObject({
      detail: expect.stringContaining('cycles') as unknown,
    });
  });

  it('are asked for with the cycles that they want', async () => {
    const canister = new Canister(inUsd);
    canister.sampler.tick();
    await canister.fireDue();
    expect(canister.calls).toMatchObject([{ method: 'get_exchange_rate', cycles: 1_000_000_000n }]);
  });
});
