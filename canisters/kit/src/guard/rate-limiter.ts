import type { Principal } from '@dfinity/principal';
import { temporaryError, type ErrorArm } from '@decent-cloud/domain/error-envelope.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { elapsed, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { BoundedCache } from '../store/bounded-cache.ts';
import { charPerByte } from '../text-host.ts';

/** The caller asked for too much in too short a time. */
export interface RateLimited {
  readonly kind: 'rate-limited';
  readonly retryAfterNs: DurationNs;
}

export interface RateLimit {
  readonly windowNs: DurationNs;
  /** Calls that one principal may make within a window. */
  readonly limit: number;
  /** Principals remembered; the one that was quiet longest is forgotten first. */
  readonly maxCallers: number;
}

interface Window {
  readonly since: TimestampNs;
  count: number;
}

/**
 * Counts calls per principal. Kept in the heap: an upgrade begins anew, and queries count nothing.
 * It bounds what one principal costs; what one principal may store is bounded by quotas.
 */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #windows: BoundedCache<string, Window>;

  constructor(limit: RateLimit) {
    this.#limit = limit;
    this.#windows = new BoundedCache(limit.maxCallers);
  }

  /** Counts one call, or refuses it. */
  take(caller: Principal, now: TimestampNs): Result<null, ErrorArm<'temporary', RateLimited>> {
    const { windowNs, limit } = this.#limit;
    const name = charPerByte(caller.toUint8Array());
    const known = this.#windows.get(name);
    const window = known !== undefined && elapsed(known.since, now) < windowNs ? known : undefined;
    if (window === undefined) {
      this.#windows.set(name, { since: now, count: 1 });
      return ok(null);
    }
    if (window.count < limit) {
      window.count += 1;
      return ok(null);
    }
    const retryAfterNs = (windowNs - elapsed(window.since, now)) as DurationNs;
    const message =
      `Too many calls: at most ${limit} within a short time. Nothing was done, and nothing was taken. ` +
      `Try again in ${Math.ceil(Number(retryAfterNs) / 1e9)} s.`;
    return err(temporaryError({ kind: 'rate-limited', retryAfterNs }, message));
  }
}
