import type { TimerTask } from '@decent-cloud/kit/timers/timer-registry.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { tickArchive } from './tick-archive.flow.ts';

const EVERY_SECONDS = 30;

/** What the canister does by itself about closed rentals. */
export function archiveTasks(c: RentalCanister): readonly TimerTask[] {
  return [{ name: 'move-to-archive', everySeconds: EVERY_SECONDS, run: () => tickArchive(c) }];
}
