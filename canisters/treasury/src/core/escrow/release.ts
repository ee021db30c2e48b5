import { divCeil, type TokenUnits } from '@decent-cloud/domain/amount.ts';
import { timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Quote, RentalTerms } from '../quotes/quote.ts';
import type { Escrow } from './escrow.ts';
import { ALL_BPS, HOLD_BACK_NS, RELEASE_EVERY_NS, worthSending } from './limits.ts';
import { earnedOf } from './party-book.ts';
import { termEndOf, vestedAt } from './vesting.ts';

/** An escrow whose rental started, with the quote that it belongs to. */
export interface Started {
  readonly quote: Quote;
  readonly escrow: Escrow;
  readonly startedAt: TimestampNs;
}

/** The most that uptime or a cancelling provider can give back of what vested. */
export function heldBackBps(terms: RentalTerms): bigint {
  const rates = terms.slaCredits.map((row) => row.creditBps);
  return BigInt(Math.max(terms.providerPenaltyBps, ...rates));
}

/** During the term nothing smaller is released or sent. */
export function releaseThreshold(quote: Quote): TokenUnits {
  return worthSending({ fee: quote.ledgerFee, minPayout: quote.minPayout });
}

/**
 * What can be credited at `at` while the rental runs: vested two days before, less what may still
 * have to go back, less what was credited.
 */
export function releasableAt(started: Started, at: TimestampNs): TokenUnits {
  const { quote, escrow, startedAt } = started;
  const seen = at - HOLD_BACK_NS;
  if (seen <= startedAt) return 0n as TokenUnits;
  const course = { quote, startedAt, exclusions: escrow.exclusions };
  const vested = vestedAt(course, timestampNs(seen));
  const safe = (vested * (ALL_BPS - heldBackBps(quote.terms))) / ALL_BPS;
  const open = safe - earnedOf(escrow);
  return (open > 0n ? open : 0n) as TokenUnits;
}

/**
 * The first daily release after `after` that is worth it, if nothing else is reported; undefined if
 * there is none before the term ends. Found by turning `releasableAt` round, so that nobody has to
 * look every day whether it is time yet.
 */
export function nextReleaseAt(started: Started, after: TimestampNs): TimestampNs | undefined {
  const { quote, escrow, startedAt } = started;
  const share = ALL_BPS - heldBackBps(quote.terms);
  if (share === 0n) return undefined;
  const credited = earnedOf(escrow) + releaseThreshold(quote);
  const vested = divCeil({ dividend: credited * ALL_BPS, divisor: share });
  if (vested > quote.amount) return undefined;
  const billable = divCeil({ dividend: vested * quote.terms.termNs, divisor: quote.amount });
  const { outageNs, pausedNs, pausedSince } = escrow.exclusions;
  const enoughAt = startedAt + outageNs + pausedNs + billable;
  if (pausedSince !== undefined && enoughAt > pausedSince) return undefined;
  const waitNs = enoughAt + HOLD_BACK_NS - startedAt;
  const bySize = divCeil({ dividend: waitNs, divisor: RELEASE_EVERY_NS });
  const byTime = after < startedAt ? 1n : (after - startedAt) / RELEASE_EVERY_NS + 1n;
  const days = bySize > byTime ? bySize : byTime;
  const slot = startedAt + days * RELEASE_EVERY_NS;
  return slot < termEndOf(started) ? timestampNs(slot) : undefined;
}
