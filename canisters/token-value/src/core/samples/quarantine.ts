import { durationNs } from '@decent-cloud/domain/time.ts';
import { isWithin } from '../units.ts';
import { lowerMedian } from './median.ts';
import { samplesWithin } from './ring.ts';
import type { Quarantine, SamplePoint } from './sample.ts';

/** ±30 % around the median of the day before. */
export const DAY_BAND_BPS = 3_000;
/** So many samples in a row inside the band end a quarantine. */
const IN_BAND_TO_CLEAR = 3;

const DAY_NS = durationNs({ days: 1 });

/** A source that has done nothing wrong. */
export const CLEAR: Quarantine = { kind: 'clear' };

/**
 * What a new sample makes of a source's quarantine. `earlier` is the ring before the sample: a
 * sample is judged by those before it. The first one of a day is judged by nothing.
 */
export function nextQuarantine(step: {
  readonly quarantine: Quarantine;
  readonly earlier: readonly SamplePoint[];
  readonly sample: SamplePoint;
}): Quarantine {
  const { quarantine, earlier, sample } = step;
  const day = samplesWithin(earlier, { windowNs: DAY_NS, nowNs: sample.atNs });
  if (!isInBand(sample, day)) {
    const sinceNs = quarantine.kind === 'quarantined' ? quarantine.sinceNs : sample.atNs;
    return { kind: 'quarantined', sinceNs, inBandCount: 0 };
  }
  if (quarantine.kind === 'clear') return CLEAR;
  const inBandCount = quarantine.inBandCount + 1;
  return inBandCount >= IN_BAND_TO_CLEAR ? CLEAR : { ...quarantine, inBandCount };
}

function isInBand(sample: SamplePoint, day: readonly SamplePoint[]): boolean {
  if (day.length === 0) return true;
  const median = lowerMedian(day.map(({ ratioE18 }) => ratioE18));
  return isWithin(sample.ratioE18, median, DAY_BAND_BPS);
}
