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
  const recent = [...(usual?.recent ?? []), sampleSeconds].slice(-MAX_SAMPLES);
  return { recent, seconds: median(recent) };
}

/** The lower one of two middles; 0 of nothing. */
export function median(values: readonly number[]): number {
  // Sorted natively: a comparison in code would be most of what a report costs here.
  const sorted = new Float64Array(values).sort();
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
