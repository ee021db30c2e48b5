import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { advance, type Advance, type FinalHour } from './advance.ts';
import {
  countSlots,
  maskOf,
  NO_SLOTS,
  slotAt,
  slotFrom,
  type HealthSummary,
  type SlotCounts,
} from './slots.ts';
import type { Watch } from './watch.ts';

/** What is measured just before the end is reported after it: not counted as unknown. */
const SLOTS_UNDER_WAY = 2;
const PPM = 1_000_000;

export interface PeriodEnd extends Advance {
  readonly summary: HealthSummary;
}

/**
 * Makes everything until `at` final and begins to count anew. The next period begins with the first
 * whole slot and lasts until `nextEndAt`; without one nothing is measured from then on.
 */
export function endPeriod(
  watch: Watch,
  at: TimestampNs,
  nextEndAt: TimestampNs | undefined,
): PeriodEnd {
  const end = Math.max(slotAt(at), watch.finalSlot);
  const ended = advance(watch, end, true);
  const summary = summaryOf(ended.watch.counts, unknownUnderWay(ended.finals, end));
  const after = nextEndAt === undefined ? over(ended.watch) : intoNext(ended.watch, at, nextEndAt);
  return { ...ended, watch: after, summary };
}

function over(watch: Watch): Watch {
  return { ...watch, endSlot: watch.finalSlot, reporters: [], excludedFrom: undefined };
}

function intoNext(watch: Watch, at: TimestampNs, endAt: TimestampNs): Watch {
  const periodSlot = Math.max(slotFrom(at), watch.finalSlot);
  const { watch: moved } = advance(watch, periodSlot);
  const periodEndSlot = slotAt(endAt);
  return { ...moved, periodSlot, periodEndSlot, counts: NO_SLOTS, downFrom: undefined };
}

/** Unknown slots that ended too late to be reported. */
function unknownUnderWay(finals: readonly FinalHour[], end: number): number {
  let unknown = 0;
  for (const { hour, mask, slots } of finals.slice(-2)) {
    const late = mask & maskOf(hour, { from: end - SLOTS_UNDER_WAY, to: end });
    unknown += countSlots(slots, late).unknown;
  }
  return unknown;
}

function summaryOf(counts: SlotCounts, underWay: number): HealthSummary {
  const unknown = counts.unknown - underWay;
  const judged = counts.up + counts.down + counts.excluded + unknown;
  const unknownPpm = judged === 0 ? 0 : Math.round((unknown * PPM) / judged);
  return { ...counts, unknown, unknownPpm };
}
