import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import {
  hourOf,
  NO_SLOTS,
  slotAt,
  slotFrom,
  SLOTS_PER_HOUR,
  type HourSlots,
  type SlotCounts,
} from './slots.ts';

/** The hour in progress and the two before it: an hour is final two hours after its end. */
export const OPEN_HOURS = 3;

/** What one agent said about the open hours. */
export interface Reporter {
  /** Its principal in hex. */
  readonly name: string;
  /** Counts against any number of the seller's own agents. */
  readonly isPlatform: boolean;
  /** `OPEN_HOURS` of them, from the hour of `finalSlot` on. */
  readonly hours: readonly HourSlots[];
}

/**
 * The measuring of one rental. Slots before `finalSlot` stand in the days' rows and never change; those
 * from it on are what the reporters last said.
 */
export interface Watch {
  readonly provider: AccountId;
  /** The first slot that is measured. */
  readonly fromSlot: number;
  /** The first slot of the paid period that runs. */
  readonly periodSlot: number;
  /** The one in which it ends: nothing beyond is final before that end was dealt with. */
  readonly periodEndSlot: number;
  readonly finalSlot: number;
  /** The first slot that is not measured any more. */
  readonly endSlot: number | undefined;
  readonly reporters: readonly Reporter[];
  /** The slot from which on the machine is off or being worked on, by the renter's order. */
  readonly excludedFrom: number | undefined;
  /** Slots of the open hours in which it was, as masks. */
  readonly excluded: readonly HourSlots[];
  /** The first slot, not reported yet, of a run of down slots that reaches `finalSlot`. */
  readonly downFrom: number | undefined;
  /** Final slots of the period. */
  readonly counts: SlotCounts;
  /** Where its entry in the due queue is; undefined once it is over. */
  readonly dueAt: TimestampNs | undefined;
}

/** Measures from the first whole slot on. */
export function newWatch(start: {
  readonly provider: AccountId;
  readonly at: TimestampNs;
  readonly periodEndAt: TimestampNs;
  readonly dueAt: TimestampNs;
}): Watch {
  const { provider, at, periodEndAt, dueAt } = start;
  const fromSlot = slotFrom(at);
  return {
    provider,
    fromSlot,
    periodSlot: fromSlot,
    periodEndSlot: slotAt(periodEndAt),
    finalSlot: fromSlot,
    endSlot: undefined,
    reporters: [],
    excludedFrom: undefined,
    excluded: new Array<HourSlots>(OPEN_HOURS).fill(0),
    downFrom: undefined,
    counts: NO_SLOTS,
    dueAt,
  };
}

/** The first slot that is not final at `now`; facts about one period never mix with the next one's. */
export function finalSlotAt(watch: Pick<Watch, 'periodEndSlot'>, now: TimestampNs): number {
  const slot = (hourOf(slotAt(now)) - OPEN_HOURS + 1) * SLOTS_PER_HOUR;
  return Math.min(slot, watch.periodEndSlot);
}
