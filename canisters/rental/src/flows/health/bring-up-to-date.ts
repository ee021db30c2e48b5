import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { advance } from '../../core/health/advance.ts';
import { finalSlotAt, type Watch } from '../../core/health/watch.ts';
import { DUE_RENTAL } from '../../storage/health/health-storage.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { applyAdvance, type NoteSlots } from './apply-advance.ts';
import { noteSlots } from './provider-trust.ts';

/** So long nobody needs to report before hours are made final by the canister's own clock. */
export const LOOK_EVERY_NS = durationNs({ hours: 6 });

/**
 * The watch after everything that is final by now was written; not stored itself. `tellSlots` is told
 * what became final instead of the provider's record, for those who do many at once.
 */
export function broughtUpToDate(
  c: RentalCanister,
  one: { readonly rentalId: RentalId; readonly watch: Watch; readonly tellSlots?: NoteSlots },
): Watch {
  const { rentalId, watch, tellSlots = recordSlots(c) } = one;
  const to = finalSlotAt(watch, c.runtime.time());
  if (watch.endSlot !== undefined || to <= watch.finalSlot) return watch;
  const advanced = advance(watch, to);
  applyAdvance(c, rentalId, { advance: advanced, noteSlots: tellSlots });
  return advanced.watch;
}

/** For the due queue: looks whether hours became final that nobody reported. */
export function lookAtHealth(c: RentalCanister, rentalId: RentalId, dueAt: TimestampNs): void {
  const { watches, due } = c.storage.health;
  due.cancel([DUE_RENTAL, rentalId], dueAt);
  const watch = watches.get(rentalId);
  if (watch?.dueAt !== dueAt) return;
  const next = after(c.runtime.time(), LOOK_EVERY_NS);
  due.schedule([DUE_RENTAL, rentalId], next);
  watches.set(rentalId, { ...broughtUpToDate(c, { rentalId, watch }), dueAt: next });
}

/** Adds to the provider's record at once. */
export function recordSlots(c: RentalCanister): NoteSlots {
  return (provider, counts) => {
    noteSlots(c, provider, counts);
  };
}
