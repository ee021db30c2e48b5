import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimerTask } from '@decent-cloud/kit/timers/timer-registry.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { applyRentalEvent } from './apply-event.ts';
import { askTreasury } from './ask-treasury.flow.ts';
import { tickBegun } from './tick-begun.flow.ts';

const EVERY_SECONDS = 10;
const MAX_PER_TICK = 100;

/** What rentals do by themselves. Nothing of it is remembered by a timer: all is in the queue. */
export function rentalTasks(c: RentalCanister): readonly TimerTask[] {
  return [
    {
      name: 'rentals',
      everySeconds: EVERY_SECONDS,
      run: () => {
        tickRentals(c);
      },
    },
    {
      name: 'begun',
      everySeconds: EVERY_SECONDS,
      run: () => {
        tickBegun(c);
      },
    },
    { name: 'ask-treasury', everySeconds: EVERY_SECONDS, run: () => askTreasury(c) },
  ];
}

/** Each rental is looked at in a message of its own: one that traps does not hold up the others. */
export function tickRentals(c: RentalCanister): void {
  const { due } = c.storage.rentals;
  for (const { id } of due.due(c.runtime.time(), MAX_PER_TICK)) {
    const run = () => {
      lookAtRental(c, id);
    };
    c.timers.once({ afterSeconds: 0, run });
  }
}

/** Does what the clock asks for. Does nothing where nothing is due, so it may run at any time. */
function lookAtRental(c: RentalCanister, rentalId: RentalId): void {
  const rental = c.storage.rentals.rentals.get(rentalId);
  if (rental?.dueAt === undefined || rental.dueAt > c.runtime.time()) return;
  applyRentalEvent(c, rentalId, { kind: 'due' });
}
