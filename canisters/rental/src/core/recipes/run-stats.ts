/** What real runs of a recipe or a version came to. */
export interface RunStats {
  readonly runs: number;
  readonly successes: number;
  /** Whole seconds from the paid order to ready, of the last 100 successes, the newest last. */
  readonly readySeconds: readonly number[];
  /** Half of those took no longer; undefined without any. */
  readonly p50Seconds: number | undefined;
  readonly p95Seconds: number | undefined;
}

/** One real run, the author's own too. */
export type RecipeRun =
  { readonly kind: 'ready'; readonly readySeconds: number } | { readonly kind: 'failed' };

const KEPT = 100;

export const NO_RUNS: RunStats = {
  runs: 0,
  successes: 0,
  readySeconds: [],
  p50Seconds: undefined,
  p95Seconds: undefined,
};

export function withRun(stats: RunStats, run: RecipeRun): RunStats {
  const runs = stats.runs + 1;
  if (run.kind === 'failed') return { ...stats, runs };
  const seconds = Math.max(0, Math.round(run.readySeconds));
  const readySeconds = stats.readySeconds.slice(1 - KEPT).concat(seconds);
  const sorted = sortedOf(readySeconds);
  return {
    runs,
    successes: stats.successes + 1,
    readySeconds,
    p50Seconds: atShare(sorted, 0.5),
    p95Seconds: atShare(sorted, 0.95),
  };
}

/** Ascending. Filled and sorted natively: a loop or a comparison in code would cost millions. */
export function sortedOf(values: readonly number[]): Float64Array {
  const sorted = new Float64Array(values.length);
  sorted.set(values);
  return sorted.sort();
}

/** Nearest rank: the smallest value that at least that share of all is not above. */
function atShare(sorted: Float64Array, share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
