import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { durationNs, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { SamplePoint } from './sample.ts';

/** A day of samples at one every five minutes. */
export const RING_CAPACITY = 288;
/** No two samples of a source are closer than this, so nobody can stuff the hour with them. */
export const SAMPLE_GAP_NS: DurationNs = durationNs({ minutes: 4 });

/** Whether a source may be asked. Check again when its answer is stored: calls overlap. */
export function isSampleDue(source: {
  readonly newestAtNs: TimestampNs | undefined;
  readonly nowNs: TimestampNs;
}): boolean {
  const { newestAtNs, nowNs } = source;
  return newestAtNs === undefined || nowNs - newestAtNs >= SAMPLE_GAP_NS;
}

/**
 * The ring with `sample` as its newest; the oldest goes when it is full. Refuses one that is less
 * than four minutes newer than the newest, or older than it.
 */
export function appendSample<T extends SamplePoint>(
  ring: readonly T[],
  sample: T,
): Result<readonly T[], { readonly kind: 'too-soon' }> {
  const newest = ring.at(-1);
  if (!isSampleDue({ newestAtNs: newest?.atNs, nowNs: sample.atNs })) {
    return err({ kind: 'too-soon' });
  }
  return ok([...ring.slice(-(RING_CAPACITY - 1)), sample]);
}

/** The samples that are at most `windowNs` old at `nowNs`, oldest first; none of the future. */
export function samplesWithin<T extends SamplePoint>(
  ring: readonly T[],
  window: { readonly windowNs: DurationNs; readonly nowNs: TimestampNs },
): readonly T[] {
  const oldestNs = window.nowNs - window.windowNs;
  let first = ring.length;
  while (first > 0 && isAtOrAfter(ring[first - 1], oldestNs)) first -= 1;
  let end = ring.length;
  while (end > first && isAtOrAfter(ring[end - 1], window.nowNs + 1n)) end -= 1;
  return ring.slice(first, end);
}

function isAtOrAfter(sample: SamplePoint | undefined, timeNs: bigint): boolean {
  return sample !== undefined && sample.atNs >= timeNs;
}
