import type { TimestampNs } from '@decent-cloud/domain/time.ts';

/** 0, 1, 2, … from 1970 on: five minutes each. */
export const SLOT_NS = 300_000_000_000n;
export const SLOTS_PER_HOUR = 12;
export const SLOTS_PER_DAY = 288;
export const HOURS_PER_DAY = 24;
const BYTES_PER_HOUR = 3;
const BYTES_PER_DAY = 72;

/**
 * Twelve slots of two bits, the first in the lowest: 0 up, 1 down, 2 excluded, 3 unknown. All twelve
 * are looked at with a few bit operations: a loop over them would be most of a report's cost.
 */
export type HourSlots = number;

export const UP = 0;
export const DOWN = 1;
export const EXCLUDED = 2;
export const UNKNOWN = 3;

/** All bits of an hour; also twelve unknown slots. */
export const ALL: HourSlots = 0xffffff;
const LOW_BITS = 0x555555;

/** How many slots were what. */
export interface SlotCounts {
  readonly up: number;
  readonly down: number;
  readonly excluded: number;
  readonly unknown: number;
}

/** What was measured in a period, and whether it is enough to settle by itself. */
export interface HealthSummary extends SlotCounts {
  /** Of the slots that could have been measured; 0 if there were none. */
  readonly unknownPpm: number;
}

export const NO_SLOTS: SlotCounts = { up: 0, down: 0, excluded: 0, unknown: 0 };

/** The slot that `at` lies in. */
export function slotAt(at: TimestampNs): number {
  return Number(at / SLOT_NS);
}

/** The first slot that does not begin before `at`. */
export function slotFrom(at: TimestampNs): number {
  return Number((at + SLOT_NS - 1n) / SLOT_NS);
}

/** When the slot begins. */
export function slotStart(slot: number): TimestampNs {
  return (BigInt(slot) * SLOT_NS) as TimestampNs;
}

export function hourOf(slot: number): number {
  return Math.floor(slot / SLOTS_PER_HOUR);
}

export function dayOf(slot: number): number {
  return Math.floor(slot / SLOTS_PER_DAY);
}

/** Both bits of every slot of the hour that is in `[from, to)`. */
export function maskOf(
  hour: number,
  range: { readonly from: number; readonly to: number },
): HourSlots {
  const base = hour * SLOTS_PER_HOUR;
  const first = Math.min(Math.max(range.from - base, 0), SLOTS_PER_HOUR);
  const end = Math.min(Math.max(range.to - base, 0), SLOTS_PER_HOUR);
  return end <= first ? 0 : ((1 << (2 * end)) - 1) & ~((1 << (2 * first)) - 1);
}

/** Both bits of every slot that is up or down. */
export function knownMask(slots: HourSlots): HourSlots {
  const low = ~(slots >>> 1) & LOW_BITS;
  return low | (low << 1);
}

/** Both bits of every slot that is down. */
export function downMask(slots: HourSlots): HourSlots {
  const low = slots & ~(slots >>> 1) & LOW_BITS;
  return low | (low << 1);
}

/** The slots of `mask` from `inside`, the others from `outside`. */
export function choose(mask: HourSlots, inside: HourSlots, outside: HourSlots): HourSlots {
  return (inside & mask) | (outside & ALL & ~mask);
}

/** Each slot of `mask` is `status`. */
export function filled(mask: HourSlots, status: 0 | 1 | 2 | 3): HourSlots {
  return mask & (LOW_BITS * status);
}

export function statusAt(slots: HourSlots, index: number): number {
  return (slots >>> (2 * index)) & 3;
}

/** Counts the slots of `mask`. */
export function countSlots(slots: HourSlots, mask: HourSlots): SlotCounts {
  const wanted = mask & LOW_BITS;
  const high = (slots >>> 1) & wanted;
  const low = slots & wanted;
  const total = onesOf(wanted);
  const unknown = onesOf(high & low);
  const excluded = onesOf(high & ~low);
  const down = onesOf(low & ~high);
  return { up: total - unknown - excluded - down, down, excluded, unknown };
}

export function addCounts(one: SlotCounts, other: SlotCounts): SlotCounts {
  return {
    up: one.up + other.up,
    down: one.down + other.down,
    excluded: one.excluded + other.excluded,
    unknown: one.unknown + other.unknown,
  };
}

/** How many of the even bits are set. */
function onesOf(bits: number): number {
  const pairs = (bits & 0x333333) + ((bits >>> 2) & 0x333333);
  const nibbles = (pairs + (pairs >>> 4)) & 0x0f0f0f;
  return (nibbles + (nibbles >>> 8) + (nibbles >>> 16)) & 0xff;
}

/** The hour's slots out of a day's 72 bytes. */
export function hourOfDay(day: Uint8Array, hourIndex: number): HourSlots {
  const at = hourIndex * BYTES_PER_HOUR;
  return (day[at] ?? 0) | ((day[at + 1] ?? 0) << 8) | ((day[at + 2] ?? 0) << 16);
}

export function setHourOfDay(day: Uint8Array, hourIndex: number, slots: HourSlots): void {
  const at = hourIndex * BYTES_PER_HOUR;
  day[at] = slots & 0xff;
  day[at + 1] = (slots >>> 8) & 0xff;
  day[at + 2] = (slots >>> 16) & 0xff;
}

/** Nothing known about any slot. */
export function unknownDay(): Uint8Array {
  return new Uint8Array(BYTES_PER_DAY).fill(0xff);
}
