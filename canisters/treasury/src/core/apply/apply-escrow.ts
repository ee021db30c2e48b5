import type { EscrowEvent } from '../events.ts';
import { nextEscrow } from '../escrow/next-escrow.ts';
import type { TreasuryState } from '../state.ts';
import { addTo, withCredits, withSurplus } from '../tokens/books.ts';
import type { TokenBook } from '../tokens/token-book.ts';
import { changeBook, heldOf, moveDue, saveEscrow, type Held, type Recorded } from './rows.ts';

/** What happens to an escrow itself: facts, credits, disputes, its end. */
export function applyEscrowEvent(state: TreasuryState, entry: Recorded<EscrowEvent>): void {
  const { event } = entry;
  const held = heldOf(state, event.escrowId);
  const after = nextEscrow({ ...held, event, at: entry.at });
  saveEscrow(state, held, { ...entry, after });
  if (held.escrow.auditDueAt !== after.auditDueAt) {
    const { auditDueAt } = held.escrow;
    moveDue(state.auditsDue, after.id, { from: auditDueAt, to: after.auditDueAt });
  }
  const change = bookChange(held, entry);
  if (change !== undefined) changeBook(state, held.quote.terms.ledger, change);
}

function bookChange(
  held: Held,
  { event, at }: Recorded<EscrowEvent>,
): ((book: TokenBook) => TokenBook) | undefined {
  switch (event.kind) {
    case 'ended':
    case 'released':
    case 'finalised':
    case 'dispute-decided':
      return (book) => withCredits(book, event.credits);
    case 'dust-kept':
      return (book) => addTo(book, { owed: 0n - event.amount, fees: event.amount });
    case 'escrow-closed':
      return (book) => ({ ...book, openEscrowCount: book.openEscrowCount - 1 });
    case 'escrow-audited': {
      const { surplus } = event;
      if (surplus === undefined) return undefined;
      return (book) => ({
        ...withSurplus(book, { before: held.escrow.surplus, now: surplus }),
        escrowsAuditedAt: at,
      });
    }
    case 'fact-reported':
    case 'payouts-deferred':
    case 'dispute-opened':
    case 'dispute-agreed':
      return undefined;
  }
}
