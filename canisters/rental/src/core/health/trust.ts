import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';

/** What really happened at one provider. Numbers only grow. */
export interface TrustRecord {
  /** Rentals that became ready or were never delivered. */
  readonly runs: number;
  readonly succeeded: number;
  /** Rentals that the provider ended. */
  readonly cancelled: number;
  /** Final health slots. */
  readonly upSlots: number;
  readonly downSlots: number;
  readonly since: TimestampNs;
  /** The score that search works with. */
  readonly searchScore: number | undefined;
  /** When a change goes there; undefined if nothing changed. */
  readonly dueAt: TimestampNs | undefined;
}

export interface ProviderTrust extends Omit<TrustRecord, 'searchScore' | 'dueAt'> {
  readonly provider: AccountId;
  /** 0 to 1000; undefined for a new provider. */
  readonly score: number | undefined;
  readonly uptimePpm: number | undefined;
}

export const MAX_SCORE = 1_000;
/** Of a normal distribution: 95 % lie within. */
const Z = 1.959964;

export function newTrust(since: TimestampNs): TrustRecord {
  return {
    runs: 0,
    succeeded: 0,
    cancelled: 0,
    upSlots: 0,
    downSlots: 0,
    since,
    searchScore: undefined,
    dueAt: undefined,
  };
}

/**
 * The share of good runs, as low as it may well be after so few of them, times the uptime. A run that
 * the provider ended is not a good one. Undefined, "new", without any run: nothing is made of nothing.
 */
export function scoreOf(record: TrustRecord): number | undefined {
  if (record.runs === 0) return undefined;
  const good = Math.max(record.succeeded - record.cancelled, 0);
  const uptime = uptimeShare(record) ?? 1;
  return Math.floor(lowerBound(good, record.runs) * uptime * MAX_SCORE);
}

/** Undefined if nothing is known. */
export function uptimeShare(
  record: Pick<TrustRecord, 'upSlots' | 'downSlots'>,
): number | undefined {
  const known = record.upSlots + record.downSlots;
  return known === 0 ? undefined : record.upSlots / known;
}

/** Lower end of the Wilson score interval. Source: E. B. Wilson, JASA 22 (1927), 209-212. */
export function lowerBound(good: number, of: number): number {
  const share = good / of;
  const square = Z * Z;
  const middle = share + square / (2 * of);
  const spread = Z * Math.sqrt((share * (1 - share) + square / (4 * of)) / of);
  return Math.max((middle - spread) / (1 + square / of), 0);
}
