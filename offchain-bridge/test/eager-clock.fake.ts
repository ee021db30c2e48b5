import type { Clock } from '../src/ports/clock.port.ts';

const START_MS = 1_795_000_000_000;

/**
 * Time that passes as soon as somebody waits for it, so that waits cost nothing beside real sockets. Two
 * who wait at once wait together.
 */
export class EagerClock implements Clock {
  readonly #passed: (durationMs: number) => void;
  #elapsedMs = 0;

  /** `passed` is told how much went by, before anybody wakes. */
  constructor(passed: (durationMs: number) => void = () => undefined) {
    this.#passed = passed;
  }

  nowMs(): number {
    return START_MS + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    const dueMs = this.#elapsedMs + Math.max(durationMs, 0);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    this.advance(dueMs - this.#elapsedMs);
  }

  advance(durationMs: number): void {
    if (durationMs <= 0) return;
    this.#elapsedMs += durationMs;
    this.#passed(durationMs);
  }
}
