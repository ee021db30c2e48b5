import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { MemoryStableStore } from '@decent-cloud/kit/testing/memory-stable-store.fake.ts';
import { RING_CAPACITY, SAMPLE_GAP_NS } from '../core/samples/ring.ts';
import type { RawInputs, Sample, SampleRejection } from '../core/samples/sample.ts';
import type { RatioE18, SourceId } from '../core/units.ts';
import { SampleStore } from './sample-store.ts';

const START_NS = 1_795_000_000_000_000_000n;
const idOf = (value: number) => value as SourceId;

const raws: readonly RawInputs[] = [
  {
    kind: 'icpswap-pool',
    sqrtPriceX96: 2n ** 160n,
    tick: -887_272n,
    liquidity: 5n,
    token0Units: 6n,
    token1Units: 7n,
  },
  {
    kind: 'exchange-rate',
    rate: 5_000_000_000n,
    decimals: 9,
    timestampSeconds: 1n,
    receivedRates: 8n,
    standardDeviation: 9n,
  },
  { kind: 'oisy-trade', bidPrice: 1n, bidUnits: 2n, askPrice: 3n, askUnits: 4n },
  { kind: 'kongswap', baseUnits: 1n, quoteUnits: 2n, poolId: 3 },
  { kind: 'cmc-xdr', xdrPermyriadPerIcp: 36_600n, timestampSeconds: 1n },
];

function sampleAt(turn: number, ratio = 1n): Sample {
  return {
    atNs: timestampNs(START_NS + BigInt(turn) * SAMPLE_GAP_NS),
    ratioE18: ratio as RatioE18,
    depthUnits: turn % 2 === 0 ? undefined : (BigInt(turn) as TokenUnits),
    raw: raws[turn % raws.length] as RawInputs,
  };
}

function newStores() {
  const stores = { states: new MemoryStableStore(), samples: new MemoryStableStore() };
  return { stores, open: () => new SampleStore(stores) };
}

describe('SampleStore', () => {
  it('keeps the last day of each source, in the heap and in stable memory alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 * RING_CAPACITY + 5 }), (count) => {
        const { open } = newStores();
        const store = open();
        for (let turn = 0; turn < count; turn += 1) store.append(idOf(3), sampleAt(turn));
        const kept = Math.min(count, RING_CAPACITY);
        const expected = Array.from({ length: kept }, (_, index) => {
          const { atNs, ratioE18, depthUnits } = sampleAt(count - kept + index);
          return { atNs, ratioE18, depthUnits };
        });
        expect(store.ring(idOf(3))).toEqual(expected);
        const reopened = open();
        expect(reopened.ring(idOf(3))).toEqual(expected);
        expect(reopened.ring(idOf(4))).toEqual([]);
        expect(reopened.state(idOf(3))).toEqual(store.state(idOf(3)));
      }),
      { numRuns: 12 },
    );
  });

  it('writes one sample row and one state row for a sample, whatever is there', () => {
    const { stores, open } = newStores();
    const store = open();
    for (let turn = 0; turn < RING_CAPACITY + 10; turn += 1) {
      const before = [stores.samples.writes, stores.states.writes];
      store.append(idOf(0), sampleAt(turn));
      const after = [stores.samples.writes, stores.states.writes];
      expect(after).toEqual(before.map((writes) => writes + 1));
    }
    expect(stores.samples.size()).toBe(RING_CAPACITY);
  });

  it('refuses a sample too soon after the newest, or older than it', () => {
    const store = newStores().open();
    store.append(idOf(0), sampleAt(1));
    const early = { ...sampleAt(2), atNs: timestampNs(sampleAt(2).atNs - 1n) };
    expect(store.append(idOf(0), early)).toEqual({ kind: 'err', error: { kind: 'too-soon' } });
    expect(store.append(idOf(0), sampleAt(0)).kind).toBe('err');
    expect(store.ring(idOf(0))).toHaveLength(1);
  });

  it('gives the newest samples with their raw inputs, newest first', () => {
    const { open } = newStores();
    const store = open();
    for (let turn = 0; turn < 7; turn += 1) store.append(idOf(0), sampleAt(turn));
    expect(open().newest(idOf(0), 5)).toEqual([6, 5, 4, 3, 2].map((turn) => sampleAt(turn)));
  });

  it('keeps a quarantine, when it was asked, and the last failure', () => {
    const { open } = newStores();
    const store = open();
    store.append(idOf(0), sampleAt(0, 100n));
    store.append(idOf(0), sampleAt(1, 200n));
    const rejections: readonly SampleRejection[] = [
      { kind: 'call-failed', detail: 'x' },
      { kind: 'source-error', detail: 'y' },
      { kind: 'exchange-rate-error', name: 'Other', detail: 'z' },
      { kind: 'try-later', name: 'Pending' },
      { kind: 'wrong-identity', detail: 'w' },
      { kind: 'uninitialised' },
      { kind: 'no-liquidity' },
      { kind: 'unavailable' },
      { kind: 'removed' },
      { kind: 'empty-side', side: 'ask' },
      { kind: 'crossed-book' },
      { kind: 'wide-spread', spreadBps: 300 },
      { kind: 'too-few-rates', received: 2n },
      { kind: 'old-answer', ageSeconds: -121n },
      { kind: 'absurd-price' },
      { kind: 'too-soon' },
    ];
    for (const rejection of rejections) {
      const { atNs } = sampleAt(2);
      store.markAsked(idOf(0), atNs);
      store.markFailed(idOf(0), { atNs, rejection });
      expect(open().state(idOf(0))).toEqual({
        sampleCount: 2,
        askedAtNs: atNs,
        failure: { atNs, rejection },
        quarantine: { kind: 'quarantined', sinceNs: sampleAt(1).atNs, inBandCount: 0 },
      });
    }
  });
});
