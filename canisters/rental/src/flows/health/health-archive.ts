import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { dayOf } from '../../core/health/slots.ts';
import { DUE_RENTAL } from '../../storage/health/health-storage.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { daysOf, type MeasuredDay } from './health-days.ts';

/** What is left of a rental's health when it moves to the archive: a line for each day. */
export function healthByDay(
  c: Pick<RentalCanister, 'storage'>,
  rentalId: RentalId,
): readonly Omit<MeasuredDay, 'slots'>[] {
  const watch = c.storage.health.watches.get(rentalId);
  if (watch === undefined) return [];
  const range = { from: watch.fromSlot, to: watch.endSlot ?? watch.finalSlot };
  return daysOf(c, { rentalId, watch, range }).map(({ number, counts }) => ({ number, counts }));
}

/** Removes every row about a rental's health. Doing it again changes nothing. */
export function removeHealthRows(c: Pick<RentalCanister, 'storage'>, rentalId: RentalId): void {
  const { watches, days, statuses, due } = c.storage.health;
  const watch = watches.get(rentalId);
  if (watch === undefined) return;
  const last = dayOf(watch.endSlot ?? watch.finalSlot);
  for (let day = dayOf(watch.fromSlot); day <= last; day += 1) days.remove([rentalId, day]);
  if (watch.dueAt !== undefined) due.cancel([DUE_RENTAL, rentalId], watch.dueAt);
  statuses.remove(rentalId);
  watches.remove(rentalId);
}
