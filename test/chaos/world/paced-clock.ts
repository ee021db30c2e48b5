const MOST_AT_ONCE_MS = 1_000;
const LOOK_EVERY_MS = 100;
/** Who signs by the wall clock may be ahead of the network by 30 s. */
const MOST_BEHIND_MS = 20_000;

/**
 * The wall clock of a network that shares its computer: from `pace` on it stands still while this process
 * gets no processor for longer than a second, in which nobody could have been served, for 20 s in all. So
 * what is measured by it says how the bridges behave, not how busy the computer is. It is never ahead of
 * the wall clock: a lease lasts no shorter than its holder thinks.
 */
export class PacedClock {
  readonly #realMs: () => number;
  #timer: NodeJS.Timeout | undefined;
  #lookedAtMs = 0;
  #stoodStillMs = 0;

  constructor(realMs: () => number = Date.now) {
    this.#realMs = realMs;
  }

  pace(): void {
    this.#lookedAtMs = this.#realMs();
    this.#timer ??= setInterval(() => this.nowMs(), LOOK_EVERY_MS).unref();
  }

  nowMs(): number {
    const realMs = this.#realMs();
    if (this.#timer !== undefined) {
      const missedMs = Math.max(0, realMs - this.#lookedAtMs - MOST_AT_ONCE_MS);
      this.#stoodStillMs = Math.min(MOST_BEHIND_MS, this.#stoodStillMs + missedMs);
      this.#lookedAtMs = realMs;
    }
    return realMs - this.#stoodStillMs;
  }

  get stoodStillMs(): number {
    return this.#stoodStillMs;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
