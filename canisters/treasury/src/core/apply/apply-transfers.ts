import type { Principal } from '@dfinity/principal';
import { invariant, present } from '@decent-cloud/domain/assert.ts';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { after } from '@decent-cloud/domain/time.ts';
import type { Escrow, Party } from '../escrow/escrow.ts';
import { openOf } from '../escrow/party-book.ts';
import type { TransferEvent } from '../events.ts';
import { addExposure } from '../quotes/exposure.ts';
import type { Quote } from '../quotes/quote.ts';
import type { TreasuryState } from '../state.ts';
import type { Transfer } from '../transfers/transfer.ts';
import { countPlatformPayouts, settleFailed, settlePaid } from './apply-outcome.ts';
import { changeBook, heldOf, saveEscrow, saveTransfer, transferOf, type Recorded } from './rows.ts';
import { IN_FLIGHT_WATCHDOG_NS, nextTransfer, type TransferStep } from './transfer-status.ts';

type Planned = Extract<TransferEvent, { kind: 'transfer-planned' }>;
type DepositPlanned = Extract<TransferEvent, { kind: 'deposit-planned' }>;

/** One intended movement begins. It is sent in the same message; the queue is the net under it. */
export function applyTransferPlanned(state: TreasuryState, entry: Recorded<Planned>): void {
  const { event, at } = entry;
  const { purpose } = event;
  const dueAt = after(at, IN_FLIGHT_WATCHDOG_NS);
  const transfer: Transfer = { ...planOf(event), ...begun(entry), purpose, dueAt };
  invariant(state.transfers.get(transfer.id) === undefined, `transfer ${transfer.id} is there`);
  invariant(transfer.amount > 0n, 'a transfer moves something');
  if (purpose.kind === 'fee-withdrawal') {
    reserveWithdrawal(state, transfer);
    saveTransfer(state, undefined, transfer);
    return;
  }
  const held = heldOf(state, purpose.escrowId);
  const { escrow, quote } = held;
  invariant(escrow.liveTransfer === undefined, `escrow ${escrow.id} has a transfer under way`);
  invariant(quote.terms.ledger.compareTo(event.ledger) === 'eq', 'an escrow has one token');
  checkReserved(escrow, purpose.party, transfer);
  saveTransfer(state, undefined, transfer);
  saveEscrow(state, held, { ...entry, after: { ...escrow, liveTransfer: transfer.id } });
  state.escrowTransfers.append(escrow.id, { transferId: transfer.id });
  const receiver = receiverOf(quote, purpose.party);
  if (receiver !== undefined) state.payeeTransfers.append(receiver, { transferId: transfer.id });
  if (purpose.party === 'platform') countPlatformPayouts(state, transfer, 1);
}

/** A quote is being paid: it can be paid by nobody else until the ledger's answer is known. */
export function applyDepositPlanned(state: TreasuryState, entry: Recorded<DepositPlanned>): void {
  const { event, at } = entry;
  const held = heldOf(state, event.escrowId);
  const { escrow, quote } = held;
  const { ledger } = quote.terms;
  invariant(escrow.phase.kind === 'quoted', `escrow ${escrow.id} is not waiting for a deposit`);
  invariant(event.amount === quote.amount, 'a deposit is the quoted amount');
  const transferId = event.transferId;
  invariant(state.transfers.get(transferId) === undefined, `transfer ${transferId} is there`);
  saveTransfer(state, undefined, {
    ...planOf({ ...event, ledger, feeFromPayee: event.fee }),
    ...begun(entry),
    purpose: { kind: 'deposit', escrowId: event.escrowId },
    dueAt: after(at, IN_FLIGHT_WATCHDOG_NS),
  });
  const phase = { kind: 'depositing', transferId } as const;
  saveEscrow(state, held, { ...entry, after: { ...escrow, phase, liveTransfer: transferId } });
  state.escrowTransfers.append(escrow.id, { transferId });
  changeBook(state, ledger, (book) => ({
    ...book,
    exposure: addExposure(book.exposure, { usdE8: event.exposureUsdE8, at }),
  }));
}

