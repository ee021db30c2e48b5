import type { ProbeResult } from '../ports/rental.port.ts';

/** unknown: nothing can be said, and that is nobody's fault who is measured. */
export type Verdict = 'up' | 'down' | 'unknown';

/** One look, in words for people; at most 200 characters each. */
export interface Probe extends ProbeResult {
  readonly verdict: Verdict;
}

/** From where is looked, and for how long. */
export interface ProbeDeps {
  readonly clock: { monotonicMs(): number };
  /** This prober, as people know it: `fsn1`. */
  readonly from: string;
  /** For one look. */
  readonly timeoutMs: number;
}

const MAX_TEXT = 200;

/** Measures how long a look takes. `what` is without the place that it is from. */
export async function timed(
  { clock, from }: ProbeDeps,
  what: string,
  look: () => Promise<Pick<Probe, 'verdict' | 'result'>>,
): Promise<Probe> {
  const startedAtMs = clock.monotonicMs();
  const { verdict, result } = await look();
  const latencyMs = Math.round(clock.monotonicMs() - startedAtMs);
  return {
    what: cut(`${what} from ${from}`),
    result: cut(result),
    latencyMs: Math.max(0, latencyMs),
    verdict,
  };
}

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}
