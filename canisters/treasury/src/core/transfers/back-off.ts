import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';

/** Bounded and the same for everyone, so that a replay and a reader can compute it. */
const DELAYS_NS = [
  durationNs({ seconds: 10 }),
  durationNs({ seconds: 30 }),
  durationNs({ minutes: 2 }),
  durationNs({ minutes: 10 }),
  durationNs({ minutes: 30 }),
  durationNs({ hours: 1 }),
] as const;

/** When to try again after `failures` in a row, 1 or more: from 10 s up to once an hour. */
export function backOff(now: TimestampNs, failures: number): TimestampNs {
  const index = Math.min(Math.max(failures, 1), DELAYS_NS.length) - 1;
  return after(now, DELAYS_NS[index] ?? DELAYS_NS[0]);
}
