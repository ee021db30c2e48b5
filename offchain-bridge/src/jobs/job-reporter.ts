import { backoffMs } from '../core/backoff.ts';
import { isOnlyLog, takeBatch } from '../core/event-batch.ts';
import type { JobEvent } from '../core/job-report.ts';
import { fittingEvent } from '../core/report-rules.ts';
import { CanisterRefusal, CanisterUnavailable } from '../ports/canister-errors.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { Log } from '../ports/log.port.ts';
import type { RentalPort, ReportOutcome } from '../ports/rental.port.ts';
import type { HeldLease } from '../workers/held-lease.ts';
import { pause, unlessAborted } from './abortable.ts';

/** Log alone waits so long for more of it. */
const GATHER_MS = 1_000;
/** What is told in one go is sent as one report: every report costs a round of the network. */
const MOMENT_MS = 20;
const RETRY = { firstMs: 500, longestMs: 5_000 };
/** The agent may not work for this seller any more, or the job is not known. */
const NO_BUSINESS = new Set(['NotAllowed', 'NotAuthenticated', 'NotFound']);

export interface ReporterDeps {
  readonly rental: Pick<RentalPort, 'reportStep'>;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** The canister did not want a report; nothing of it was taken in. */
export class ReportRefused extends Error {
  override readonly name = 'ReportRefused';
}

interface Waiter {
  /** How many events have to be taken in. */
  readonly count: number;
  readonly resolve: () => void;
  readonly reject: (why: Error) => void;
}

interface Stop {
  readonly why: Error;
  /** Nothing can be told any more. */
  readonly isFinal: boolean;
}

/**
 * Tells the canister how one job goes: in order, in batches, each report again with the same number
 * until it is answered or the lease is over. What is told in one claim goes through one reporter.
 */
export class JobReporter {
  readonly #deps: ReporterDeps;
  readonly #held: HeldLease;
  #waiting: readonly JobEvent[] = [];
  #waiters: readonly Waiter[] = [];
  #toldCount = 0;
  #takenCount = 0;
  #seq = 0;
  #isSending = false;
  #isGatheringLog = false;
  #stop: Stop | undefined;
  #hurry = new AbortController();

  constructor(deps: ReporterDeps, held: HeldLease) {
    this.#deps = deps;
    this.#held = held;
  }

  /** Soon, and in order. What comes after something that was refused is dropped until `taken`. */
  tell(event: JobEvent): void {
    if (this.#stop !== undefined) return;
    this.#waiting = [...this.#waiting, fittingEvent(event)];
    this.#toldCount += 1;
    if (event.kind !== 'log' && this.#isGatheringLog) this.#hurry.abort();
    void this.#sendAll();
  }

  /**
   * Resolves when everything that was told has been taken in. Rejects with `LeaseLost`, or with
   * `ReportRefused` if the canister did not want something; then something else may be told.
   */
  taken(): Promise<void> {
    const stop = this.#stop;
    if (stop !== undefined) {
      if (!stop.isFinal) this.#stop = undefined;
      return Promise.reject(stop.why);
    }
    if (this.#takenCount === this.#toldCount) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiters = [...this.#waiters, { count: this.#toldCount, resolve, reject }];
      this.#hurry.abort();
    });
  }

  /** Tells something and waits until it was taken in. */
  async tellNow(event: JobEvent): Promise<void> {
    this.tell(event);
    await this.taken();
  }

  /** One at a time; never rejects. */
  async #sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      while (this.#waiting.length > 0) {
        await this.#gather();
        const { events, rest } = takeBatch(this.#waiting);
        const count = this.#waiting.length - rest.length;
        await this.#report(events);
        this.#waiting = this.#waiting.slice(count);
        this.#takenCount += count;
        this.#settle();
      }
    } catch (error) {
      this.#stopFor(error);
    } finally {
      this.#isSending = false;
    }
  }

  async #gather(): Promise<void> {
    if (this.#hurry.signal.aborted) this.#hurry = new AbortController();
    if (this.#waiters.length > 0) return;
    this.#isGatheringLog = isOnlyLog(this.#waiting);
    const signal = AbortSignal.any([this.#hurry.signal, this.#held.signal]);
    await pause(this.#deps.clock, this.#isGatheringLog ? GATHER_MS : MOMENT_MS, signal);
    this.#isGatheringLog = false;
  }

  /** Sends one report until it is taken in. */
  async #report(events: readonly JobEvent[]): Promise<void> {
    const seq = this.#seq + 1;
    for (let tries = 1; ; tries += 1) {
      this.#held.check();
      const sentAtMs = this.#deps.clock.monotonicMs();
      const outcome = await this.#try(seq, events);
      if (outcome !== undefined) {
        this.#note(outcome, { events, sentAtMs });
        this.#seq = seq;
        return;
      }
      const waitMs = Math.min(backoffMs(RETRY, tries, this.#deps.random()), this.#held.leftMs);
      await pause(this.#deps.clock, waitMs, this.#held.signal);
    }
  }

  /** Undefined: not answered, to be sent again. */
  async #try(seq: number, events: readonly JobEvent[]): Promise<ReportOutcome | undefined> {
    const { rental, log } = this.#deps;
    try {
      const report = { ...this.#held.lease, seq, events };
      return await unlessAborted(rental.reportStep(report), this.#held.signal);
    } catch (error) {
      const isRefused = error instanceof CanisterRefusal;
      if (error instanceof CanisterUnavailable || (isRefused && error.isTemporary)) {
        log.warn({ seq, error: error.message }, 'a report was not answered; it is sent again');
        return undefined;
      }
      if (!isRefused) throw error;
      if (NO_BUSINESS.has(error.reason)) this.#lose(error.message);
      throw new ReportRefused(error.message, { cause: error });
    }
  }

  #note(
    outcome: ReportOutcome,
    sent: { readonly events: readonly JobEvent[]; readonly sentAtMs: number },
  ): void {
    if (outcome.kind === 'stale') this.#lose('the canister says that the lease is over');
    const last = sent.events.at(-1)?.kind;
    const isLast = last === 'problem' || last === 'succeeded';
    if (outcome.leaseUntilMs !== undefined) this.#held.confirm(sent.sentAtMs);
    else if (!isLast) this.#lose('the job has ended meanwhile');
  }

  #lose(why: string): never {
    this.#held.lose(why);
    throw this.#held.signal.reason;
  }

  #settle(): void {
    const [done, open] = [true, false].map((isDone) =>
      this.#waiters.filter(({ count }) => count <= this.#takenCount === isDone),
    );
    this.#waiters = open ?? [];
    for (const { resolve } of done ?? []) resolve();
  }

  /** A refusal is told to whoever waits, or to the next who asks; a lost lease to everybody. */
  #stopFor(caught: unknown): void {
    const why = caught instanceof Error ? caught : new Error('unknown error');
    const isFinal = !(why instanceof ReportRefused);
    const waiters = this.#waiters;
    this.#waiting = [];
    this.#waiters = [];
    this.#takenCount = this.#toldCount;
    if (isFinal || waiters.length === 0) this.#stop = { why, isFinal };
    for (const { reject } of waiters) reject(why);
  }
}
