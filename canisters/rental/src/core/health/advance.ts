import { openHour } from './merge.ts';
import {
  addCounts,
  ALL,
  countSlots,
  DOWN,
  downMask,
  hourOf,
  maskOf,
  NO_SLOTS,
  SLOTS_PER_HOUR,
  statusAt,
  type HourSlots,
  type SlotCounts,
} from './slots.ts';
import { OPEN_HOURS, type Reporter, type Watch } from './watch.ts';

/** Slots of one hour that became final. */
export interface FinalHour {
  readonly hour: number;
  /** `[from, to)`, as slots and as a mask of the hour. */
  readonly from: number;
  readonly to: number;
  readonly mask: HourSlots;
  readonly slots: HourSlots;
}

/** From the first down slot to the one after the last. */
export interface Outage {
  readonly from: number;
  readonly to: number;
}

export interface Advance {
  readonly watch: Watch;
  readonly finals: readonly FinalHour[];
  /** In the order of time. */
  readonly outages: readonly Outage[];
  /** Of the slots that became final. */
  readonly counts: SlotCounts;
}

/** An outage that goes on is reported piece by piece, so that nothing of it is paid out meanwhile. */
const LONGEST_UNREPORTED_SLOTS = 6 * SLOTS_PER_HOUR;

/**
 * Makes every slot before `to` final; those that nobody reported are unknown. Runs of down slots become
 * outages once they are over, merged across hours; at the end of a period (`isEnd`) also an open one.
 */
export function advance(watch: Watch, to: number, isEnd = false): Advance {
  const from = watch.finalSlot;
  const finals: FinalHour[] = [];
  let counts = NO_SLOTS;
  for (let hour = hourOf(from); from < to && hour * SLOTS_PER_HOUR < to; hour += 1) {
    const base = hour * SLOTS_PER_HOUR;
    const part = { from: Math.max(from, base), to: Math.min(to, base + SLOTS_PER_HOUR) };
    const mask = maskOf(hour, part);
    const slots = openHour(watch, hour);
    finals.push({ hour, ...part, mask, slots });
    counts = addCounts(counts, countSlots(slots, mask));
  }
  const finalSlot = Math.max(from, to);
  const { outages, downFrom } = outagesIn(watch, finals, isEnd);
  const hours = hourOf(finalSlot) - hourOf(from);
  const moved: Watch = {
    ...watch,
    finalSlot,
    downFrom,
    reporters: hours === 0 ? watch.reporters : shiftedReporters(watch.reporters, hours),
    excluded: hours === 0 ? watch.excluded : shifted(watch.excluded, hours, 0),
    counts: finals.length === 0 ? watch.counts : addCounts(watch.counts, counts),
  };
  return { watch: moved, finals, outages, counts };
}

/** Those who said nothing about what is still open are forgotten. */
function shiftedReporters(reporters: readonly Reporter[], hours: number): readonly Reporter[] {
  if (hours >= OPEN_HOURS) return [];
  return reporters
    .map((reporter) => ({ ...reporter, hours: shifted(reporter.hours, hours, ALL) }))
    .filter((reporter) => reporter.hours.some((slots) => slots !== ALL));
}

function shifted(
  values: readonly HourSlots[],
  by: number,
  filler: HourSlots,
): readonly HourSlots[] {
  return values.map((_, index) => values[index + by] ?? filler);
}

/** Hours without a down slot, the most by far, cost nothing. */
function outagesIn(
  watch: Watch,
  finals: readonly FinalHour[],
  isEnd: boolean,
): { readonly outages: readonly Outage[]; readonly downFrom: number | undefined } {
  const outages: Outage[] = [];
  let { downFrom } = watch;
  const close = (slot: number): void => {
    if (downFrom !== undefined && downFrom < slot) outages.push({ from: downFrom, to: slot });
    downFrom = undefined;
  };
  for (const { hour, from, to, mask, slots } of finals) {
    const down = downMask(slots) & mask;
    if (down === 0) close(from);
    else if (down === mask) downFrom ??= from;
    else {
      for (let slot = from; slot < to; slot += 1) {
        if (statusAt(slots, slot - hour * SLOTS_PER_HOUR) !== DOWN) close(slot);
        else downFrom ??= slot;
      }
    }
  }
  const end = finals.at(-1)?.to ?? watch.finalSlot;
  if (isEnd) close(end);
  if (downFrom !== undefined && end - downFrom >= LONGEST_UNREPORTED_SLOTS) {
    outages.push({ from: downFrom, to: end });
    downFrom = end;
  }
  return { outages, downFrom };
}
