import { describe, expect, it } from 'vitest';
import { runChaos } from './run-chaos.ts';

/** Between these requests lies what could be done twice, or be forgotten. */
const COSTLY = /^(POST|DELETE) |report_step (Intent|Server|Succeeded)/;

const LIMIT_MS = 200_000;

describe('a market in a storm', () => {
  it('makes no server twice, leaves none and loses no rental', async () => {
    const told: string[] = [];
    const { verdict, kills } = await runChaos({
      seed: 1,
      bridges: 2,
      jobs: 6,
      atOnce: 6,
      isStormy: true,
      kills: { most: 5, at: (kind) => COSTLY.test(kind) },
      signal: AbortSignal.timeout(LIMIT_MS),
      tell: (line) => told.push(line),
    });
    expect(verdict.troubles).toEqual([]);
    expect(verdict).toMatchObject({ rentals: 6, doubles: 0, orphans: 0, lost: 0, insolvent: 0 });
    expect(verdict.handoverMaxMs).toBeLessThan(30_000);
    expect(verdict.active + verdict.refunded).toBeGreaterThan(0);
    expect(kills).toBeGreaterThan(0);
    expect(told.length).toBeGreaterThan(0);
  });
});
