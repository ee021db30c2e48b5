import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { durationNs, timestampNs, type DurationNs } from '@decent-cloud/domain/time.ts';
import type { PriceE18 } from '../units.ts';
import { checkHistoryRange, historyPoints, MAX_HISTORY_POINTS } from './price-history.ts';

const HOUR = durationNs({ hours: 1 });
const FROM = 10n ** 18n;
const point = (atNs: bigint, price: bigint) => ({
  atNs: timestampNs(atNs),
  priceE18: price as PriceE18,
});

describe('historyPoints', () => {
  it('gives low, high and last of each step and leaves gaps', () => {
    const points = [
      point(FROM - 1n, 99n),
      point(FROM, 5n),
      point(FROM + 1n, 7n),
      point(FROM + HOUR - 1n, 6n),
      point(FROM + 3n * HOUR, 1n),
      point(FROM + 4n * HOUR, 99n),
    ];
    const range = { fromNs: timestampNs(FROM), toNs: timestampNs(FROM + 4n * HOUR), step: HOUR };
    expect(historyPoints({ ...range, points })).toEqual({
      kind: 'ok',
      value: [
        { fromNs: FROM, lowE18: 5n, highE18: 7n, lastE18: 6n },
        { fromNs: FROM + 3n * HOUR, lowE18: 1n, highE18: 1n, lastE18: 1n },
      ],
    });
  });

  it('never gives more than 500 points, nor a price that was not there', () => {
    const gaps = fc.array(fc.bigInt({ min: 1n, max: 90n }), { maxLength: 800 });
    const input = fc.record({ gaps, step: fc.bigInt({ min: 1n, max: 300n }) });
    fc.assert(
      fc.property(input, ({ gaps: all, step }) => {
        let atNs = FROM;
        const points = all.map((gap, index) => {
          atNs += gap;
          return point(atNs, BigInt((index * 7_919) % 1_000) + 1n);
        });
        const toNs = timestampNs(FROM + step * BigInt(MAX_HISTORY_POINTS));
        const range = { fromNs: timestampNs(FROM), toNs, step: step as DurationNs };
        const drawn = historyPoints({ ...range, points });
        if (drawn.kind === 'err') throw new Error(drawn.error.rule);
        expect(drawn.value.length).toBeLessThanOrEqual(MAX_HISTORY_POINTS);
        const inRange = points.filter((one) => one.atNs < toNs);
        const buckets = new Set(inRange.map((one) => (one.atNs - FROM) / step));
        expect(drawn.value.length).toBe(buckets.size);
        for (const bucket of drawn.value) {
          const own = inRange
            .filter((one) => one.atNs >= bucket.fromNs && one.atNs < bucket.fromNs + step)
            .map(({ priceE18 }) => priceE18);
          expect(own).toContain(bucket.lowE18);
          expect(own).toContain(bucket.highE18);
          expect(own.at(-1)).toBe(bucket.lastE18);
          expect(own.every((one) => one >= bucket.lowE18 && one <= bucket.highE18)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('checkHistoryRange', () => {
  const range = { fromNs: timestampNs(FROM), toNs: timestampNs(FROM + 500n * HOUR), step: HOUR };

  it('accepts 500 steps', () => {
    expect(checkHistoryRange(range).kind).toBe('ok');
  });

  it.each([
    { change: { toNs: timestampNs(FROM) }, argument: 'to_ns' },
    { change: { toNs: timestampNs(FROM + 500n * HOUR + 1n) }, argument: 'step_ns' },
    { change: { step: 0n as DurationNs }, argument: 'step_ns' },
  ])('refuses $argument', ({ change, argument }) => {
    const refused = { kind: 'err', error: { argument } };
    expect(checkHistoryRange({ ...range, ...change })).toMatchObject(refused);
    expect(historyPoints({ ...range, ...change, points: [] })).toMatchObject(refused);
  });
});