/** Everything that happens to a transfer after it was planned. */
export function applyTransferStep(state: TreasuryState, entry: Recorded<TransferStep>): void {
  const { event } = entry;
  const before = transferOf(state, event.transferId);
  const next = nextTransfer(before, entry);
  saveTransfer(state, before, next);
  countParked(state, before, next);
  if (event.kind === 'transfer-paid') {
    settlePaid(state, { ...entry, event, transfer: next });
  } else if (event.kind === 'transfer-failed') {
    settleFailed(state, { ...entry, event, transfer: next });
  } else {
    if (event.kind === 'transfer-replanned') recheckReserved(state, next);
    const { purpose } = next;
    if (purpose.kind === 'fee-withdrawal') return;
    state.escrowEvents.append(purpose.escrowId, { seq: entry.seq });
  }
}

function countParked(state: TreasuryState, before: Transfer, next: Transfer): void {
  const was = before.status.kind === 'parked' ? 1 : 0;
  const is = next.status.kind === 'parked' ? 1 : 0;
  if (was === is) return;
  if (is === 1) state.parked.append(null, { transferId: next.id });
  changeBook(state, next.ledger, (book) => ({
    ...book,
    parkedCount: book.parkedCount + is - was,
  }));
}

/** What is sent and its fee are there: nothing else can take them before the transfer is over. */
function checkReserved(escrow: Escrow, party: Party, plan: ReturnType<typeof amountsOf>): void {
  const { amount, fee, feeFromPayee } = plan;
  const fromPlatform = fee - feeFromPayee;
  const isSound = feeFromPayee >= 0n && fromPlatform >= 0n;
  invariant(isSound, 'a fee is divided between the party and the platform');
  const has = openOf(escrow.books[party]);
  const platformHas = openOf(escrow.books.platform);
  const isThere = amount + feeFromPayee <= has && fromPlatform <= platformHas;
  invariant(isThere, `${party} of escrow ${escrow.id} is not owed that much`);
  invariant(party !== 'platform' || fromPlatform === 0n, 'the platform bears its own fee');
}

function recheckReserved(state: TreasuryState, next: Transfer): void {
  const { purpose } = next;
  if (purpose.kind === 'payout') {
    checkReserved(heldOf(state, purpose.escrowId).escrow, purpose.party, next);
  } else {
    invariant(purpose.kind === 'fee-withdrawal', 'a deposit is not planned again');
    const book = state.books.get(next.ledger);
    invariant(next.amount + next.fee <= (book?.collected ?? 0n), 'so much was not collected');
  }
}

function reserveWithdrawal(state: TreasuryState, transfer: Transfer): void {
  changeBook(state, transfer.ledger, (book) => {
    invariant(book.liveWithdrawal === undefined, 'a withdrawal is under way');
    invariant(transfer.amount + transfer.fee <= book.collected, 'so much was not collected');
    return { ...book, liveWithdrawal: transfer.id };
  });
}

function receiverOf(quote: Quote, party: Party): Principal | undefined {
  switch (party) {
    case 'payer':
      return quote.terms.payer;
    case 'provider':
      return quote.terms.provider;
    case 'author':
      return present(quote.terms.author, 'an author who is paid is named');
    case 'platform':
      return undefined;
  }
}

interface PlanFields {
  readonly transferId: Transfer['id'];
  readonly ledger: Principal;
  readonly from: Transfer['from'];
  readonly to: Transfer['to'];
  readonly amount: TokenUnits;
  readonly fee: TokenUnits;
  readonly feeFromPayee: TokenUnits;
  readonly scanFrom: bigint;
}

function planOf(event: PlanFields) {
  const { transferId: id, ledger, from, to, scanFrom } = event;
  return { id, ledger, from, to, scanFrom, ...amountsOf(event) };
}

function amountsOf({ amount, fee, feeFromPayee }: Omit<PlanFields, 'transferId'>) {
  return { amount, fee, feeFromPayee };
}

function begun({ at }: Recorded<unknown>) {
  const status = { kind: 'planned', notBefore: at, attempts: 0 } as const;
  return { lastGeneration: 0, lastProblem: undefined, plannedAt: at, status };
}
