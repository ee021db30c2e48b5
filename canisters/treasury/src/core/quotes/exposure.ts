import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { ExposureMinute } from '../tokens/token-book.ts';

const MINUTE_NS = 60_000_000_000n;
/** A minute counts until it is wholly more than an hour ago. */
const MINUTES_COUNTED = 60;

/** US dollars of one quote, at the time at which it was accepted. */
export interface Exposure {
  readonly usdE8: UsdE8;
  readonly at: TimestampNs;
}

/** US dollars accepted in the last hour, to the minute and never too little. */
export function exposureSum(minutes: readonly ExposureMinute[], now: TimestampNs): UsdE8 {
  return counted(minutes, now).reduce((sum, one) => sum + one.usdE8, 0n) as UsdE8;
}

/** Adds to the minute of `at`, and forgets what is over. */
export function addExposure(
  minutes: readonly ExposureMinute[],
  added: Exposure,
): readonly ExposureMinute[] {
  const minute = minuteOf(added.at);
  const kept = counted(minutes, added.at);
  const last = kept.at(-1);
  if (last?.minute !== minute) return [...kept, { minute, usdE8: added.usdE8 }];
  return [...kept.slice(0, -1), { minute, usdE8: (last.usdE8 + added.usdE8) as UsdE8 }];
}

/** Takes back what was added at that time, if it is remembered: the payment did not happen. */
export function takeExposure(
  minutes: readonly ExposureMinute[],
  taken: Exposure,
): readonly ExposureMinute[] {
  const minute = minuteOf(taken.at);
  return minutes.map((one) => {
    if (one.minute !== minute) return one;
    const left = one.usdE8 - taken.usdE8;
    return { minute, usdE8: (left > 0n ? left : 0n) as UsdE8 };
  });
}

function counted(minutes: readonly ExposureMinute[], now: TimestampNs): readonly ExposureMinute[] {
  const oldest = minuteOf(now) - MINUTES_COUNTED;
  return minutes.filter((one) => one.minute >= oldest);
}

function minuteOf(at: TimestampNs): number {
  return Number(at / MINUTE_NS);
}
