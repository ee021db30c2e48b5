import { after, durationNs, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { isPaid, isSettled, type EscrowBrief } from '../treasury/escrow-brief.ts';
import type { RentalEvent } from './rental-event.ts';
import type { Period } from './rental.ts';

/** After it nobody can begin to pay a quote any more, whatever the clocks say. */
const QUOTE_MARGIN_NS = durationNs({ minutes: 1 });

export interface Told {
  readonly period: Period;
  /** Undefined: the treasury does not know the number. */
  readonly brief: EscrowBrief | undefined;
  readonly provisionWithinNs: DurationNs;
  /** When it was asked for. A quote that was open then may have been paid before the answer came. */
  readonly at: TimestampNs;
}

/** What a rental learns from the treasury about one of its periods, in order; mostly nothing new. */
export function newsOfBrief(told: Told): readonly RentalEvent[] {
  const { period, brief } = told;
  const { escrowId, status } = period;
  const news: RentalEvent[] = [];
  if (status === 'quoted') {
    if (isLapsed(told)) return [{ kind: 'quote-lapsed', escrowId }];
    if (brief === undefined || !isPaid(brief)) return [];
    news.push({
      kind: 'deposit-confirmed',
      escrowId,
      amount: period.amount,
      block: brief.depositBlock,
      deliverBy: deliverBy(told, brief),
    });
  }
  if (brief === undefined) return news;
  const isOver = brief.phase.kind === 'ended' || brief.phase.kind === 'closed';
  if (isOver && status !== 'ended')
    news.push({ kind: 'escrow-ended', escrowId, by: endedBy(brief) });
  if (isSettled(brief)) news.push({ kind: 'escrow-settled', escrowId });
  return news;
}

/** Surely unpaid, now and for ever. */
function isLapsed({ period, brief, at }: Told): boolean {
  if (brief?.phase.kind === 'lapsed') return true;
  const isOver = after(period.quoteExpiresAt, QUOTE_MARGIN_NS) <= at;
  return isOver && (brief === undefined || brief.phase.kind === 'quoted');
}

/** The treasury counts from the moment that it had the deposit. */
function deliverBy({ provisionWithinNs, at }: Told, { phase }: EscrowBrief): TimestampNs {
  return after(phase.kind === 'funded' ? phase.at : at, provisionWithinNs);
}

function endedBy({ phase }: EscrowBrief): 'term' | 'dispute' | 'deadline' {
  if (phase.kind !== 'ended' && phase.kind !== 'closed') return 'deadline';
  if (phase.cause === 'dispute-decided') return 'dispute';
  return phase.cause === 'term-ended' ? 'term' : 'deadline';
}
