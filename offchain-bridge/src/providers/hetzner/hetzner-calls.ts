import type { Priority, RateReading } from '../../core/rate-bucket.ts';
import type { Clock } from '../../ports/clock.port.ts';
import type { Permit, RateLimiter } from '../rate-limiter.ts';
import { stopped } from '../stopped.ts';
import type { HetznerApi, HetznerRequest } from './hetzner-api.http.ts';
import { codeOf, HetznerError } from './hetzner-error.ts';
import { isRetryable, type Purpose } from './hetzner-errors.ts';

/** One call of a method: all its requests and waits together end by a time. */
export interface Call {
  readonly signal: AbortSignal;
  /** Monotonic. */
  readonly untilMs: number;
}

export interface Sending {
  readonly priority: Priority;
  readonly purpose: Purpose;
}

interface Deps {
  readonly api: HetznerApi;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Of a whole call. */
  readonly timeoutMs: number;
}

const REQUEST_TIMEOUT_MS = 30_000;
const MAX_RETRIES = 4;
const FIRST_BACKOFF_MS = 1_000;
const MIN_BACKOFF_MS = 100;

/** Sends requests in their turn, and again where that is safe. */
export class HetznerCalls {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  begin(signal: AbortSignal): Call {
    const { clock, timeoutMs } = this.#deps;
    return { signal, untilMs: clock.monotonicMs() + timeoutMs };
  }

  /**
   * What Hetzner refused because of the account's limit is sent again when there is room: nothing was
   * done. Other failures only if the purpose allows it, a few times, with waits that double and differ.
   * Rejects with the last `HetznerError`, or with a `WorkError` if nothing was sent at all.
   */
  async send(call: Call, sending: Sending, request: HetznerRequest): Promise<unknown> {
    for (let retries = 0; ;) {
      try {
        return await this.#sendOnce(call, sending.priority, request);
      } catch (error) {
        if (!(error instanceof HetznerError)) throw error;
        if (codeOf(error) === 'rate_limit_exceeded') continue;
        if (retries >= MAX_RETRIES || !isRetryable(error, sending.purpose)) throw error;
        const pauseMs = FIRST_BACKOFF_MS * 2 ** retries * this.#deps.random() + MIN_BACKOFF_MS;
        if (this.#deps.clock.monotonicMs() + pauseMs >= call.untilMs) throw error;
        await this.pause(call, pauseMs);
        retries += 1;
      }
    }
  }

  /** Rejects with a `WorkError` when the call is given up. */
  async pause({ signal }: Call, durationMs: number): Promise<void> {
    try {
      await this.#deps.clock.sleep(durationMs, signal);
    } catch (error) {
      if (signal.aborted) throw stopped(signal);
      throw error;
    }
  }

  async #sendOnce(call: Call, priority: Priority, request: HetznerRequest): Promise<unknown> {
    const { api, limiter, clock } = this.#deps;
    const permit = await limiter.acquire(priority, call);
    if (call.signal.aborted) {
      permit.answered(undefined);
      throw stopped(call.signal);
    }
    let reading: RateReading | undefined;
    const onRate = (told: RateReading): void => {
      reading = told;
    };
    const leftMs = Math.max(call.untilMs - clock.monotonicMs(), 1);
    const timeoutMs = Math.ceil(Math.min(leftMs, REQUEST_TIMEOUT_MS));
    try {
      const answer = await request(api, { signal: call.signal, timeoutMs, onRate });
      permit.answered(reading);
      return answer;
    } catch (error) {
      settle(permit, error, reading);
      throw error;
    }
  }
}

function settle(permit: Permit, error: unknown, reading: RateReading | undefined): void {
  const isRefused = error instanceof HetznerError && codeOf(error) === 'rate_limit_exceeded';
  if (isRefused) permit.refused(reading);
  else permit.answered(reading);
}
