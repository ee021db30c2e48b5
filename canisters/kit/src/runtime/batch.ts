import { invariant } from '@decent-cloud/domain/assert.ts';
import type { Timers } from '../timers/timers.port.ts';
import type { Runtime } from './runtime.port.ts';

/** A message may use 40 billion; one that stays below 2 billion finishes within one round. */
const DEFAULT_INSTRUCTIONS = 2_000_000_000n;

export interface Batch {
  /** Does one small piece and says whether there is another. Its effects must stand alone. */
  readonly step: () => 'more' | 'done';
  /** Stops starting steps once the message has used this many instructions. */
  readonly maxInstructions?: bigint;
}

/** Runs steps until there are none, or until the message's budget is used up. */
export function runBatch(runtime: Runtime, batch: Batch): 'more' | 'done' {
  const limit = batch.maxInstructions ?? DEFAULT_INSTRUCTIONS;
  invariant(limit > 0n, 'a batch needs a budget');
  let state: 'more' | 'done';
  do state = batch.step();
  while (state === 'more' && runtime.instructions() < limit);
  return state;
}

/** Runs the batch and what is left of it in later messages, at least one step in each. */
export function runInMessages(runtime: Runtime, timers: Timers, batch: Batch): void {
  if (runBatch(runtime, batch) === 'done') return;
  timers.once({ afterSeconds: 0, run: () => runInMessages(runtime, timers, batch) });
}
