import { invariant } from '@decent-cloud/domain/assert.ts';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { DurationNs } from '@decent-cloud/domain/time.ts';
import type { Escrow } from '../escrow/escrow.ts';
import { EMPTY_BOOKS } from '../escrow/party-book.ts';
import type { QuoteEvent } from '../events.ts';
import type { Quote } from '../quotes/quote.ts';
import type { TreasuryState } from '../state.ts';
import { heldOf, saveEscrow, type Recorded } from './rows.ts';

/** A quote is given or lapses. */
export function applyQuoteEvent(state: TreasuryState, entry: Recorded<QuoteEvent>): void {
  const { event, at } = entry;
  if (event.kind === 'quoted') {
    addQuote(state, { ...entry, event });
    return;
  }
  const held = heldOf(state, event.escrowId);
  const { escrow } = held;
  invariant(escrow.phase.kind === 'quoted', `escrow ${escrow.id} is no open quote`);
  saveEscrow(state, held, { ...entry, after: { ...escrow, phase: { kind: 'lapsed', at } } });
}

function addQuote(
  state: TreasuryState,
  entry: Recorded<Extract<QuoteEvent, { kind: 'quoted' }>>,
): void {
  const { quote } = entry.event;
  const { id } = quote;
  invariant(state.quotes.get(id) === undefined, `quote ${id} is there`);
  state.quotes.put(id, quote);
  state.currentQuotes.put(quote.terms.rentalId, { escrowId: id });
  const escrow = newEscrow(quote);
  saveEscrow(state, { quote, escrow }, { ...entry, after: escrow });
}

function newEscrow(quote: Quote): Escrow {
  return {
    id: quote.id,
    phase: { kind: 'quoted' },
    refundTo: undefined,
    deposited: 0n as TokenUnits,
    depositBlock: undefined,
    exclusions: {
      outageNs: 0n as DurationNs,
      pausedNs: 0n as DurationNs,
      pausedSince: undefined,
      lastTo: quote.createdAt,
    },
    unprovenPpm: undefined,
    factSeq: 0,
    books: EMPTY_BOOKS,
    nextReleaseAt: undefined,
    dispute: undefined,
    liveTransfer: undefined,
    surplus: 0n,
    auditedAt: undefined,
    auditDueAt: undefined,
    payoutsNotBefore: undefined,
    dueAt: undefined,
  };
}
