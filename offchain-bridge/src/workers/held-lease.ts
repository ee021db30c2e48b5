import { setMaxListeners } from 'node:events';
import type { Lease } from '../core/job-work.ts';
import { leaseEndMs } from '../core/lease-time.ts';
import type { Clock } from '../ports/clock.port.ts';

/** The job is not ours any more: nothing more may be done for it, and nothing told. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

type LeaseClock = Pick<Clock, 'monotonicMs' | 'nowMs'>;

/** A job in this process's hands, until it ends or the lease is lost. */
export class HeldLease implements Lease {
  readonly jobId: Lease['jobId'];
  readonly epoch: number;
  readonly #clock: LeaseClock;
  readonly #lost = new AbortController();
  /** The wall clock minus the monotonic one when it was claimed. */
  readonly #apartMs: number;
  #confirmedAtMs: number;

  /** `sentAtMs`: monotonic time at which the claim was sent. */
  constructor(lease: Lease, sentAtMs: number, clock: LeaseClock) {
    this.jobId = lease.jobId;
    this.epoch = lease.epoch;
    this.#clock = clock;
    this.#apartMs = clock.nowMs() - clock.monotonicMs();
    this.#confirmedAtMs = sentAtMs;
    // Everything that a job waits for listens to it.
    setMaxListeners(0, this.#lost.signal);
  }

  /** Aborted with a `LeaseLost` as soon as the lease is not certainly ours. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  get lease(): Lease {
    return { jobId: this.jobId, epoch: this.epoch };
  }

  /** When the last call was sent that the canister confirmed. */
  get confirmedAtMs(): number {
    return this.#confirmedAtMs;
  }

  /** How long it is certainly ours; never positive once it is lost. */
  get leftMs(): number {
    const left = leaseEndMs(this.#confirmedAtMs) - this.#clock.monotonicMs() - this.#asleepMs();
    return this.#lost.signal.aborted ? Math.min(left, 0) : left;
  }

  /** The canister confirmed it by a call that was sent then. */
  confirm(sentAtMs: number): void {
    this.#confirmedAtMs = Math.max(this.#confirmedAtMs, sentAtMs);
  }

  /**
   * Monotonic time may stand still while the whole machine is suspended; the wall clock shows it. One that
   * was merely set forward costs a lease at worst.
   */
  #asleepMs(): number {
    return Math.max(0, this.#clock.nowMs() - this.#clock.monotonicMs() - this.#apartMs);
  }

  lose(why: string): void {
    this.#lost.abort(new LeaseLost(`job ${this.jobId}: ${why}`));
  }

  /**
   * Throws `LeaseLost` unless the lease is ours at this very moment. To be called right before whatever
   * changes something: a process that was stopped for a while finds out here, not by a timer.
   */
  check(): void {
    if (this.leftMs <= 0) this.lose('the lease could not be confirmed in time');
    this.#lost.signal.throwIfAborted();
  }
}
