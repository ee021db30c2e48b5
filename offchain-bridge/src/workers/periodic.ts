import type { Clock } from '../ports/clock.port.ts';
import type { Log } from '../ports/log.port.ts';
import type { Metrics } from '../ports/metrics.port.ts';

/** Something that is done again and again. */
export interface Periodic {
  readonly name: string;
  /** From the end of a round to the next one, a tenth more or less. */
  readonly everyMs: number;
  round(signal: AbortSignal): Promise<void>;
}

export interface PeriodicDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** From 0 to 1: several processes do not keep step. */
  readonly random: () => number;
}

const JITTER = 0.2;

/**
 * Does the rounds one after another until the signal, the first at once. A round that fails is logged
 * and counted, and the next one comes as if nothing were. Resolves when the last round has ended.
 */
export async function repeat(
  task: Periodic,
  deps: PeriodicDeps,
  signal: AbortSignal,
): Promise<void> {
  const log = deps.log.child({ worker: task.name });
  while (!signal.aborted) {
    await oneRound(task, { ...deps, log }, signal);
    const pauseMs = task.everyMs * (1 - JITTER / 2 + JITTER * deps.random());
    if (!(await slept(deps.clock, pauseMs, signal))) return;
  }
}

async function oneRound(task: Periodic, deps: PeriodicDeps, signal: AbortSignal): Promise<void> {
  try {
    await task.round(signal);
  } catch (error) {
    if (signal.aborted) return;
    deps.metrics.count('worker_failures', { worker: task.name });
    deps.log.warn({ error: messageOf(error) }, `${task.name} failed; it is tried again`);
  }
}

async function slept(clock: Clock, durationMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(durationMs, signal);
    return !signal.aborted;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** What an error says; of what is not an error, nothing. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}
