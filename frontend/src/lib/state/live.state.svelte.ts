const FIRST_MS = 2_000;
const SLOWEST_MS = 60_000;

export interface LiveOptions {
  /** Reads once; gives whether anything changed. What it throws counts as "not reached". */
  readonly read: () => Promise<boolean>;
  /** Between reads while things change. */
  readonly fastMs?: number;
  /** Between reads when nothing changes. */
  readonly slowMs?: number;
}

/**
 * One open view's way to stay up to date: reads, waits longer while nothing changes and much longer when
 * nobody answers, stops while the tab is hidden, and reads at once when it is looked at again.
 */
export class Live {
  /** False while the network does not answer. */
  isReached = $state(true);
  readAtMs = $state<number>();
  readonly #read: () => Promise<boolean>;
  readonly #fastMs: number;
  readonly #slowMs: number;
  #waitMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = true;
  #isReading = false;

  constructor({ read, fastMs = FIRST_MS, slowMs = 5 * FIRST_MS }: LiveOptions) {
    this.#read = read;
    this.#fastMs = fastMs;
    this.#slowMs = slowMs;
    this.#waitMs = fastMs;
  }

  /** Begins; gives what ends it. Fits `onMount`. */
  start(): () => void {
    this.#isStopped = false;
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') this.now();
      else clearTimeout(this.#timer);
    };
    const onOnline = (): void => this.now();
    document.addEventListener('visibilitychange', onVisible);
    window.addEventListener('online', onOnline);
    this.now();
    return () => {
      this.#isStopped = true;
      clearTimeout(this.#timer);
      document.removeEventListener('visibilitychange', onVisible);
      window.removeEventListener('online', onOnline);
    };
  }

  /** Reads at once, and quickly for a while: something was just done. */
  now(): void {
    this.#waitMs = this.#fastMs;
    clearTimeout(this.#timer);
    void this.#step();
  }

  async #step(): Promise<void> {
    if (this.#isStopped || this.#isReading) return;
    this.#isReading = true;
    try {
      const isChanged = await this.#read();
      this.isReached = true;
      this.readAtMs = Date.now();
      this.#waitMs = isChanged ? this.#fastMs : Math.min(this.#waitMs * 1.5, this.#slowMs);
    } catch {
      this.isReached = false;
      this.#waitMs = Math.min(this.#waitMs * 2, SLOWEST_MS);
    } finally {
      this.#isReading = false;
      this.#plan();
    }
  }

  #plan(): void {
    if (this.#isStopped || document.visibilityState === 'hidden') return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#step(), this.#waitMs);
  }
}
