const CHECK_INTERVAL_MS = 1_000;

/** Knows how long no request has been served; one that is still running counts as now. */
export class IdleWatch {
  readonly #nowMs: () => number;
  #runningCount = 0;
  #lastActiveMs: number;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
    this.#lastActiveMs = nowMs();
  }

  /** Wraps a handler so that its requests count. */
  around<T>(handle: (request: T) => Promise<Response>): (request: T) => Promise<Response> {
    return async (request) => {
      this.#runningCount += 1;
      try {
        return await handle(request);
      } finally {
        this.#runningCount -= 1;
        this.#lastActiveMs = this.#nowMs();
      }
    };
  }

  idleMs(): number {
    return this.#runningCount > 0 ? 0 : this.#nowMs() - this.#lastActiveMs;
  }

  /** Calls `onExpired` once when nothing was served for `ttlMs`; looks once a second. */
  expireAfter(ttlMs: number, onExpired: () => void): void {
    const timer = setInterval(() => {
      if (this.idleMs() <= ttlMs) return;
      clearInterval(timer);
      onExpired();
    }, CHECK_INTERVAL_MS);
    timer.unref();
  }
}
