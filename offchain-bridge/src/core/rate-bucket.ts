/** Who goes first when requests have to wait. */
export type Priority = 'delete' | 'create' | 'act' | 'poll';

/** What an answer says about the limit of its account. */
export interface RateReading {
  readonly limit: number;
  /** After that request. */
  readonly remaining: number;
  /** Until nothing of the limit is used; undefined if the cloud did not say. */
  readonly fullInSeconds: number | undefined;
}

/** How many requests may be sent now, and how fast more may be. */
export interface RateBucket {
  readonly limit: number;
  readonly tokens: number;
  readonly perSecond: number;
  /** When that was so; monotonic. */
  readonly atMs: number;
  /** Nothing is sent before. */
  readonly pausedUntilMs: number;
  /** Refusals without an answer of another kind between them. */
  readonly refusals: number;
}

export const PRIORITIES: readonly Priority[] = ['delete', 'create', 'act', 'poll'];

/** Parts of a token that arithmetic may lose. */
const ROUNDING = 1e-9;
const MS_PER_SECOND = 1_000;
const SECONDS_PER_HOUR = 3_600;
const FASTEST_PER_SECOND = 1_000;
const MAX_PAUSE_MS = 30_000;
const MAX_DOUBLINGS = 5;

/** A bucket of which nothing was used yet; an hour fills it. */
export function fullBucket(limit: number, nowMs: number): RateBucket {
  const perSecond = limit / SECONDS_PER_HOUR;
  return { limit, tokens: limit, perSecond, atMs: nowMs, pausedUntilMs: nowMs, refusals: 0 };
}

/** How long the next request has to wait; 0: it may be sent now. */
export function waitMs(bucket: RateBucket, nowMs: number): number {
  const missing = 1 - refilled(bucket, nowMs).tokens - ROUNDING;
  const refillMs = missing <= 0 ? 0 : Math.ceil((missing / bucket.perSecond) * MS_PER_SECOND);
  return Math.max(refillMs, bucket.pausedUntilMs - nowMs, 0);
}

/** After a request was sent. */
export function taken(bucket: RateBucket, nowMs: number): RateBucket {
  const now = refilled(bucket, nowMs);
  return { ...now, tokens: now.tokens - 1 };
}

/**
 * After an answer: others use the same account, so what the cloud says counts more than what we counted.
 * `unseen` are the requests that it may not have counted yet when it said so.
 */
export function corrected(
  bucket: RateBucket,
  reading: RateReading,
  { nowMs, unseen }: { readonly nowMs: number; readonly unseen: number },
): RateBucket {
  const { limit, remaining } = reading;
  return {
    ...bucket,
    limit,
    tokens: Math.min(limit, remaining - unseen),
    perSecond: refillOf(reading),
    atMs: nowMs,
    refusals: 0,
  };
}

/**
 * After the cloud refused a request because of its limit: nothing is sent for a while, which doubles with
 * each refusal, then one request may try. `random` is from 0 to 1: several bridges do not try at once.
 */
export function refused(
  bucket: RateBucket,
  reading: RateReading | undefined,
  { nowMs, random }: { readonly nowMs: number; readonly random: number },
): RateBucket {
  if (nowMs < bucket.pausedUntilMs) return bucket;
  const limit = reading?.limit ?? bucket.limit;
  const perSecond = reading === undefined ? bucket.perSecond : refillOf(reading);
  const refusals = Math.min(bucket.refusals + 1, MAX_DOUBLINGS);
  const tokenMs = Math.max(MS_PER_SECOND / perSecond, MS_PER_SECOND);
  const pauseMs = Math.min(tokenMs * 2 ** (refusals - 1), MAX_PAUSE_MS) * (1 + random / 2);
  const tokens = 1 - (pauseMs / MS_PER_SECOND) * perSecond;
  const pausedUntilMs = nowMs + pauseMs;
  return { limit, tokens, perSecond, atMs: nowMs, pausedUntilMs, refusals };
}

function refilled(bucket: RateBucket, nowMs: number): RateBucket {
  const gained = ((nowMs - bucket.atMs) / MS_PER_SECOND) * bucket.perSecond;
  return { ...bucket, tokens: Math.min(bucket.limit, bucket.tokens + gained), atMs: nowMs };
}

/** What is used is back when the cloud says that all is; otherwise, and at least, an hour fills it. */
function refillOf({ limit, remaining, fullInSeconds }: RateReading): number {
  const used = limit - remaining;
  const isTold = fullInSeconds !== undefined && fullInSeconds > 0 && used > 0;
  const told = isTold ? Math.min(used / fullInSeconds, FASTEST_PER_SECOND) : 0;
  return Math.max(told, limit / SECONDS_PER_HOUR);
}
