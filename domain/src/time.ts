import type { Branded } from './brand.ts';
import { invariant } from './assert.ts';

/** Nanoseconds since 1970-01-01 UTC, as the Internet Computer counts time. */
export type TimestampNs = Branded<bigint, 'TimestampNs'>;
/** A length of time in nanoseconds, never negative. */
export type DurationNs = Branded<bigint, 'DurationNs'>;

/** A length of time in the units people write. */
export interface DurationParts {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

const NS_PER_SECOND = 1_000_000_000n;
const MAX_NS = 2n ** 64n - 1n;

/** Brands a time that fits the Internet Computer's 64 bits. Throws on anything else. */
export function timestampNs(value: bigint): TimestampNs {
  invariant(value >= 0n && value <= MAX_NS, `time ${value.toString()} is not a 64-bit timestamp`);
  return value as TimestampNs;
}

/** Whole seconds as a duration. `durationNs({ hours: 1, minutes: 30 })` is 5 400 000 000 000. */
export function durationNs(parts: DurationParts): DurationNs {
  const { days = 0, hours = 0, minutes = 0, seconds = 0 } = parts;
  const total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
  invariant(Number.isSafeInteger(total) && total >= 0, 'a duration is whole, positive seconds');
  return (BigInt(total) * NS_PER_SECOND) as DurationNs;
}

/** The moment `duration` after `from`. */
export function after(from: TimestampNs, duration: DurationNs): TimestampNs {
  return timestampNs(from + duration);
}

/** Time from `start` to `end`; zero if `end` is earlier. */
export function elapsed(start: TimestampNs, end: TimestampNs): DurationNs {
  return (end > start ? end - start : 0n) as DurationNs;
}
