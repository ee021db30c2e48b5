import type { TimerTask } from '@decent-cloud/kit/timers/timer-registry.ts';
import { forgottenAt } from '../../core/strays/stray-rules.ts';
import type { StrayId } from '../../core/ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { forgetStray } from './note-stray.ts';

const EVERY_SECONDS = 600;
/** With a tick every ten minutes these are 28,800 a day. */
const MAX_PER_TICK = 200;

/** What happens to strays by the clock alone. */
export function strayTasks(c: RentalCanister): readonly TimerTask[] {
  return [{ name: 'strays', everySeconds: EVERY_SECONDS, run: () => tickStrays(c) }];
}

/** Forgets strays that were not seen for a day, and deletions of long ago. */
export function tickStrays(c: RentalCanister): void {
  for (const { id } of c.storage.strays.due.due(c.runtime.time(), MAX_PER_TICK)) {
    lookAtStray(c, id);
  }
}

/** One that was seen since its entry was made is looked at again later. */
function lookAtStray(c: RentalCanister, id: StrayId): void {
  const { strays, due } = c.storage.strays;
  const stray = strays.get(id);
  if (stray === undefined) return;
  const to = forgottenAt(stray);
  if (to <= c.runtime.time()) {
    forgetStray(c, stray);
    return;
  }
  strays.set(id, { ...stray, dueAt: to });
  due.reschedule({ id, from: stray.dueAt, to });
}
