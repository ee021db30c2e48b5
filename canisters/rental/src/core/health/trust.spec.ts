import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { lowerBound, MAX_SCORE, newTrust, scoreOf } from './trust.ts';

const fresh = newTrust(timestampNs(5n));

describe('scoreOf', () => {
  it('makes nothing of nothing', () => {
    expect(scoreOf(fresh)).toBeUndefined();
    expect(scoreOf({ ...fresh, upSlots: 1_000 })).toBeUndefined();
  });

  it.each([
    [{ runs: 1, succeeded: 1 }, 206],
    [{ runs: 10, succeeded: 10 }, 722],
    [{ runs: 100, succeeded: 100 }, 963],
    [{ runs: 100, succeeded: 90 }, 825],
    [{ runs: 100, succeeded: 0 }, 0],
    [{ runs: 100, succeeded: 100, upSlots: 99, downSlots: 1 }, 953],
    [{ runs: 100, succeeded: 100, cancelled: 10 }, 825],
    [{ runs: 2, succeeded: 1, cancelled: 5 }, 0],
  ])('of %o is %i', (numbers, score) => {
    expect(scoreOf({ ...fresh, ...numbers })).toBe(score);
  });

  it('is never 1000, rises with each good run and falls with each bad one', () => {
    const record = fc
      .record({
        runs: fc.integer({ min: 1, max: 10_000 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(({ runs, share }) => ({ ...fresh, runs, succeeded: Math.floor(runs * share) }));
    fc.assert(
      fc.property(record, (numbers) => {
        const score = scoreOf(numbers) ?? -1;
        const { runs, succeeded } = numbers;
        expect(score >= 0 && score < MAX_SCORE).toBe(true);
        const better = { ...numbers, runs: runs + 1, succeeded: succeeded + 1 };
        expect(scoreOf(better)).toBeGreaterThanOrEqual(score);
        expect(scoreOf({ ...numbers, runs: runs + 1 })).toBeLessThanOrEqual(score);
      }),
    );
  });
});

describe('lowerBound', () => {
  it.each([
    [0, 1, 0],
    [1, 2, 0.0945],
    [50, 100, 0.4038],
    [95, 100, 0.8883],
  ])('of %i of %i is %f, as in the tables', (good, of, bound) => {
    expect(lowerBound(good, of)).toBeCloseTo(bound, 3);
  });
});
