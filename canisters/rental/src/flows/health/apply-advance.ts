import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { Advance, FinalHour } from '../../core/health/advance.ts';
import {
  ALL,
  choose,
  countSlots,
  hourOfDay,
  HOURS_PER_DAY,
  setHourOfDay,
  slotStart,
  unknownDay,
  type SlotCounts,
} from '../../core/health/slots.ts';
import type { HealthDay } from '../../storage/health/health-storage.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { issueFact } from '../rentals/issue-fact.ts';

/** Is told what became final, once for each provider of a message. */
export type NoteSlots = (provider: AccountId, counts: SlotCounts) => void;

/** Writes what became final into the days' rows and issues the outages. The watch is the caller's. */
export function applyAdvance(
  c: RentalCanister,
  rentalId: RentalId,
  done: { readonly advance: Advance; readonly noteSlots: NoteSlots },
): void {
  const { finals, outages, counts, watch } = done.advance;
  writeDays(c, rentalId, finals);
  for (const { from, to } of outages) {
    issueFact(c, rentalId, { kind: 'outage', from: slotStart(from), to: slotStart(to) });
  }
  if (counts.up > 0 || counts.down > 0) done.noteSlots(watch.provider, counts);
}

function writeDays(c: RentalCanister, rentalId: RentalId, finals: readonly FinalHour[]): void {
  let at = 0;
  while (at < finals.length) {
    const day = Math.floor((finals[at]?.hour ?? 0) / HOURS_PER_DAY);
    let end = at + 1;
    while (end < finals.length && isOnDay(finals[end], day)) end += 1;
    writeDay(c, [rentalId, day], finals.slice(at, end));
    at = end;
  }
}

function isOnDay(final: FinalHour | undefined, day: number): boolean {
  return final !== undefined && Math.floor(final.hour / HOURS_PER_DAY) === day;
}

/** Of a day in which nothing is known no row is made. */
function writeDay(
  c: RentalCanister,
  key: readonly [RentalId, number],
  finals: readonly FinalHour[],
): void {
  if (finals.every(({ slots, mask }) => (slots & mask) === (ALL & mask))) return;
  const { days } = c.storage.health;
  const row: HealthDay = days.get(key) ?? { slots: unknownDay(), up: 0, down: 0, excluded: 0 };
  const slots = row.slots.slice();
  let { up, down, excluded } = row;
  for (const final of finals) {
    const index = final.hour % HOURS_PER_DAY;
    setHourOfDay(slots, index, choose(final.mask, final.slots, hourOfDay(slots, index)));
    const counts = countSlots(final.slots, final.mask);
    up += counts.up;
    down += counts.down;
    excluded += counts.excluded;
  }
  days.set(key, { slots, up, down, excluded });
}
