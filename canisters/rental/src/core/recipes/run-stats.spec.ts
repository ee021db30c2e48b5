import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_RUNS, withRun, type RecipeRun, type RunStats } from './run-stats.ts';

function after(runs: readonly RecipeRun[]): RunStats {
  return runs.reduce(withRun, NO_RUNS);
}

const run: fc.Arbitrary<RecipeRun> = fc.oneof(
  fc.constant({ kind: 'failed' as const }),
  fc.record({ kind: fc.constant('ready' as const), readySeconds: fc.nat({ max: 5_000 }) }),
);

describe('withRun', () => {
  it('says nothing about times before the first success', () => {
    expect(NO_RUNS).toMatchObject({ runs: 0, successes: 0, p50Seconds: undefined });
    const failed = after([{ kind: 'failed' }]);
    expect(failed).toMatchObject({ runs: 1, successes: 0, p50Seconds: undefined });
    expect(failed.p95Seconds).toBeUndefined();
  });

  it.each([
    [[60], 60, 60],
    [[10, 20], 10, 20],
    [[30, 10, 20], 20, 30],
    [Array.from({ length: 100 }, (_, at) => at + 1), 50, 95],
    [[9, 10, 100], 10, 100],
  ])('of %j gives p50 %i and p95 %i', (seconds, p50Seconds, p95Seconds) => {
    const runs = seconds.map((readySeconds) => ({ kind: 'ready' as const, readySeconds }));
    expect(after(runs)).toMatchObject({ p50Seconds, p95Seconds, runs: seconds.length });
  });

  it('keeps the last hundred times and counts all runs', () => {
    fc.assert(
      fc.property(fc.array(run, { maxLength: 300, size: 'max' }), (runs) => {
        const stats = after(runs);
        const times = runs.flatMap((one) => (one.kind === 'ready' ? [one.readySeconds] : []));
        expect(stats.runs).toBe(runs.length);
        expect(stats.successes).toBe(times.length);
        expect(stats.readySeconds).toEqual(times.slice(-100));
        if (times.length === 0) return;
        const { p50Seconds = -1, p95Seconds = -1, readySeconds } = stats;
        const notAbove = (limit: number) => readySeconds.filter((it) => it <= limit).length;
        expect(notAbove(p50Seconds)).toBeGreaterThanOrEqual(readySeconds.length * 0.5);
        expect(notAbove(p50Seconds - 1)).toBeLessThan(readySeconds.length * 0.5);
        expect(notAbove(p95Seconds)).toBeGreaterThanOrEqual(readySeconds.length * 0.95);
        expect(notAbove(p95Seconds - 1)).toBeLessThan(readySeconds.length * 0.95);
      }),
    );
  });

  it('keeps whole seconds that are not negative', () => {
    expect(after([{ kind: 'ready', readySeconds: 1.6 }]).readySeconds).toEqual([2]);
    expect(after([{ kind: 'ready', readySeconds: -4 }]).readySeconds).toEqual([0]);
  });
});
