import type { JobTiming } from '../core/job-timing.ts';
import type { JobWork } from '../core/job-work.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { CloudProvider } from '../ports/cloud.port.ts';
import type { Log } from '../ports/log.port.ts';
import type { Metrics } from '../ports/metrics.port.ts';
import type { RentalPort } from '../ports/rental.port.ts';
import type { HeldLease } from '../workers/held-lease.ts';
import type { JobReporter } from './job-reporter.ts';
import type { MachineWork } from '../ports/machine-work.port.ts';

/** The bridge is being stopped: the job is given back, another worker goes on. */
export class Draining extends Error {
  override readonly name = 'Draining';
}

/** Everything that a job works with. */
export interface JobContext {
  readonly work: JobWork;
  /** Refuses to change anything once the lease is over. */
  readonly cloud: CloudProvider;
  readonly machines: MachineWork;
  readonly rental: Pick<RentalPort, 'publishCatalogue' | 'clockOffsetMs'>;
  readonly reporter: JobReporter;
  readonly held: HeldLease;
  readonly clock: Clock;
  readonly timing: JobTiming;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Aborted when the lease is lost: nothing more may be done. For what must not stop half-way. */
  readonly leaseSignal: AbortSignal;
  /**
   * Aborted also when the deadline comes, and, with a `Draining`, when the bridge stops. For what may be
   * broken off anywhere because it is looked at first by whoever goes on.
   */
  readonly signal: AbortSignal;
  /** Monotonic; undefined for a delete. */
  readonly deadlineMs: number | undefined;
}

/** What ends so early before the deadline can still be told with its own reason. */
const SPARE_MS = 10_000;

/** How long there is until the deadline. */
export function leftMs({ clock, deadlineMs }: JobContext): number {
  return deadlineMs === undefined ? Number.POSITIVE_INFINITY : deadlineMs - clock.monotonicMs();
}

/** A limit that ends before the deadline does. */
export function limited(context: JobContext, limitMs: number): number {
  return Math.max(0, Math.min(limitMs, leftMs(context) - SPARE_MS));
}

/** Waits; throws the signal's reason if it is aborted meanwhile. */
export async function waitFor({ clock, signal }: JobContext, durationMs: number): Promise<void> {
  signal.throwIfAborted();
  await clock.sleep(durationMs, signal);
}
