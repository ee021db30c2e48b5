import { durationNs, elapsed, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Escrow, Party } from './escrow/escrow.ts';
import { balanceOf, openOf, PARTIES, undecidedOf } from './escrow/party-book.ts';
import { sharesOf } from './escrow/splits.ts';
import type { Quote } from './quotes/quote.ts';
import type { TokenBook } from './tokens/token-book.ts';
import type { Transfer } from './transfers/transfer.ts';

/** No generation can be undecided for longer: the ledger's window and its margins. */
const MAX_IN_FLIGHT_NS = durationNs({ hours: 25 });

export interface EscrowCheck {
  readonly quote: Quote;
  readonly escrow: Escrow;
  /** All transfers of the escrow. */
  readonly transfers: readonly Transfer[];
  readonly now: TimestampNs;
}

/** What is broken about one escrow, in words; empty if nothing is. */
export function checkEscrow(check: EscrowCheck): readonly string[] {
  return [
    ...checkDeposit(check),
    ...checkCredits(check),
    ...checkPaid(check),
    ...checkTransfers(check),
    ...checkPhase(check),
  ];
}

/** What is broken about the sums of one token, in words; empty if nothing is. */
export function checkBook(book: TokenBook): readonly string[] {
  const parts = book.escrow + book.owed + book.fees;
  return broken({
    'by blocks the canister holds something else than escrow, owed and fees in sum':
      book.booked !== parts,
    'a sum is negative':
      book.escrow < 0n || book.owed < 0n || book.fees < 0n || book.collected < 0n,
    'more was collected than the platform has': book.collected > book.fees,
    'a ledger holds less than the books say': book.shortfall !== 0n,
    'a count is negative':
      Math.min(book.parkedCount, book.openEscrowCount, book.livePlatformPayouts) < 0,
  });
}

function checkDeposit({ quote, escrow, transfers }: EscrowCheck): readonly string[] {
  const deposits = transfers.filter(
    (one) => one.purpose.kind === 'deposit' && one.status.kind === 'paid',
  );
  const deposited = deposits.reduce((sum, one) => sum + one.amount, 0n);
  return broken({
    'the deposit is not the quoted amount':
      escrow.deposited !== 0n && escrow.deposited !== quote.amount,
    'the confirmed deposits are not what was deposited': deposited !== escrow.deposited,
    'there are two deposits': deposits.length > 1,
  });
}

function checkCredits({ quote, escrow }: EscrowCheck): readonly string[] {
  const { books } = escrow;
  const earned = books.provider.credited + books.author.credited + books.platform.credited;
  const shares = sharesOf(quote.terms.split, earned as typeof quote.amount);
  const isAuthorExact = shares.author === books.author.credited;
  // Rounding may leave the provider a unit that the platform waits for: see `sharesUpTo`.
  const lent = books.provider.credited - shares.provider;
  const isExact = isAuthorExact && (lent === 0n || lent === 1n);
  const isAtMost = shares.author >= books.author.credited && lent <= 1n;
  return broken({
    'more was credited than deposited': undecidedOf(escrow) < 0n,
    'a party was paid more than it was credited': PARTIES.some((one) => openOf(books[one]) < 0n),
    'the credits are not the split of their sum': !(mayHaveKeptDust(escrow) ? isAtMost : isExact),
  });
}

/** When nothing more is to be split, dust moves to the platform: the others have less, never more. */
function mayHaveKeptDust({ phase }: Escrow): boolean {
  return phase.kind === 'closed' || (phase.kind === 'ended' && phase.isFinal);
}

function checkPaid({ escrow, transfers }: EscrowCheck): readonly string[] {
  const paid = transfers.filter(
    (one) => one.purpose.kind === 'payout' && one.status.kind === 'paid',
  );
  const out = paid.reduce((sum, one) => sum + one.amount + one.fee, 0n);
  const isByParty = PARTIES.every((party) => escrow.books[party].paid === sumTo(party, paid));
  return broken({
    'the deposit is not the sum of payouts, fees and balance':
      escrow.deposited !== out + balanceOf(escrow),
    'what a party got is not the sum of its payouts': !isByParty,
    'less is on the ledger than the books say': escrow.surplus < 0n,
  });
}

function sumTo(party: Party, paid: readonly Transfer[]): bigint {
  return paid
    .filter((one) => one.purpose.kind === 'payout' && one.purpose.party === party)
    .reduce((sum, one) => sum + one.amount, 0n);
}

function checkTransfers({ escrow, transfers, now }: EscrowCheck): readonly string[] {
  const blocks = transfers.flatMap(({ status }) =>
    status.kind === 'paid' && status.block !== undefined ? [status.block] : [],
  );
  const ids = transfers.map((one) => one.id);
  const live = transfers.filter(
    (one) => one.status.kind !== 'paid' && one.status.kind !== 'failed',
  );
  return broken({
    'a block stands for two transfers': new Set(blocks).size !== blocks.length,
    'a transfer is listed twice': new Set(ids).size !== ids.length,
    'two transfers are under way': live.length > 1,
    'the transfer under way is not the one that is noted': live[0]?.id !== escrow.liveTransfer,
    'a transfer is in flight for more than 25 hours': live.some((one) => isStale(one, now)),
  });
}

function isStale({ status }: Transfer, now: TimestampNs): boolean {
  const isInFlight = status.kind === 'in-flight' || status.kind === 'retry';
  return isInFlight && elapsed(status.args.createdAt, now) > MAX_IN_FLIGHT_NS;
}

function checkPhase({ quote, escrow }: EscrowCheck): readonly string[] {
  const { phase, books, liveTransfer } = escrow;
  const isUnpaid =
    phase.kind === 'quoted' || phase.kind === 'lapsed' || phase.kind === 'depositing';
  const owed = openOf(books.payer) + openOf(books.provider) + openOf(books.author);
  const isOver = phase.kind === 'closed' || phase.kind === 'lapsed';
  return broken({
    'an unpaid escrow holds something': isUnpaid && escrow.deposited !== 0n,
    'a paid escrow holds nothing': !isUnpaid && escrow.deposited !== quote.amount,
    'it is over and wants attention': isOver && escrow.dueAt !== undefined,
    'it is over and a transfer is under way': isOver && liveTransfer !== undefined,
    'it is closed and somebody is owed': phase.kind === 'closed' && owed !== 0n,
    'nobody looks after it': isForgotten(escrow),
    'it is decided and something is undecided':
      phase.kind === 'ended' && phase.isFinal && undecidedOf(escrow) !== 0n,
    'a dispute is about something else than what is undecided':
      escrow.dispute !== undefined && escrow.dispute.frozen !== undecidedOf(escrow),
  });
}

/** Whatever is not over has a time at which it moves on, or a transfer that moves it on. */
function isForgotten({ phase, dueAt, liveTransfer }: Escrow): boolean {
  const isOver = phase.kind === 'closed' || phase.kind === 'lapsed';
  return !isOver && dueAt === undefined && liveTransfer === undefined;
}

function broken(rules: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.keys(rules).filter((rule) => rules[rule]);
}
