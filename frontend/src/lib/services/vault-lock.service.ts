import type { LockReason } from './login-words.service.ts';

/** How often it is looked whether the page has to be locked. */
export const LOOK_EVERY_MS = 5_000;
/** Browsers let hidden pages look once a minute only: a longer silence was the device's sleep. */
const ASLEEP_AFTER_MS = 150_000;
const WARN_BEFORE_MS = 120_000;

export interface LockFacts {
  readonly nowMs: number;
  /** When it was looked last. */
  readonly lookedAtMs: number;
  readonly activeAtMs: number;
  readonly idleMs: number;
  readonly endsAtMs: number | undefined;
}

/** Why keys have to be closed now; undefined while they may stay open. */
export function lockReasonOf(facts: LockFacts): LockReason | undefined {
  const { nowMs, lookedAtMs, activeAtMs, idleMs, endsAtMs } = facts;
  if (endsAtMs !== undefined && nowMs >= endsAtMs) return 'expired';
  // A clock that was put back says nothing of how long anybody was away.
  if (nowMs - lookedAtMs > ASLEEP_AFTER_MS || nowMs + ASLEEP_AFTER_MS < lookedAtMs) return 'asleep';
  return nowMs - activeAtMs >= idleMs ? 'idle' : undefined;
}

/** The seconds until a session ends, if that is near enough to say so. */
export function endingSoonSeconds(endsAtMs: number | undefined, nowMs: number): number | undefined {
  if (endsAtMs === undefined) return undefined;
  const leftMs = endsAtMs - nowMs;
  return leftMs <= 0 || leftMs > WARN_BEFORE_MS ? undefined : Math.ceil(leftMs / 1_000);
}
