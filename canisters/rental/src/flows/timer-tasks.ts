import type { TimerTask } from '@decent-cloud/kit/timers/timer-registry.ts';
import { archiveTasks } from './archive/archive-tasks.ts';
import { healthTasks } from './health/health-tasks.ts';
import { jobTasks } from './jobs/jobs-tasks.ts';
import { marketTasks } from './market/market-tasks.ts';
import type { RentalCanister } from './rental-canister.ts';
import { rentalTasks } from './rentals/rentals-tasks.ts';
import { strayTasks } from './strays/strays-tasks.ts';
import { factTasks } from './treasury/fact-outbox.ts';

/** Everything that the canister does by itself. */
export function timerTasks(c: RentalCanister): readonly TimerTask[] {
  return [
    ...rentalTasks(c),
    ...jobTasks(c),
    ...factTasks(c),
    ...healthTasks(c),
    ...marketTasks(c),
    ...archiveTasks(c),
    ...strayTasks(c),
  ];
}
