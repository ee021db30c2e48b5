import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { MemoryStableStore } from '@decent-cloud/kit/testing/memory-stable-store.fake.ts';
import type { PricePoint } from '../core/history/price-history.ts';
import type { PriceE18 } from '../core/units.ts';
import { HistoryStore } from './history-store.ts';

const MINUTE = 60n * 1_000_000_000n;
const DAY = 1_440n * MINUTE;
const MONTH = 30n * DAY;
const START = timestampNs((1_795_000_000_000_000_000n / MONTH) * MONTH);

const later = (by: bigint): TimestampNs => timestampNs(START + by);
const pointAt = (by: bigint, price: bigint): PricePoint => ({
  atNs: later(by),
  priceE18: price as PriceE18,
});

describe('HistoryStore', () => {
  it('keeps tokens apart and gives what lies within the range', () => {
    const history = new HistoryStore(new MemoryStableStore());
    const [first, second, other] = [pointAt(0n, 1n), pointAt(5n * MINUTE, 2n), pointAt(0n, 9n)];
    history.record(0, first);
    history.record(0, second);
    history.record(1, other);
    const nowNs = later(10n * MINUTE);
    const points = (token: number, fromNs: bigint, toNs: bigint) =>
      history.points(token, { fromNs, toNs, nowNs });
    expect(points(0, START, nowNs)).toEqual([first, second]);
    expect(points(0, START, START + 5n * MINUTE)).toEqual([first]);
    expect(points(0, START + 1n, START + 5n * MINUTE)).toEqual([]);
    expect(points(1, 0n, 2n ** 64n - 1n)).toEqual([other]);
    expect(points(2, 0n, 2n ** 64n - 1n)).toEqual([]);
  });

  it('forgets after thirty days, and never gives a point of the lap before', () => {
    const history = new HistoryStore(new MemoryStableStore());
    history.record(0, pointAt(0n, 1n));
    const all = { fromNs: 0n, toNs: 2n ** 64n - 1n };
    const during = later(MONTH - 5n * MINUTE);
    expect(history.points(0, { ...all, nowNs: during })).toHaveLength(1);
    expect(history.points(0, { ...all, nowNs: later(MONTH) })).toEqual([]);
    history.record(0, pointAt(MONTH + 5n * MINUTE, 2n));
    const nowNs = later(MONTH + 6n * MINUTE);
    expect(history.points(0, { ...all, nowNs })).toEqual([pointAt(MONTH + 5n * MINUTE, 2n)]);
  });

  it('takes prices of every size that exists', () => {
    const history = new HistoryStore(new MemoryStableStore());
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }), (price) => {
        history.record(0, pointAt(0n, price));
        const range = { fromNs: START, toNs: START + 1n, nowNs: START };
        expect(history.points(0, range)).toEqual([pointAt(0n, price)]);
      }),
    );
  });

  it('agrees with a list of all points', () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 60 });
    const range = fc.record({ from: fc.nat(300), length: fc.integer({ min: 1, max: 300 }) });
    fc.assert(
      fc.property(minutes, range, (times, { from, length }) => {
        const history = new HistoryStore(new MemoryStableStore());
        const byFiveMinutes = new Map<bigint, PricePoint>();
        for (const minute of times.toSorted((left, right) => left - right)) {
          const point = pointAt(BigInt(minute) * MINUTE, BigInt(minute));
          history.record(0, point);
          byFiveMinutes.set(point.atNs / (5n * MINUTE), point);
        }
        const fromNs = later(BigInt(from) * MINUTE);
        const toNs = later(BigInt(from + length) * MINUTE);
        const expected = [...byFiveMinutes.values()].filter(
          ({ atNs }) => atNs >= fromNs && atNs < toNs,
        );
        expect(history.points(0, { fromNs, toNs, nowNs: later(DAY) })).toEqual(expected);
      }),
    );
  });
});
