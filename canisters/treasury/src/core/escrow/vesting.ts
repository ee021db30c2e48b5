import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { after, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Quote } from '../quotes/quote.ts';
import type { Exclusions } from './escrow.ts';

/** What decides how much of a started rental counts. */
export interface Course {
  readonly quote: Quote;
  readonly startedAt: TimestampNs;
  readonly exclusions: Exclusions;
}

/** The term is wall clock: at this moment it ends, whatever happened. */
export function termEndOf(course: Pick<Course, 'quote' | 'startedAt'>): TimestampNs {
  return after(course.startedAt, course.quote.terms.termNs);
}

export function earlier(one: TimestampNs, other: TimestampNs): TimestampNs {
  return one < other ? one : other;
}

/**
 * Time that counts until `at`: since the start, at most the term, without outages and pauses.
 * All reported exclusions are taken off, also those after `at`: asked for the past it gives no more
 * than really counted then.
 */
export function billableNs(course: Course, at: TimestampNs): DurationNs {
  const until = earlier(at, termEndOf(course));
  const { outageNs, pausedNs, pausedSince } = course.exclusions;
  const openPause = pausedSince !== undefined && until > pausedSince ? until - pausedSince : 0n;
  const counted = until - course.startedAt - outageNs - pausedNs - openPause;
  return (counted > 0n ? counted : 0n) as DurationNs;
}

/** The part of the amount that `billable` time earns: linear, rounded down, at most everything. */
export function earnedFor(quote: Quote, billable: DurationNs): TokenUnits {
  const { termNs } = quote.terms;
  const counted = billable < termNs ? billable : termNs;
  return ((quote.amount * counted) / termNs) as TokenUnits;
}

/** What vested until `at`. Never falls when only time goes on; between 0 and the whole amount. */
export function vestedAt(course: Course, at: TimestampNs): TokenUnits {
  return earnedFor(course.quote, billableNs(course, at));
}
