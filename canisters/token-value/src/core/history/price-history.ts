import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { PriceE18 } from '../units.ts';

/** A price that was made. Moments without a price have no point. */
export interface PricePoint {
  readonly atNs: TimestampNs;
  readonly priceE18: PriceE18;
}

/** A bucket of a chart: one `step` from `fromNs` on. */
export interface HistoryPoint {
  readonly fromNs: TimestampNs;
  readonly lowE18: PriceE18;
  readonly highE18: PriceE18;
  readonly lastE18: PriceE18;
}

/** What a chart asks for: from `fromNs`, up to but not with `toNs`. */
export interface HistoryRange {
  readonly fromNs: TimestampNs;
  readonly toNs: TimestampNs;
  readonly step: DurationNs;
}

/** A range that cannot be drawn. `argument` is the field's name on the wire. */
export interface HistoryRefusal {
  readonly argument: 'to_ns' | 'step_ns';
  readonly rule: string;
}

/** No answer is longer. */
export const MAX_HISTORY_POINTS = 500;

/** Checks a range before anything is read for it. */
export function checkHistoryRange(range: HistoryRange): Result<HistoryRange, HistoryRefusal> {
  const { fromNs, toNs, step } = range;
  if (toNs <= fromNs) return err({ argument: 'to_ns', rule: 'must be after from_ns' });
  if (step <= 0n) return err({ argument: 'step_ns', rule: 'must be more than 0' });
  const isShort = toNs - fromNs <= step * BigInt(MAX_HISTORY_POINTS);
  if (isShort) return ok(range);
  return err({ argument: 'step_ns', rule: `must give at most ${MAX_HISTORY_POINTS} points` });
}

/**
 * Lowest, highest and last price of each step that has any, oldest first. A gap stays a gap: no
 * price is made up between two others. `points` are in the order of time.
 */
export function historyPoints(
  request: HistoryRange & { readonly points: Iterable<PricePoint> },
): Result<readonly HistoryPoint[], HistoryRefusal> {
  const checked = checkHistoryRange(request);
  if (checked.kind === 'err') return checked;
  const { fromNs, toNs, step, points } = request;
  const buckets: HistoryPoint[] = [];
  for (const { atNs, priceE18 } of points) {
    if (atNs < fromNs || atNs >= toNs) continue;
    const startNs = (atNs - ((atNs - fromNs) % step)) as TimestampNs;
    const open = buckets.at(-1);
    if (open?.fromNs !== startNs) {
      buckets.push({ fromNs: startNs, lowE18: priceE18, highE18: priceE18, lastE18: priceE18 });
      continue;
    }
    const lowE18 = priceE18 < open.lowE18 ? priceE18 : open.lowE18;
    const highE18 = priceE18 > open.highE18 ? priceE18 : open.highE18;
    buckets[buckets.length - 1] = { fromNs: startNs, lowE18, highE18, lastE18: priceE18 };
  }
  return ok(buckets);
}
