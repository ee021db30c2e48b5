import { after, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Quote } from '../quotes/quote.ts';
import type { Escrow, Party } from './escrow.ts';
import { DISPUTE_NS, FACTS_GRACE_NS, HOLD_BACK_NS } from './limits.ts';
import { openOf } from './party-book.ts';
import { releaseThreshold } from './release.ts';
import { earlier, termEndOf } from './vesting.ts';

interface Held {
  readonly quote: Quote;
  readonly escrow: Escrow;
}

/**
 * When `dueAction` has something to do, if nothing else happens before; `at` is now. Undefined if only
 * an event from outside (a payment, a transfer's outcome) can move the escrow.
 */
export function nextDueAt(held: Held & { readonly at: TimestampNs }): TimestampNs | undefined {
  const decision = decisionDueAt(held);
  const payout = payoutDueAt(held);
  if (decision === undefined || payout === undefined) return decision ?? payout;
  return earlier(decision, payout);
}

/** When the treasury itself decides something: a deadline, a release, the end of a hold-back. */
export function decisionDueAt({ quote, escrow }: Held): TimestampNs | undefined {
  const { phase, dispute } = escrow;
  if (dispute !== undefined) return dispute.deadlineAt;
  switch (phase.kind) {
    case 'quoted':
      return quote.expiresAt;
    case 'funded':
      return after(phase.at, quote.terms.provisionWithinNs);
    case 'running': {
      const endDueAt = endDueOf({ quote, startedAt: phase.startedAt });
      const { nextReleaseAt } = escrow;
      return nextReleaseAt === undefined ? endDueAt : earlier(nextReleaseAt, endDueAt);
    }
    case 'ended':
      return phase.isFinal ? undefined : finalAt(escrow, phase.endAt);
    case 'lapsed':
    case 'depositing':
    case 'closed':
      return undefined;
  }
}

/**
 * When the treasury ends a rental by itself if nobody says that it ended: so long after its term that
 * what happened in its last hours can still be reported. It ends with its term all the same.
 */
export function endDueOf(course: Parameters<typeof termEndOf>[0]): TimestampNs {
  return after(termEndOf(course), FACTS_GRACE_NS);
}

/**
 * When what was held back is credited by what was reported. If too much of the time was not measured,
 * renter and provider have as long as for a dispute to agree or to open one.
 */
export function finalAt({ unprovenPpm }: Escrow, endAt: TimestampNs): TimestampNs {
  return after(endAt, unprovenPpm === undefined ? HOLD_BACK_NS : DISPUTE_NS);
}

/** More may still be credited: small amounts wait for it. */
export function isStillHeld(escrow: Escrow): boolean {
  return escrow.phase.kind !== 'ended' || !escrow.phase.isFinal;
}

/** While more may come: a refund goes out if it is more than its fee, the rest if it is worth it. */
export function isWorthSending(held: Held, party: Party): boolean {
  const open = openOf(held.escrow.books[party]);
  switch (party) {
    case 'payer':
      return open > held.quote.ledgerFee;
    case 'provider':
    case 'author':
      return open > 0n && open >= releaseThreshold(held.quote);
    case 'platform':
      return false;
  }
}

function payoutDueAt(held: Held & { readonly at: TimestampNs }): TimestampNs | undefined {
  const { escrow, at } = held;
  const isOver = escrow.phase.kind === 'lapsed' || escrow.phase.kind === 'closed';
  if (isOver || escrow.liveTransfer !== undefined) return undefined;
  const wanted = (['payer', 'provider', 'author'] as const).some((one) =>
    isWorthSending(held, one),
  );
  if (isStillHeld(escrow) && !wanted) return undefined;
  const waits = escrow.payoutsNotBefore;
  return waits !== undefined && waits > at ? waits : at;
}
