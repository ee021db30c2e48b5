import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { LockedQuote } from '../treasury/quote-terms.ts';
import { nextDue } from './next-due.ts';
import type { Period, Rental } from './rental.ts';
import type { FrozenTerms } from './terms.ts';

/** A rental that may be paid until its quote expires. */
export function newRental(terms: FrozenTerms, quote: LockedQuote, at: TimestampNs): Rental {
  const rental: Rental = {
    id: terms.rentalId,
    renter: terms.renter,
    payer: terms.payer,
    provider: terms.provider,
    cloudAccountId: terms.cloudAccountId,
    offeringId: terms.offeringId,
    state: { kind: 'quoted', expiresAt: quote.expiresAt },
    periods: [quotedPeriod(quote, terms.termNs)],
    deployment: terms.recipe,
    choiceIndex: 0,
    server: undefined,
    skippedVersion: undefined,
    dueAt: undefined,
    createdAt: at,
    updatedAt: at,
  };
  return { ...rental, dueAt: nextDue(rental, at) };
}

/** The rental with an extension that may be paid until its quote expires. */
export function withQuote(
  rental: Rental,
  extension: { readonly quote: LockedQuote; readonly termNs: DurationNs; readonly at: TimestampNs },
): Rental {
  const { quote, termNs, at } = extension;
  const next = { ...rental, periods: [...rental.periods, quotedPeriod(quote, termNs)] };
  const { dueAt } = rental;
  const isPending = dueAt !== undefined && dueAt <= at;
  return { ...next, dueAt: isPending ? dueAt : nextDue(next, at), updatedAt: at };
}

function quotedPeriod(quote: LockedQuote, termNs: DurationNs): Period {
  return {
    escrowId: quote.escrowId,
    status: 'quoted',
    termNs,
    amount: quote.amount,
    quoteExpiresAt: quote.expiresAt,
    startedAt: undefined,
    factSeq: 0,
  };
}
