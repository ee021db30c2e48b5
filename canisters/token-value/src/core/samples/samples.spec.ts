import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import type { RatioE18 } from '../units.ts';
import { lowerMedian } from './median.ts';
import { CLEAR, nextQuarantine } from './quarantine.ts';
import { appendSample, isSampleDue, RING_CAPACITY, SAMPLE_GAP_NS, samplesWithin } from './ring.ts';
import type { SamplePoint } from './sample.ts';

const FOUR_MINUTES_NS = 240_000_000_000n;

const at = (atNs: bigint, ratio = 1_000_000_000n): SamplePoint => ({
  atNs: timestampNs(atNs),
  ratioE18: ratio as RatioE18,
  depthUnits: undefined,
});

describe('lowerMedian', () => {
  it('is what sorting whole numbers gives', () => {
    const close = fc.bigInt({ min: 10n ** 22n, max: 10n ** 22n + 3_000_000n });
    const any = fc.bigInt({ min: 0n, max: 10n ** 36n });
    fc.assert(
      fc.property(fc.array(fc.oneof(close, any), { minLength: 1, maxLength: 300 }), (values) => {
        const sorted = [...values].sort((left, right) => (left < right ? -1 : 1));
        expect(lowerMedian(values)).toBe(sorted[(values.length - 1) >> 1]);
      }),
    );
  });

  it('tells apart what floats do not', () => {
    const base = 10n ** 22n;
    expect(Number(base)).toBe(Number(base + 1n));
    expect(lowerMedian([base + 2n, base, base + 1n])).toBe(base + 1n);
  });

  it('is never of nothing', () => {
    expect(() => lowerMedian([])).toThrow('BUG');
  });
});

describe('a ring', () => {
  it('cannot be stuffed: no two samples are closer than four minutes', () => {
    const times = fc.array(fc.bigInt({ min: -600n, max: 900n }), { maxLength: 400 });
    fc.assert(
      fc.property(times, (gaps) => {
        let ring: readonly SamplePoint[] = [];
        let nowNs = 10n ** 18n;
        for (const gap of gaps) {
          nowNs += gap * 1_000_000_000n;
          const grown = appendSample(ring, at(nowNs));
          const newest = ring.at(-1);
          const isDue = isSampleDue({ newestAtNs: newest?.atNs, nowNs: timestampNs(nowNs) });
          expect(grown.kind).toBe(isDue ? 'ok' : 'err');
          if (grown.kind === 'ok') ring = grown.value;
        }
        expect(ring.length).toBeLessThanOrEqual(RING_CAPACITY);
        for (const [index, { atNs }] of ring.entries()) {
          const before = ring[index - 1];
          if (before !== undefined) expect(atNs - before.atNs >= FOUR_MINUTES_NS).toBe(true);
        }
        const hour = { windowNs: durationNs({ hours: 1 }), nowNs: timestampNs(nowNs) };
        expect(samplesWithin(ring, hour).length).toBeLessThanOrEqual(16);
      }),
    );
  });

  it('keeps the newest 288', () => {
    let ring: readonly SamplePoint[] = [];
    for (let index = 0n; index < 300n; index += 1n) {
      const grown = appendSample(ring, at(index * SAMPLE_GAP_NS));
      if (grown.kind === 'ok') ring = grown.value;
    }
    expect(ring.length).toBe(RING_CAPACITY);
    expect(ring.at(-1)?.atNs).toBe(299n * SAMPLE_GAP_NS);
    expect(ring[0]?.atNs).toBe(12n * SAMPLE_GAP_NS);
  });

  it('gives the samples of a window, its oldest moment included, the future not', () => {
    const ring = [at(0n), at(10n), at(20n), at(30n)];
    const window = (nowNs: bigint, seconds: bigint) =>
      samplesWithin(ring, {
        windowNs: seconds as typeof SAMPLE_GAP_NS,
        nowNs: timestampNs(nowNs),
      }).map(({ atNs }) => Number(atNs));
    expect(window(30n, 20n)).toEqual([10, 20, 30]);
    expect(window(25n, 14n)).toEqual([20]);
    expect(window(100n, 10n)).toEqual([]);
    expect(window(30n, 100n)).toEqual([0, 10, 20, 30]);
  });
});

describe('nextQuarantine', () => {
  const gap = SAMPLE_GAP_NS;
  const calm = [1n, 2n, 3n].map((index) => at(index * gap, 1_000n));

  it('judges nothing by nothing', () => {
    const sample = at(5n * gap, 1n);
    expect(nextQuarantine({ quarantine: CLEAR, earlier: [], sample })).toEqual(CLEAR);
  });

  it.each([
    { ratio: 1_300n, kind: 'clear' },
    { ratio: 700n, kind: 'clear' },
    { ratio: 1_301n, kind: 'quarantined' },
    { ratio: 699n, kind: 'quarantined' },
  ])('finds $ratio of a thousand $kind', ({ ratio, kind }) => {
    const sample = at(4n * gap, ratio);
    expect(nextQuarantine({ quarantine: CLEAR, earlier: calm, sample }).kind).toBe(kind);
  });

  it('remembers since when, and starts counting anew after each sample outside', () => {
    const step = (quarantine: typeof CLEAR, ratio: bigint, index: bigint) =>
      nextQuarantine({ quarantine, earlier: calm, sample: at(index * gap, ratio) });
    const first = step(CLEAR, 2_000n, 4n);
    const sinceNs = timestampNs(4n * gap);
    expect(first).toEqual({ kind: 'quarantined', sinceNs, inBandCount: 0 });
    const second = step(step(first, 1_000n, 5n), 1_000n, 6n);
    expect(second).toEqual({ kind: 'quarantined', sinceNs, inBandCount: 2 });
    const third = step(second, 2_000n, 7n);
    expect(third).toEqual({ kind: 'quarantined', sinceNs, inBandCount: 0 });
    expect(step(second, 1_000n, 7n)).toEqual(CLEAR);
  });
});
