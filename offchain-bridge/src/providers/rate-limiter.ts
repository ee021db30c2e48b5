import {
  corrected,
  fullBucket,
  PRIORITIES,
  refused,
  taken,
  waitMs,
  type Priority,
  type RateBucket,
  type RateReading,
} from '../core/rate-bucket.ts';
import { WorkError } from '../core/work-error.ts';
import type { Clock } from '../ports/clock.port.ts';
import { stopped } from './stopped.ts';

/** The right to send one request; tell it what came of it, once. */
export interface Permit {
  /** The cloud answered; the reading is undefined if it said nothing about the limit. */
  answered(reading: RateReading | undefined): void;
  /** The cloud refused it because of the limit. */
  refused(reading: RateReading | undefined): void;
}

interface Waiter {
  readonly priority: Priority;
  readonly untilMs: number;
  readonly grant: () => void;
  readonly refuse: (error: WorkError) => void;
}

interface Alarm {
  readonly atMs: number;
  readonly cancel: () => void;
}

interface Deps {
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Of the account, until the cloud has said so itself. */
  readonly limit: number;
}

/**
 * The requests of one cloud account in this process: never more than the cloud allows, the urgent ones
 * first, and those of one priority in their order.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #random: () => number;
  #bucket: RateBucket;
  #queue: Waiter[] = [];
  #alarm: Alarm | undefined;
  #sent = 0;
  #unanswered = 0;
  #remaining: number | undefined;

  constructor({ clock, random, limit }: Deps) {
    this.#clock = clock;
    this.#random = random;
    this.#bucket = fullBucket(limit, clock.monotonicMs());
  }

  get sent(): number {
    return this.#sent;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** As the cloud last said. */
  get remaining(): number | undefined {
    return this.#remaining;
  }

  /**
   * Waits for a turn. Rejects with a `WorkError` (transient) if there is none until `untilMs`
   * (monotonic), as soon as that is known, or when the signal is aborted.
   */
  acquire(
    priority: Priority,
    { untilMs, signal }: { readonly untilMs: number; readonly signal: AbortSignal },
  ): Promise<Permit> {
    if (signal.aborted) return Promise.reject(stopped(signal));
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#queue = this.#queue.filter((other) => other !== waiter);
        reject(stopped(signal));
        this.#pump();
      };
      const waiter: Waiter = {
        priority,
        untilMs,
        grant: () => {
          signal.removeEventListener('abort', onAbort);
          this.#bucket = taken(this.#bucket, this.#clock.monotonicMs());
          resolve(this.#permit());
        },
        refuse: (error) => {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(waiter);
      this.#queue.sort((a, b) => PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority));
      this.#pump();
    });
  }

  #permit(): Permit {
    this.#sent += 1;
    this.#unanswered += 1;
    const number = this.#sent;
    const earlier = this.#unanswered - 1;
    let isSettled = false;
    const settle = (reading: RateReading | undefined, isRefused: boolean): void => {
      if (isSettled) return;
      isSettled = true;
      this.#unanswered -= 1;
      const nowMs = this.#clock.monotonicMs();
      if (reading !== undefined) {
        this.#remaining = reading.remaining;
        // Those before it may be uncounted only if they still are without an answer.
        const unseen = this.#sent - number + Math.min(earlier, this.#unanswered);
        if (!isRefused) this.#bucket = corrected(this.#bucket, reading, { nowMs, unseen });
      }
      if (isRefused) {
        this.#bucket = refused(this.#bucket, reading, { nowMs, random: this.#random() });
      }
      this.#pump();
    };
    return {
      answered: (reading) => settle(reading, false),
      refused: (reading) => settle(reading, true),
    };
  }

  #pump(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#refuseLate(nowMs);
    for (;;) {
      const [head] = this.#queue;
      if (head === undefined || waitMs(this.#bucket, nowMs) > 0) break;
      this.#queue.shift();
      head.grant();
    }
    this.#schedule(nowMs);
  }

  #refuseLate(nowMs: number): void {
    const turnInMs = waitMs(this.#bucket, nowMs);
    const late = this.#queue.filter(({ untilMs }) => nowMs + turnInMs > untilMs);
    if (late.length === 0) return;
    this.#queue = this.#queue.filter((waiter) => !late.includes(waiter));
    for (const { refuse } of late) refuse(overLimit(turnInMs));
  }

  #schedule(nowMs: number): void {
    const [head] = this.#queue;
    if (head === undefined) {
      this.#alarm?.cancel();
      this.#alarm = undefined;
      return;
    }
    const turnMs = nowMs + waitMs(this.#bucket, nowMs);
    const atMs = Math.min(turnMs, ...this.#queue.map(({ untilMs }) => untilMs + 1));
    if (this.#alarm?.atMs === atMs) return;
    this.#alarm?.cancel();
    const controller = new AbortController();
    const alarm: Alarm = { atMs, cancel: () => controller.abort() };
    this.#alarm = alarm;
    void this.#wake(alarm, atMs - nowMs, controller.signal);
  }

  async #wake(alarm: Alarm, durationMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(durationMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    if (this.#alarm !== alarm) return;
    this.#alarm = undefined;
    this.#pump();
  }
}

function overLimit(retryAfterMs: number): WorkError {
  return new WorkError(
    'transient',
    'The requests that the cloud allows this account are used up for the moment. Nothing was sent; ' +
      'it is tried again when there are new ones.',
    { retryAfterMs: Math.ceil(retryAfterMs) },
  );
}
