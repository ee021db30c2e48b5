/** The time of a simulated cloud. */
export interface CloudClock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /**
   * Calls `run` once when `nowMs()` has reached `timeMs`, and not before this call has returned. Gives
   * what calls it off.
   */
  at(timeMs: number, run: () => void): () => void;
}

/** Timers of Node take no more. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** The machine's own time. */
export const SYSTEM_CLOCK: CloudClock = {
  nowMs: () => Date.now(),
  at(timeMs, run) {
    const leftMs = (): number => Math.max(timeMs - Date.now(), 0);
    const wait = (): NodeJS.Timeout => setTimeout(look, Math.min(leftMs(), TIMER_MAX_MS));
    const look = (): void => {
      if (leftMs() === 0) run();
      else timer = wait();
    };
    let timer = wait();
    return () => clearTimeout(timer);
  },
};

interface Appointment {
  readonly timeMs: number;
  readonly run: () => void;
}

/** Time that passes only when told, so that tests need no sleeps. */
export class ManualClock implements CloudClock {
  #nowMs: number;
  readonly #appointments = new Set<Appointment>();

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  at(timeMs: number, run: () => void): () => void {
    const appointment = { timeMs, run };
    this.#appointments.add(appointment);
    return () => this.#appointments.delete(appointment);
  }

  /** Lets time pass: what falls due runs in order, each at its own time. */
  advance(durationMs: number): void {
    const endMs = this.#nowMs + durationMs;
    for (let next = this.#firstUntil(endMs); next !== undefined; next = this.#firstUntil(endMs)) {
      this.#appointments.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.timeMs);
      next.run();
    }
    this.#nowMs = endMs;
  }

  /** Of equal times the one that was made first. */
  #firstUntil(endMs: number): Appointment | undefined {
    let first: Appointment | undefined;
    for (const one of this.#appointments) {
      if (one.timeMs <= endMs && (first === undefined || one.timeMs < first.timeMs)) first = one;
    }
    return first;
  }
}

/** Waiting that ends with the cloud. */
export class Pauses {
  readonly #clock: CloudClock;
  readonly #ends = new Set<() => void>();

  constructor(clock: CloudClock) {
    this.#clock = clock;
  }

  /** Resolves after so long. */
  for(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#ends.delete(end);
        resolve();
      };
      const cancel = this.#clock.at(this.#clock.nowMs() + durationMs, end);
      this.#ends.add(end);
    });
  }

  /** Ends all waiting now. */
  close(): void {
    for (const end of this.#ends) end();
  }
}
