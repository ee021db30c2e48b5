import type { DurationNs } from '@decent-cloud/domain/time.ts';
import { invariant } from '@decent-cloud/domain/assert.ts';
import {
  addCounts,
  countSlots,
  hourOfDay,
  HOURS_PER_DAY,
  maskOf,
  NO_SLOTS,
  SLOT_NS,
  SLOTS_PER_DAY,
  type SlotCounts,
} from './slots.ts';

const PPM = 1_000_000;

/** Uptime of some stretch of time, with what it was computed from. */
export interface Uptime {
  /** `up / (up + down)`, rounded to the nearest; undefined if nothing is known. */
  readonly ppm: number | undefined;
  readonly counts: SlotCounts;
}

export function uptimeOf(counts: SlotCounts): Uptime {
  const known = counts.up + counts.down;
  return { ppm: known === 0 ? undefined : Math.round((counts.up * PPM) / known), counts };
}

/** The slots of `[from, to)` that lie in the day, out of its 72 bytes. */
export function countDay(
  day: { readonly number: number; readonly slots: Uint8Array },
  range: { readonly from: number; readonly to: number },
): SlotCounts {
  let counts = NO_SLOTS;
  const base = day.number * SLOTS_PER_DAY;
  invariant(range.from < base + SLOTS_PER_DAY && range.to > base, 'a day outside of the range');
  for (let index = 0; index < HOURS_PER_DAY; index += 1) {
    const mask = maskOf(day.number * HOURS_PER_DAY + index, range);
    if (mask !== 0) counts = addCounts(counts, countSlots(hourOfDay(day.slots, index), mask));
  }
  return counts;
}

/**
 * How long the machine may still be down before the first row of the SLA applies, if the period runs
 * to its end; undefined without an SLA. Negative time is zero.
 */
export function allowedDowntime(period: {
  readonly termNs: DurationNs;
  readonly downSlots: number;
  readonly belowPpm: number | undefined;
}): DurationNs | undefined {
  const { termNs, downSlots, belowPpm } = period;
  if (belowPpm === undefined) return undefined;
  const allowed = (termNs * BigInt(PPM - belowPpm)) / BigInt(PPM);
  const left = allowed - BigInt(downSlots) * SLOT_NS;
  return (left > 0n ? left : 0n) as DurationNs;
}
