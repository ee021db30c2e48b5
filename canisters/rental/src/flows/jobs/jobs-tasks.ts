import { runBatch } from '@decent-cloud/kit/runtime/batch.ts';
import type { TimerTask } from '@decent-cloud/kit/timers/timer-registry.ts';
import type { JobId } from '../../core/ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { lookAtJob } from './job-due.ts';
import { tellOfFailure } from './job-ends.ts';

const TICK_SECONDS = 5;
/** With a tick each 5 s this is 3.4 million looks a day. */
const MAX_PER_TICK = 200;

/** What happens to jobs by the clock alone. */
export function jobTasks(c: RentalCanister): readonly TimerTask[] {
  return [
    {
      name: 'jobs',
      everySeconds: TICK_SECONDS,
      run: () => {
        tickJobs(c);
      },
    },
  ];
}

/**
 * Looks at every job that is due, each in a message of its own: one that traps does not keep others
 * from going on.
 */
export function tickJobs(c: RentalCanister): void {
  const due = c.storage.jobs.due.due(c.runtime.time(), MAX_PER_TICK);
  let next = 0;
  runBatch(c.runtime, {
    step: () => {
      const entry = due[next];
      if (entry === undefined) return 'done';
      next += 1;
      c.timers.once({
        afterSeconds: 0,
        run: () => {
          settleJob(c, entry.id);
        },
      });
      return 'more';
    },
  });
}

/** Does what is due about one job and tells the rental if it failed of its deadline. */
function settleJob(c: RentalCanister, id: JobId): void {
  const failed = lookAtJob(c, id);
  if (failed !== undefined) tellOfFailure(c, failed);
}
