import { sortedOf } from '../recipes/run-stats.ts';

/** How long a step took lately. */
export interface UsualTime {
  /** Seconds, the oldest first; at most 50. */
  readonly recent: readonly number[];
  /** The middle of them. */
  readonly seconds: number;
}

const MAX_SAMPLES = 50;

/** Takes one run in; the oldest of more than 50 is forgotten. */
export function withSample(usual: UsualTime | undefined, sampleSeconds: number): UsualTime {
  const recent = (usual?.recent ?? []).slice(1 - MAX_SAMPLES).concat(sampleSeconds);
  return { recent, seconds: median(recent) };
}

/** The lower one of two middles; 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = sortedOf(values);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
