import type { Principal } from '@dfinity/principal';
import { present } from '@decent-cloud/domain/assert.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Escrow } from '../escrow/escrow.ts';
import { nextDueAt } from '../escrow/next-due.ts';
import type { EscrowId, TransferId } from '../ids.ts';
import type { Quote } from '../quotes/quote.ts';
import type { TreasuryState } from '../state.ts';
import { emptyBook } from '../tokens/books.ts';
import type { TokenBook } from '../tokens/token-book.ts';
import type { Transfer } from '../transfers/transfer.ts';

/** An event with its number in the journal and its time. */
export interface Recorded<Event> {
  readonly seq: number;
  readonly at: TimestampNs;
  readonly event: Event;
}

export interface Held {
  readonly quote: Quote;
  readonly escrow: Escrow;
}

export function heldOf(state: TreasuryState, id: EscrowId): Held {
  return {
    quote: present(state.quotes.get(id), `there is no quote ${id}`),
    escrow: present(state.escrows.get(id), `there is no escrow ${id}`),
  };
}

export function transferOf(state: TreasuryState, id: TransferId): Transfer {
  return present(state.transfers.get(id), `there is no transfer ${id}`);
}

export function bookOf(state: TreasuryState, ledger: Principal): TokenBook {
  return state.books.get(ledger) ?? emptyBook(ledger);
}

export function changeBook(
  state: TreasuryState,
  ledger: Principal,
  change: (book: TokenBook) => TokenBook,
): void {
  state.books.put(ledger, change(bookOf(state, ledger)));
}

/** Writes the changed row, moves it in the queue, and notes the event for a replay of this escrow. */
export function saveEscrow(
  state: TreasuryState,
  before: Held,
  { after, seq, at }: { readonly after: Escrow; readonly seq: number; readonly at: TimestampNs },
): void {
  const was = before.escrow.dueAt;
  const wanted = nextDueAt({ quote: before.quote, escrow: after, at });
  // What is due already stays where it is: moving it would cost two writes and change nothing.
  const isDueAnyway = was !== undefined && was <= at && wanted !== undefined && wanted <= at;
  const dueAt = isDueAnyway ? was : wanted;
  state.escrows.put(after.id, { ...after, dueAt });
  moveDue(state.escrowsDue, after.id, { from: was, to: dueAt });
  state.escrowEvents.append(after.id, { seq });
}

/** Writes the row and moves it in the queue. */
export function saveTransfer(
  state: TreasuryState,
  before: Transfer | undefined,
  after: Transfer,
): void {
  state.transfers.put(after.id, after);
  moveDue(state.transfersDue, after.id, { from: before?.dueAt, to: after.dueAt });
}

export function moveDue<Id>(
  queue: {
    readonly schedule: (id: Id, dueAt: TimestampNs) => void;
    readonly cancel: (id: Id, dueAt: TimestampNs) => void;
  },
  id: Id,
  move: { readonly from: TimestampNs | undefined; readonly to: TimestampNs | undefined },
): void {
  if (move.from === move.to) return;
  if (move.from !== undefined) queue.cancel(id, move.from);
  if (move.to !== undefined) queue.schedule(id, move.to);
}
