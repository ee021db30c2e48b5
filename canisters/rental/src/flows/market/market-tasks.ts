import { runBatch } from '@decent-cloud/kit/runtime/batch.ts';
import type { TimerTask } from '@decent-cloud/kit/timers/timer-registry.ts';
import type { RentalCanister } from '../rental-canister.ts';

/**
 * Enough for all sets of a large market in a few runs; a run that has nothing to read costs
 * nothing.
 */
const WARM_INSTRUCTIONS = 500_000_000n;

/**
 * What the market does by the canister's own clock. After a start, which forgets the heap, the sets
 * that every search reads are read once: a query cannot keep what it has read.
 */
export function marketTasks(c: RentalCanister): readonly TimerTask[] {
  const warm = () => {
    const { index } = c.storage.market;
    runBatch(c.runtime, { step: () => index.warmOne(), maxInstructions: WARM_INSTRUCTIONS });
  };
  return [{ name: 'warm-search', everySeconds: 10, run: warm }];
}
