import type { Clock } from '../ports/clock.port.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** The wall clock at the start of every test. */
const START_MS = 1_795_000_000_000;

/**
 * Time that passes only when a test lets it. Whoever sleeps is woken in order; between two moments all
 * that can go on without time does.
 */
export class FakeClock implements Clock {
  #elapsedMs = 0;
  /** By time; those of one time in the order in which they went to sleep. */
  #sleepers: Sleeper[] = [];

  nowMs(): number {
    return START_MS + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const abort = (): void => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        reject(signal?.reason as Error);
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper = { atMs: this.#elapsedMs + Math.max(0, durationMs), wake };
      signal?.addEventListener('abort', abort, { once: true });
      this.#add(sleeper);
    });
  }

  /** A clock of another machine: its wall clock is off, its monotonic time has another zero. */
  skewed(by: { readonly wallMs: number; readonly monotonicMs: number }): Clock {
    return {
      nowMs: () => this.nowMs() + by.wallMs,
      monotonicMs: () => this.monotonicMs() + by.monotonicMs,
      sleep: (durationMs, signal) => this.sleep(durationMs, signal),
    };
  }

  /** Lets so much time pass. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#elapsedMs + durationMs;
    await settled();
    for (;;) {
      const next = this.#sleepers[0]?.atMs;
      if (next === undefined || next > untilMs) break;
      await this.#wakeAll(next);
    }
    this.#elapsedMs = untilMs;
  }

  /** Lets time pass until it is so; throws after `limitMs`, or when nobody sleeps any more. */
  async until(isSo: () => boolean, limitMs = 3_600_000): Promise<void> {
    const untilMs = this.#elapsedMs + limitMs;
    await settled();
    while (!isSo()) {
      const next = this.#sleepers[0]?.atMs;
      if (next === undefined) throw new Error('it never comes: nobody waits for anything');
      if (next > untilMs) throw new Error(`it was not so within ${limitMs} ms`);
      await this.#wakeAll(next);
    }
  }

  /** The same for what a promise gives. */
  async give<T>(promise: Promise<T>, limitMs = 3_600_000): Promise<T> {
    let isDone = false;
    const done = (): void => {
      isDone = true;
    };
    promise.then(done, done);
    await this.until(() => isDone, limitMs);
    return promise;
  }

  async #wakeAll(atMs: number): Promise<void> {
    this.#elapsedMs = Math.max(this.#elapsedMs, atMs);
    const count = this.#sleepers.findIndex((one) => one.atMs > atMs);
    const due = this.#sleepers.splice(0, count === -1 ? this.#sleepers.length : count);
    for (const { wake } of due) wake();
    await settled();
  }

  #add(sleeper: Sleeper): void {
    let low = 0;
    let high = this.#sleepers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = this.#sleepers[middle]?.atMs ?? Number.POSITIVE_INFINITY;
      if (at <= sleeper.atMs) low = middle + 1;
      else high = middle;
    }
    this.#sleepers.splice(low, 0, sleeper);
  }
}

/** Resolves when nothing can go on without time. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
