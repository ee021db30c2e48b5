import {
  ALL,
  choose,
  DOWN,
  EXCLUDED,
  filled,
  hourOf,
  knownMask,
  maskOf,
  SLOTS_PER_HOUR,
  statusAt,
  UNKNOWN,
  UP,
  type HourSlots,
} from './slots.ts';
import type { Watch } from './watch.ts';

/**
 * What counts for an hour that is not final: the majority of the reporters, where a platform agent that
 * knows a slot is never outvoted by the seller's own; a tie is unknown. Excluded time is excluded
 * whatever they say. Before `finalSlot` it says nothing that counts.
 */
export function openHour(watch: Watch, hour: number): HourSlots {
  const index = hour - hourOf(watch.finalSlot);
  const mask = (watch.excluded[index] ?? 0) | excludedMask(watch, hour);
  const voted = watch.reporters.length === 0 ? ALL : voteOf(watch, index);
  return mask === 0 ? voted : choose(mask, filled(mask, EXCLUDED), voted);
}

/** Slots of the hour from the beginning of a time that is excluded and not over. */
function excludedMask(watch: Watch, hour: number): HourSlots {
  const { excludedFrom } = watch;
  if (excludedFrom === undefined) return 0;
  return maskOf(hour, { from: excludedFrom, to: Number.POSITIVE_INFINITY });
}

function voteOf({ reporters }: Watch, index: number): HourSlots {
  const own: HourSlots[] = [];
  const platform: HourSlots[] = [];
  let knownToPlatform = 0;
  for (const reporter of reporters) {
    const slots = reporter.hours[index] ?? ALL;
    if (reporter.isPlatform) knownToPlatform |= knownMask(slots);
    (reporter.isPlatform ? platform : own).push(slots);
  }
  if (platform.length === 0) return majorityOf(own);
  return choose(knownToPlatform, majorityOf(platform), majorityOf(own));
}

/** Up or down as most of those say who know. */
export function majorityOf(hours: readonly HourSlots[]): HourSlots {
  const [first = ALL, second] = hours;
  if (second === undefined) return first;
  if (hours.length === 2) return agreementOf(first, second);
  let majority = 0;
  for (let index = 0; index < SLOTS_PER_HOUR; index += 1) {
    majority |= majorityAt(hours, index) << (2 * index);
  }
  return majority;
}

/** Unknown is all ones, so that `&` takes the other's word; where both know, they must agree. */
function agreementOf(one: HourSlots, other: HourSlots): HourSlots {
  const isKnownToBoth = knownMask(one) & knownMask(other);
  const differ = (one ^ other) & isKnownToBoth;
  return (one & other) | differ | (differ << 1);
}

function majorityAt(hours: readonly HourSlots[], index: number): number {
  let balance = 0;
  for (const slots of hours) {
    const status = statusAt(slots, index);
    if (status === UP) balance += 1;
    if (status === DOWN) balance -= 1;
  }
  if (balance === 0) return UNKNOWN;
  return balance > 0 ? UP : DOWN;
}
