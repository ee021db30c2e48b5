import { invariant } from '@decent-cloud/domain/assert.ts';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { after } from '@decent-cloud/domain/time.ts';
import type { Escrow, Party, PartyBook } from '../escrow/escrow.ts';
import { AUDIT_EVERY_NS } from '../escrow/limits.ts';
import { openOf } from '../escrow/party-book.ts';
import type { TransferEvent } from '../events.ts';
import { takeExposure } from '../quotes/exposure.ts';
import type { TreasuryState } from '../state.ts';
import { addTo } from '../tokens/books.ts';
import type { Transfer } from '../transfers/transfer.ts';
import { changeBook, heldOf, moveDue, saveEscrow, type Held, type Recorded } from './rows.ts';

type Paid = Extract<TransferEvent, { kind: 'transfer-paid' }>;
type Failed = Extract<TransferEvent, { kind: 'transfer-failed' }>;

/** An event about a transfer, with the transfer's row as the event left it. */
type About<Event> = Recorded<Event> & { readonly transfer: Transfer };

/** A block says that it happened: the one place where money that moved enters or leaves the books. */
export function settlePaid(state: TreasuryState, about: About<Paid>): void {
  const { transfer } = about;
  const { purpose } = transfer;
  if (purpose.kind === 'fee-withdrawal') {
    const taken = transfer.amount + transfer.fee;
    changeBook(state, transfer.ledger, (book) => ({
      ...addTo(book, { collected: -taken, fees: -taken, booked: -taken }),
      liveWithdrawal: undefined,
    }));
    return;
  }
  const held = heldOf(state, purpose.escrowId);
  checkLive(held.escrow, transfer);
  if (purpose.kind === 'deposit') {
    fund(state, { ...about, held });
  } else {
    payOut(state, { ...about, held, party: purpose.party });
  }
}

/** Surely nothing moved: the quote can be paid again, or the payout is decided again. */
export function settleFailed(state: TreasuryState, about: About<Failed>): void {
  const { transfer } = about;
  const { purpose, ledger } = transfer;
  if (purpose.kind === 'fee-withdrawal') {
    changeBook(state, ledger, (book) => ({ ...book, liveWithdrawal: undefined }));
    return;
  }
  const held = heldOf(state, purpose.escrowId);
  const { escrow, quote } = held;
  checkLive(escrow, transfer);
  const idle: Escrow = { ...escrow, liveTransfer: undefined };
  if (purpose.kind === 'payout') {
    saveEscrow(state, held, { ...about, after: idle });
    if (purpose.party === 'platform') countPlatformPayouts(state, transfer, -1);
    return;
  }
  saveEscrow(state, held, { ...about, after: { ...idle, phase: { kind: 'quoted' } } });
  const taken = { usdE8: quote.terms.totalUsdE8, at: transfer.plannedAt };
  changeBook(state, ledger, (book) => ({
    ...book,
    exposure: takeExposure(book.exposure, taken),
  }));
}

function fund(state: TreasuryState, about: About<Paid> & { readonly held: Held }): void {
  const { held, transfer, at, event } = about;
  const { escrow, quote } = held;
  const { amount } = transfer;
  invariant(escrow.phase.kind === 'depositing', `escrow ${escrow.id} waits for no deposit`);
  const auditDueAt = after(at, AUDIT_EVERY_NS);
  saveEscrow(state, held, {
    ...about,
    after: {
      ...escrow,
      phase: { kind: 'funded', at },
      refundTo: transfer.from,
      deposited: amount,
      depositBlock: event.block,
      liveTransfer: undefined,
      auditDueAt,
    },
  });
  moveDue(state.auditsDue, escrow.id, { from: undefined, to: auditDueAt });
  state.rentalEscrows.append(quote.terms.rentalId, { escrowId: escrow.id });
  changeBook(state, transfer.ledger, (book) => ({
    ...addTo(book, { escrow: amount, booked: amount }),
    openEscrowCount: book.openEscrowCount + 1,
  }));
}

function payOut(
  state: TreasuryState,
  about: About<Paid> & { readonly held: Held; readonly party: Party },
): void {
  const { held, transfer, party } = about;
  const { escrow } = held;
  const { amount, fee, feeFromPayee } = transfer;
  const fromPlatform = (fee - feeFromPayee) as TokenUnits;
  const paid = spend(escrow.books[party], { amount, fee: feeFromPayee });
  const withParty = { ...escrow.books, [party]: paid };
  const platform = spend(withParty.platform, { amount: 0n as TokenUnits, fee: fromPlatform });
  const books = { ...withParty, platform };
  saveEscrow(state, held, { ...about, after: { ...escrow, books, liveTransfer: undefined } });
  if (party === 'platform') {
    changeBook(state, transfer.ledger, (book) => ({
      ...addTo(book, { fees: 0n - fee, collected: amount, booked: 0n - fee }),
      livePlatformPayouts: book.livePlatformPayouts - 1,
    }));
    return;
  }
  changeBook(state, transfer.ledger, (book) =>
    addTo(book, {
      owed: -(amount + feeFromPayee),
      fees: 0n - fromPlatform,
      booked: -(amount + fee),
    }),
  );
}

/** Such a payout may have arrived before the books say so, and nothing else adds to that account. */
export function countPlatformPayouts(
  state: TreasuryState,
  { ledger }: Transfer,
  change: 1 | -1,
): void {
  changeBook(state, ledger, (book) => ({
    ...book,
    livePlatformPayouts: book.livePlatformPayouts + change,
  }));
}

function spend(
  book: PartyBook,
  out: { readonly amount: TokenUnits; readonly fee: TokenUnits },
): PartyBook {
  invariant(out.amount + out.fee <= openOf(book), 'more was paid than is owed');
  return {
    ...book,
    paid: (book.paid + out.amount) as TokenUnits,
    fees: (book.fees + out.fee) as TokenUnits,
  };
}

function checkLive(escrow: Escrow, transfer: Transfer): void {
  const isLive = escrow.liveTransfer === transfer.id;
  invariant(isLive, `transfer ${transfer.id} is not the one under way in escrow ${escrow.id}`);
}
