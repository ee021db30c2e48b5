import { setMaxListeners } from 'node:events';
import type { AccountSessions } from '../accounts/account-sessions.ts';
import { JOB_TIMING, type JobTiming } from '../core/job-timing.ts';
import { pause } from '../jobs/abortable.ts';
import { Draining } from '../jobs/job-context.ts';
import type { MachineWork } from '../ports/machine-work.port.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { Log } from '../ports/log.port.ts';
import type { Metrics } from '../ports/metrics.port.ts';
import type { RentalPort } from '../ports/rental.port.ts';
import { ClaimLoop } from './claim-jobs.worker.ts';
import { LeaseKeeper } from './lease-keeper.ts';

const CAPACITY = 20;
const POLL_MS = 2_000;
/** Jobs that are not given back by then are left to their leases. */
const DRAIN_MS = 20_000;

export interface JobEngineDeps {
  readonly rental: Pick<
    RentalPort,
    | 'claimJobs'
    | 'getJob'
    | 'renewLeases'
    | 'reportStep'
    | 'releaseJob'
    | 'publishCatalogue'
    | 'clockOffsetMs'
  >;
  readonly sessions: Pick<AccountSessions, 'use'>;
  readonly machineWork: MachineWork;
  readonly clock: Clock;
  /** 1 to 64 visible characters; tells this process from others of the same agent. */
  readonly worker: string;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Jobs in hand at most; 20 unless told otherwise. */
  readonly capacity?: number;
  /** 2 s unless told otherwise. */
  readonly pollMs?: number;
  readonly timing?: Partial<JobTiming>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** A job in hand, for those who look. */
export interface ShownJobInHand {
  readonly jobId: number;
  readonly kind: string;
  readonly rentalId: number | undefined;
  readonly epoch: number;
  readonly inHandMs: number;
  /** How long the lease is certainly ours; not positive once it is lost. */
  readonly leaseMs: number;
}

export interface JobEngine {
  /** Works until the signal, then as `drain`. Resolves when nothing is in hand. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  inHand(): readonly ShownJobInHand[];
  /**
   * Takes no more jobs and gives back those in hand where they can be left; resolves within about 20 s.
   */
  drain(): Promise<void>;
}

/** Takes jobs from the canister and does them. */
export function createJobEngine(deps: JobEngineDeps): JobEngine {
  return new Engine(deps);
}

class Engine implements JobEngine {
  readonly #clock: Clock;
  readonly #leases: LeaseKeeper;
  readonly #claims: ClaimLoop;
  readonly #draining = new AbortController();
  /** Ends the leases that are still held. */
  readonly #over = new AbortController();
  #isRunning = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(deps: JobEngineDeps) {
    const { rental, sessions, machineWork: machines, clock, worker, log, metrics, random } = deps;
    const { capacity = CAPACITY, pollMs = POLL_MS } = deps;
    this.#clock = clock;
    this.#leases = new LeaseKeeper({ rental, clock, log, metrics });
    const timing = { ...JOB_TIMING, ...deps.timing };
    const draining = this.#draining.signal;
    // One of each job in hand.
    setMaxListeners(0, draining);
    const parts = { rental, sessions, machines, clock, timing, log, metrics, random, draining };
    this.#claims = new ClaimLoop({ ...parts, leases: this.#leases, worker, capacity, pollMs });
  }

  run(signal: AbortSignal): Promise<void> {
    if (this.#isRunning) return this.#ended;
    this.#isRunning = true;
    const stop = (): void => void this.drain();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    this.#ended = this.#work().finally(() => signal.removeEventListener('abort', stop));
    return this.#ended;
  }

  inHand(): readonly ShownJobInHand[] {
    const nowMs = this.#clock.monotonicMs();
    return this.#claims.running().map(({ claimed, held, sinceMs }) => ({
      jobId: claimed.jobId,
      kind: claimed.kind,
      rentalId: claimed.rentalId,
      epoch: claimed.epoch,
      inHandMs: nowMs - sinceMs,
      leaseMs: held.leftMs,
    }));
  }

  drain(): Promise<void> {
    if (!this.#draining.signal.aborted) {
      this.#draining.abort(new Draining('the bridge stops'));
      void pause(this.#clock, DRAIN_MS, this.#over.signal).then(() => this.#over.abort());
    }
    return this.#ended;
  }

  async #work(): Promise<void> {
    const leases = this.#leases.run(this.#over.signal);
    await this.#claims.run();
    this.#over.abort();
    await leases;
  }
}
