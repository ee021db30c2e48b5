import { backoffMs } from '../core/backoff.ts';
import type { JobWork } from '../core/job-work.ts';
import { CanisterUnavailable } from '../ports/canister-errors.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { RentalPort } from '../ports/rental.port.ts';
import type { HeldLease } from '../workers/held-lease.ts';
import { pause, unlessAborted } from './abortable.ts';

const RETRY = { firstMs: 500, longestMs: 4_000 };
/** A node that answers queries may be a moment behind the one that gave the lease. */
const MAX_UNKNOWN = 4;

/** What the job is about. Asks until there is an answer. Rejects with `LeaseLost`. */
export async function readWork(
  deps: {
    readonly rental: Pick<RentalPort, 'getJob'>;
    readonly clock: Clock;
    readonly random: () => number;
  },
  held: HeldLease,
): Promise<JobWork> {
  let unknown = 0;
  for (let tries = 1; ; tries += 1) {
    held.check();
    try {
      const work = await unlessAborted(deps.rental.getJob(held.lease), held.signal);
      if (work !== undefined) return work;
      unknown += 1;
    } catch (error) {
      if (!(error instanceof CanisterUnavailable)) throw error;
    }
    if (unknown === MAX_UNKNOWN) held.lose('the canister does not know of the lease');
    await pause(deps.clock, backoffMs(RETRY, tries, deps.random()), held.signal);
  }
}
