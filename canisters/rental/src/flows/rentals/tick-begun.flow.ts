import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Due } from '@decent-cloud/kit/store/due-queue.ts';
import { noticeWords } from '../../core/notifications/words.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import type { BegunRental } from '../../storage/rentals/rentals-storage.ts';
import { notify } from '../notifications/notify.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { recordRun } from './record-run.ts';

const MAX_PER_TICK = 100;

/**
 * Counts the machines that became ready and tells their renters, once each: a worker that reports one
 * does not wait for it. Each in a message of its own: one that traps does not hold up the others.
 */
export function tickBegun(c: RentalCanister): void {
  for (const begun of c.storage.rentals.begun.due(c.runtime.time(), MAX_PER_TICK)) {
    const run = () => {
      noteBegun(c, begun);
    };
    c.timers.once({ afterSeconds: 0, run });
  }
}

/** Does nothing if an earlier message did it. */
function noteBegun(c: RentalCanister, { id, dueAtNs: at }: Due<BegunRental>): void {
  const { begun, rentals } = c.storage.rentals;
  if (!begun.cancel(id, at)) return;
  const [rentalId, readyNs] = id;
  const rental = present(rentals.get(rentalId), 'a rental left before it was counted');
  const afterNs = readyNs as DurationNs;
  recordRun(c, { rental, outcome: 'ready', afterNs });
  tellRenter(c, rental, { at, afterNs });
}

/** One that is over again by now is known to be: the renter was told why it ended. */
function tellRenter(
  c: RentalCanister,
  rental: Rental,
  ready: { readonly at: TimestampNs; readonly afterNs: DurationNs },
): void {
  const { id: rentalId, renter: recipient, state } = rental;
  if (state.kind !== 'active') return;
  const title = offeringTitleOf(c, rentalId);
  const { endsAt } = state;
  const words = noticeWords('rental-ready', { rentalId, title, afterNs: ready.afterNs, endsAt });
  const eventKey = `rental-ready:${rentalId}:${ready.at.toString()}`;
  notify(c, { recipient, kind: 'rental-ready', rentalId, ...words, eventKey });
}

function offeringTitleOf({ storage }: RentalCanister, rentalId: RentalId): string {
  return present(storage.rentals.terms.get(rentalId), 'a rental has no terms').offeringTitle;
}
