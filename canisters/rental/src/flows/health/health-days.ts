import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { openHour } from '../../core/health/merge.ts';
import {
  addCounts,
  choose,
  dayOf,
  hourOf,
  hourOfDay,
  HOURS_PER_DAY,
  maskOf,
  NO_SLOTS,
  setHourOfDay,
  SLOTS_PER_DAY,
  unknownDay,
  type SlotCounts,
} from '../../core/health/slots.ts';
import { countDay } from '../../core/health/uptime.ts';
import type { Watch } from '../../core/health/watch.ts';
import type { RentalCanister } from '../rental-canister.ts';

export interface SlotRange {
  readonly from: number;
  readonly to: number;
}

/** One day of UTC, with what is not final yet as it looks now. */
export interface MeasuredDay {
  /** Since 1970. */
  readonly number: number;
  /** 72 bytes; unknown outside of the time that was measured. */
  readonly slots: Uint8Array;
  /** Of the day's slots that lie in the range. */
  readonly counts: SlotCounts;
}

/** Every day that the range touches, in order. One read each. */
export function daysOf(
  c: Pick<RentalCanister, 'storage'>,
  asked: { readonly rentalId: RentalId; readonly watch: Watch; readonly range: SlotRange },
): readonly MeasuredDay[] {
  const { watch, range, rentalId } = asked;
  const measured: MeasuredDay[] = [];
  for (let number = dayOf(range.from); number * SLOTS_PER_DAY < range.to; number += 1) {
    const stored = c.storage.health.days.get([rentalId, number]);
    const slots = stored?.slots.slice() ?? unknownDay();
    const isFinal = (number + 1) * SLOTS_PER_DAY <= watch.finalSlot;
    if (!isFinal) overlayOpenHours(watch, { number, slots, range });
    const isWhole = number * SLOTS_PER_DAY >= range.from;
    const counts =
      isFinal && isWhole && (number + 1) * SLOTS_PER_DAY <= range.to
        ? withUnknown(stored ?? NO_SLOTS)
        : countDay({ number, slots }, range);
    measured.push({ number, slots, counts });
  }
  return measured;
}

/** What of those days lies in the (shorter) range. */
export function countIn(days: readonly MeasuredDay[], range: SlotRange): SlotCounts {
  let counts = NO_SLOTS;
  for (const day of days) {
    const base = day.number * SLOTS_PER_DAY;
    if (base + SLOTS_PER_DAY <= range.from || base >= range.to) continue;
    const isCut = base < range.from || base + SLOTS_PER_DAY > range.to;
    counts = addCounts(counts, isCut ? countDay(day, range) : day.counts);
  }
  return counts;
}

/** What is not up, down or excluded in a whole day is unknown. */
function withUnknown({ up, down, excluded }: Omit<SlotCounts, 'unknown'>): SlotCounts {
  return { up, down, excluded, unknown: SLOTS_PER_DAY - up - down - excluded };
}

function overlayOpenHours(
  watch: Watch,
  day: { readonly number: number; readonly slots: Uint8Array; readonly range: SlotRange },
): void {
  const first = day.number * HOURS_PER_DAY;
  const open = { from: watch.finalSlot, to: day.range.to };
  for (let index = Math.max(hourOf(open.from) - first, 0); index < HOURS_PER_DAY; index += 1) {
    const mask = maskOf(first + index, open);
    if (mask === 0) break;
    const merged = choose(mask, openHour(watch, first + index), hourOfDay(day.slots, index));
    setHourOfDay(day.slots, index, merged);
  }
}
