import { elapsed, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';

/** One look at a machine. */
export interface Check {
  /** What was tried: `HTTP GET / from fsn1`. */
  readonly what: string;
  readonly result: string;
  readonly latencyMs: number;
}

/** An agent found that a machine went down or came up. */
export interface Flip {
  readonly at: TimestampNs;
  readonly isUp: boolean;
  readonly checks: readonly Check[];
  /** When it looks again. */
  readonly nextCheck: TimestampNs;
}

/** What is known about a machine right now; the slots are what counts for money. */
export interface MachineStatus {
  /** The last flip; undefined before the first. */
  readonly flip: Flip | undefined;
  readonly isByPlatform: boolean;
  /** When the cloud was first reported to have lost it, since the last time it was up. */
  readonly lostAt: TimestampNs | undefined;
}

export const NOTHING_SEEN: MachineStatus = {
  flip: undefined,
  isByPlatform: false,
  lostAt: undefined,
};

const MIN_BETWEEN_FLIPS_NS = durationNs({ seconds: 1 });
/** So long a word of the platform stands against the seller's. */
const PLATFORM_WORD_NS = durationNs({ hours: 1 });
const MIN_BETWEEN_LOST_NS = durationNs({ minutes: 10 });
/** A second report after that is a first one again. */
const MAX_BETWEEN_LOST_NS = durationNs({ hours: 2 });

export type FlipOutcome =
  | { readonly kind: 'taken'; readonly status: MachineStatus }
  /** It is known to be so, or this is older than what is known. */
  | { readonly kind: 'duplicate' }
  /** A platform agent said otherwise not long ago. */
  | { readonly kind: 'outvoted' };

/** A machine without a flip was ready, so it is up. */
export function takeFlip(status: MachineStatus, flip: Flip, isByPlatform: boolean): FlipOutcome {
  const last = status.flip;
  if (flip.isUp === (last?.isUp ?? true)) return { kind: 'duplicate' };
  if (last !== undefined) {
    const isTooSoon = elapsed(last.at, flip.at) < MIN_BETWEEN_FLIPS_NS;
    if (isTooSoon) return { kind: 'duplicate' };
    const stands = status.isByPlatform && elapsed(last.at, flip.at) < PLATFORM_WORD_NS;
    if (stands && !isByPlatform) return { kind: 'outvoted' };
  }
  const lostAt = flip.isUp ? undefined : status.lostAt;
  return { kind: 'taken', status: { flip, isByPlatform, lostAt } };
}

/** True at the second report, ten minutes or more after the first: one look may be wrong. */
export function takeLost(
  status: MachineStatus,
  at: TimestampNs,
): { readonly status: MachineStatus; readonly isLost: boolean } {
  const { lostAt } = status;
  const since = lostAt === undefined ? undefined : elapsed(lostAt, at);
  if (since === undefined || since > MAX_BETWEEN_LOST_NS) {
    return { status: { ...status, lostAt: at }, isLost: false };
  }
  return { status, isLost: since >= MIN_BETWEEN_LOST_NS };
}
