const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;

/** A full hour's requests at once, and so many more each hour, evenly. */
export class TokenBucket {
  readonly #perHour: number;
  #tokens: number;
  #atMs: number;

  constructor(perHour: number, nowMs: number) {
    this.#perHour = perHour;
    this.#tokens = perHour;
    this.#atMs = nowMs;
  }

  /** False, and nothing taken, if there is none. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  setRemaining(remaining: number, nowMs: number): void {
    this.#tokens = Math.min(remaining, this.#perHour);
    this.#atMs = nowMs;
  }

  /** What the API tells with every answer; the reset is when the bucket is full again. */
  headers(nowMs: number): Readonly<Record<string, string>> {
    this.#refill(nowMs);
    const untilFullMs = ((this.#perHour - this.#tokens) * HOUR_MS) / this.#perHour;
    return rateLimitHeaders({
      limit: this.#perHour,
      remaining: Math.floor(this.#tokens),
      resetAtMs: nowMs + untilFullMs,
    });
  }

  #refill(nowMs: number): void {
    const gained = (Math.max(nowMs - this.#atMs, 0) * this.#perHour) / HOUR_MS;
    this.#tokens = Math.min(this.#tokens + gained, this.#perHour);
    this.#atMs = nowMs;
  }
}

export function rateLimitHeaders(at: {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAtMs: number;
}): Readonly<Record<string, string>> {
  return {
    'RateLimit-Limit': at.limit.toString(),
    'RateLimit-Remaining': at.remaining.toString(),
    'RateLimit-Reset': Math.ceil(at.resetAtMs / SECOND_MS).toString(),
  };
}
