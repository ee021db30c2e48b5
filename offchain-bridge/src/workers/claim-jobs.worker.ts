import { backoffMs } from '../core/backoff.ts';
import type { ClaimedJob } from '../core/job-work.ts';
import { pause } from '../jobs/abortable.ts';
import { runJob, type JobDeps } from '../jobs/run-job.ts';
import { CanisterUnavailable } from '../ports/canister-errors.ts';
import type { RentalPort } from '../ports/rental.port.ts';
import type { HeldLease } from './held-lease.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { messageOf } from './periodic.ts';

/** Of one call. */
const MAX_CLAIMED = 20;
/** Where one came there may be more: people rent at the same time, and what ends makes room. */
const SOON_MS = 500;
const AWAY = { firstMs: 1_000, longestMs: 15_000 };
const MS_PER_SECOND = 1_000;

export interface ClaimDeps extends JobDeps {
  readonly rental: JobDeps['rental'] & Pick<RentalPort, 'claimJobs'>;
  readonly leases: LeaseKeeper;
  /** Tells this process from others of the same agent. */
  readonly worker: string;
  /** Jobs in hand at most. */
  readonly capacity: number;
  /** Between two questions while there is nothing to do. */
  readonly pollMs: number;
}

/** A job that is being worked on. */
export interface RunningJob {
  readonly claimed: ClaimedJob;
  readonly held: HeldLease;
  readonly sinceMs: number;
}

/**
 * Claims jobs as long as there is room for them and works on each by itself. While the canister is away
 * it waits, longer and longer.
 */
export class ClaimLoop {
  readonly #deps: ClaimDeps;
  readonly #running = new Map<RunningJob, Promise<void>>();
  #wake = new AbortController();
  #failures = 0;

  constructor(deps: ClaimDeps) {
    this.#deps = deps;
  }

  running(): readonly RunningJob[] {
    return [...this.#running.keys()];
  }

  /** Claims until the bridge is to stop; resolves when no job is in hand any more. */
  async run(): Promise<void> {
    const { draining } = this.#deps;
    const wake = (): void => this.#wake.abort();
    draining.addEventListener('abort', wake, { once: true });
    while (!draining.aborted) {
      this.#wake = new AbortController();
      const waitMs = await this.#claim();
      if (waitMs > 0) await this.#sleep(waitMs);
    }
    draining.removeEventListener('abort', wake);
    await Promise.all(this.#running.values());
  }

  /** Gives how long to wait before the next claim. */
  async #claim(): Promise<number> {
    const { rental, clock, worker, capacity, pollMs } = this.#deps;
    const max = Math.min(capacity - this.#running.size, MAX_CLAIMED);
    if (max <= 0) return pollMs;
    const sentAtMs = clock.monotonicMs();
    try {
      const claimed = await rental.claimJobs({ worker, max });
      this.#answered();
      for (const job of claimed) this.#start(job, sentAtMs);
      if (claimed.length === 0) return pollMs;
      return claimed.length === max ? 0 : Math.min(SOON_MS, pollMs);
    } catch (error) {
      return this.#notAnswered(error);
    }
  }

  #start(claimed: ClaimedJob, sentAtMs: number): void {
    const { clock, leases, metrics, log } = this.#deps;
    const { jobId, epoch, kind, rentalId, attempts } = claimed;
    log.info({ job: jobId, epoch, kind, rental: rentalId, attempts }, 'takes a job');
    metrics.count('jobs_claimed', { kind });
    const held = leases.hold({ jobId, epoch }, sentAtMs);
    const running: RunningJob = { claimed, held, sinceMs: clock.monotonicMs() };
    this.#running.set(running, this.#work(running, sentAtMs));
    metrics.set('jobs_in_hand', this.#running.size);
  }

  /** Never rejects. */
  async #work(running: RunningJob, sentAtMs: number): Promise<void> {
    const { clock, leases, metrics, log } = this.#deps;
    const { claimed, held, sinceMs } = running;
    const stopRenewing = (): void => leases.release(held);
    const outcome = await runJob(this.#deps, { claimed, sentAtMs, held, stopRenewing });
    this.#running.delete(running);
    const { kind, jobId, epoch, rentalId, attempts } = claimed;
    const seconds = (clock.monotonicMs() - sinceMs) / MS_PER_SECOND;
    log.info({ job: jobId, epoch, kind, rental: rentalId, outcome, seconds }, 'a job has ended');
    metrics.count('jobs_ended', { kind, outcome });
    metrics.time('job_seconds', seconds, { kind });
    if (kind === 'provision' && outcome === 'succeeded' && attempts === 1) {
      metrics.time('time_to_ready_seconds', seconds);
    }
    metrics.set('jobs_in_hand', this.#running.size);
    this.#wake.abort();
  }

  #answered(): void {
    if (this.#failures > 0) this.#deps.log.info({}, 'the market answers again');
    this.#failures = 0;
  }

  #notAnswered(error: unknown): number {
    const { log, metrics, random } = this.#deps;
    this.#failures += 1;
    metrics.count('worker_failures', { worker: 'jobs' });
    const words =
      error instanceof CanisterUnavailable
        ? 'the market does not answer; no job is taken until it does'
        : 'no job could be claimed; it is tried again';
    log.warn({ failures: this.#failures, error: messageOf(error) }, words);
    return backoffMs(AWAY, this.#failures, random());
  }

  /** Ends early when a job ends. */
  async #sleep(durationMs: number): Promise<void> {
    await pause(this.#deps.clock, durationMs, this.#wake.signal);
  }
}
