import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { endWithNobody, endWithWorkers } from './support/ends.ts';
import { MARKET } from './support/market-commands.ts';
import { MarketWorld } from './support/market-world.ts';
import { PEOPLE } from './support/people-commands.ts';
import { WORK } from './support/work-commands.ts';

/** Each is some forty things that happen. By hand: `MARKET_RUNS=2000` and `--testTimeout 9999999`. */
const RUNS = Number(process.env['MARKET_RUNS'] ?? '40');
const happenings = fc.commands([...PEOPLE, ...WORK, ...MARKET], { maxCommands: 80, size: '+1' });

async function worldAfter(told: typeof happenings extends fc.Arbitrary<infer T> ? T : never) {
  const world = new MarketWorld();
  await fc.asyncModelRun(() => ({ model: world.rules, real: world }), told);
  return world;
}

describe('the market', () => {
  it('keeps every rule, and every rental comes to its end when bridges do their jobs', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (told) => {
        await endWithWorkers(await worldAfter(told));
      }),
      { numRuns: RUNS },
    );
  });

  it('settles all money and raises the alarm when no bridge ever comes back', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (told) => {
        await endWithNobody(await worldAfter(told));
      }),
      { numRuns: RUNS },
    );
  });
});
