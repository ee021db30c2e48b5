import type { JobResult } from '../core/job-report.ts';
import { CanisterRefusal } from '../ports/canister-errors.ts';
import type { JobContext } from './job-context.ts';

/** Reads what the account can order and publishes it. */
export async function refreshCatalogue(context: JobContext): Promise<JobResult> {
  const { cloud, rental, clock, signal, held, work } = context;
  const readAtMs = clock.nowMs() + (rental.clockOffsetMs() ?? 0);
  const catalogue = await cloud.catalogue(signal);
  held.check();
  try {
    await rental.publishCatalogue(work.cloudAccountId, { readAtMs, catalogue });
  } catch (error) {
    // Another reading is newer, which serves as well.
    if (!(error instanceof CanisterRefusal && error.reason === 'Conflict')) throw error;
  }
  return { kind: 'done' };
}
