import type { Lease } from '../core/job-work.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { Log } from '../ports/log.port.ts';
import type { Metrics } from '../ports/metrics.port.ts';
import type { RentalPort } from '../ports/rental.port.ts';
import { HeldLease } from './held-lease.ts';
import { messageOf } from './periodic.ts';

const TICK_MS = 1_000;
const RENEW_AFTER_MS = 10_000;
/** After a call that was not answered, or not yet. */
const AGAIN_AFTER_MS = 4_000;
/** Of one call. */
const MAX_LEASES = 50;

export interface LeaseKeeperDeps {
  readonly rental: Pick<RentalPort, 'renewLeases'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

interface Kept {
  readonly held: HeldLease;
  triedAtMs: number;
}

/**
 * Keeps the leases of all jobs in hand: renews them in batches, and gives up, by its signal, each that
 * is lost or that nobody has confirmed for 20 s.
 */
export class LeaseKeeper {
  readonly #deps: LeaseKeeperDeps;
  readonly #kept = new Map<HeldLease, Kept>();

  constructor(deps: LeaseKeeperDeps) {
    this.#deps = deps;
  }

  /** Keeps a lease that was claimed by a call sent at that monotonic time. */
  hold(lease: Lease, sentAtMs: number): HeldLease {
    const held = new HeldLease(lease, sentAtMs, this.#deps.clock);
    this.#kept.set(held, { held, triedAtMs: sentAtMs });
    return held;
  }

  /** The job has ended, or is given back. */
  release(held: HeldLease): void {
    this.#kept.delete(held);
  }

  /** Keeps leases until the signal; those that are held then are lost. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#tick();
      await this.#slept(signal);
    }
    for (const { held } of this.#kept.values()) held.lose('the bridge stops');
    this.#kept.clear();
  }

  #tick(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    for (const { held } of this.#kept.values()) {
      if (held.leftMs <= TICK_MS) this.#lose(held, 'the lease could not be confirmed in time');
    }
    const due = [...this.#kept.values()].filter(
      ({ held, triedAtMs }) =>
        nowMs - held.confirmedAtMs >= RENEW_AFTER_MS && nowMs - triedAtMs >= AGAIN_AFTER_MS,
    );
    if (due.length === 0) return;
    // One that is due takes the others along: the fewer calls, the better.
    const all = [...this.#kept.values()];
    for (let at = 0; at < all.length; at += MAX_LEASES) {
      void this.#renew(all.slice(at, at + MAX_LEASES));
    }
  }

  /** Never rejects. */
  async #renew(batch: readonly Kept[]): Promise<void> {
    const { rental, clock, log } = this.#deps;
    const sentAtMs = clock.monotonicMs();
    for (const kept of batch) kept.triedAtMs = sentAtMs;
    try {
      const renewals = await rental.renewLeases(batch.map(({ held }) => held.lease));
      const until = new Map(renewals.map((one) => [one.jobId, one.leaseUntilMs]));
      for (const { held } of batch) {
        if (until.get(held.jobId) !== undefined) held.confirm(sentAtMs);
        else if (this.#kept.has(held)) this.#lose(held, 'another worker has it, or it has ended');
      }
    } catch (error) {
      log.warn({ leases: batch.length, error: messageOf(error) }, 'leases were not renewed');
    }
  }

  #lose(held: HeldLease, why: string): void {
    this.#kept.delete(held);
    held.lose(why);
    this.#deps.metrics.count('leases_lost');
    this.#deps.log.warn({ job: held.jobId, epoch: held.epoch }, `lease lost: ${why}`);
  }

  async #slept(signal: AbortSignal): Promise<void> {
    try {
      await this.#deps.clock.sleep(TICK_MS, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
