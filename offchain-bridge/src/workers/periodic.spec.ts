import { beforeEach, describe, expect, it } from 'vitest';
import { CountingMetrics, quietLog } from '../testing/quiet.fake.ts';
import { repeat } from './periodic.ts';

let metrics: CountingMetrics;
let slept: number[];

beforeEach(() => {
  metrics = new CountingMetrics();
  slept = [];
});

function deps(random: number) {
  return {
    clock: {
      nowMs: () => 0,
      monotonicMs: () => 0,
      sleep: (durationMs: number) => {
        slept.push(durationMs);
        return Promise.resolve();
      },
    },
    log: quietLog,
    metrics,
    random: () => random,
  };
}

/** Ends after so many rounds; those named fail. */
async function run(rounds: number, failing: readonly number[], random = 0.5): Promise<number> {
  const controller = new AbortController();
  let count = 0;
  const round = (): Promise<void> => {
    count += 1;
    if (count === rounds) controller.abort();
    return failing.includes(count) ? Promise.reject(new Error('no')) : Promise.resolve();
  };
  await repeat({ name: 'test', everyMs: 1_000, round }, deps(random), controller.signal);
  return count;
}

describe('repeat', () => {
  it('does round after round until it is told to stop', async () => {
    expect(await run(3, [])).toBe(3);
    expect(slept.slice(0, 2)).toEqual([1_000, 1_000]);
  });

  it('goes on after a round that failed, and counts it', async () => {
    expect(await run(3, [1, 2])).toBe(3);
    expect(metrics.counts.get('worker_failures{worker=test}')).toBe(2);
  });

  it.each([
    [0, 900],
    [1, 1_100],
  ])('spreads processes out: with %s it pauses %s ms', async (random, pauseMs) => {
    await run(2, [], random);
    expect(slept[0]).toBe(pauseMs);
  });
});
