import { invariant } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { isOverdue, MAX_CLOCK_STEPS } from '../../core/rentals/next-due.ts';
import type { RentalEvent } from '../../core/rentals/rental-event.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import type { Moved } from '../../core/rentals/step.ts';
import { transition } from '../../core/rentals/transition.ts';
import { missingRental } from '../archive/missing-rental.ts';
import { endHealth, endHealthPeriod, excludeHealth } from '../health/watch-health.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { doEffects } from './do-effects.ts';
import { keepRental, removeRental } from './keep-rental.ts';

/**
 * Tells a rental what happened and does everything that follows from it, in this message. What the
 * clock decided before is done first. Refuses with `wrong-state` what cannot happen now; an event that
 * had its effect before is fine. Gives the rental as it is then, also one that was forgotten.
 */
export function applyRentalEvent(
  c: RentalCanister,
  rentalId: RentalId,
  event: RentalEvent,
): Result<Rental, RentalError> {
  const { rentals } = c.storage.rentals;
  const stored = rentals.get(rentalId);
  if (stored === undefined) return missingRental(c, rentalId);
  let rental = stored;
  for (let steps = 0; event.kind !== 'due' && isOverdue(rental, c.runtime.time()); steps += 1) {
    invariant(steps < MAX_CLOCK_STEPS, `the clock of rental ${rentalId} does not come to rest`);
    const told = applyOne(c, rental, { kind: 'due' });
    if (told.kind === 'err') return told;
    rental = told.value;
  }
  return applyOne(c, rental, event);
}

function applyOne(
  c: RentalCanister,
  before: Rental,
  event: RentalEvent,
): Result<Rental, RentalError> {
  const at = c.runtime.time();
  const planned = transition(before, event, at);
  if (planned.kind === 'err') {
    const { state } = planned.error;
    return refuse({ kind: 'wrong-state', state }, wrongStateWords(before, event));
  }
  const { rental, effects } = withHealthEnded(c, { before, event, planned: planned.value });
  if (effects.some(({ kind }) => kind === 'forget')) {
    removeRental(c, before);
    return ok(rental);
  }
  if (rental !== before) keepRental(c, { before, after: rental });
  const followUp = doEffects(c, { before, rental, effects });
  tellHealth(c, before, rental);
  return followUp === undefined ? ok(rental) : applyOne(c, rental, followUp);
}

/**
 * Facts about the machine's health come before the end of their period. They are issued while the
 * period still runs, and then the transition is made anew from the rental with their numbers.
 */
function withHealthEnded(
  c: RentalCanister,
  step: { readonly before: Rental; readonly event: RentalEvent; readonly planned: Moved },
): Moved {
  const { before, event, planned } = step;
  const end = planned.effects.find((effect) => effect.kind === 'end-health');
  if (end === undefined) return planned;
  if (end.isLast) endHealth(c, before.id, end.at);
  else endHealthPeriod(c, before.id, end.at);
  const now = c.storage.rentals.rentals.get(before.id);
  invariant(now !== undefined, `rental ${before.id} is gone`);
  const again = transition(now, event, c.runtime.time());
  invariant(again.kind === 'ok', `rental ${before.id} cannot end any more`);
  return again.value;
}

/**
 * While it is off by the renter's wish, or being worked on, nothing is measured. A machine that has just
 * become ready is on.
 */
function tellHealth(c: RentalCanister, before: Rental, after: Rental): void {
  if (after.state.kind !== 'active') return;
  const isExcluded = isUnmeasured(after);
  if (isUnmeasured(before) === isExcluded) return;
  excludeHealth(c, { rentalId: after.id, isExcluded, at: c.runtime.time() });
}

function isUnmeasured({ state }: Rental): boolean {
  return state.kind === 'active' && (state.power === 'off' || state.operation !== undefined);
}

function wrongStateWords({ id, state }: Rental, event: RentalEvent): string {
  return (
    `Rental ${id} is ${state.kind}: ${event.kind} cannot happen to it now. Nothing changed, and ` +
    'nothing was taken. Look at get_rental for where it is.'
  );
}
