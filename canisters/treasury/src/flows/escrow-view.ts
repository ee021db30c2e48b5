import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from '../core/account.ts';
import { escrowAccount } from '../core/accounts.ts';
import type { Dispute, Escrow, Party, PartyBook, Phase } from '../core/escrow/escrow.ts';
import { finalAt } from '../core/escrow/next-due.ts';
import { earnedOf, NO_CREDITS, openOf, undecidedOf } from '../core/escrow/party-book.ts';
import { endCredits, grossVested, startOf } from '../core/escrow/settlement.ts';
import { termEndOf, vestedAt } from '../core/escrow/vesting.ts';
import type { EscrowId, TransferId } from '../core/ids.ts';
import type { Quote } from '../core/quotes/quote.ts';

/** One party's side; `open` is owed and on its way. */
export interface PartyView {
  readonly credited: TokenUnits;
  readonly paid: TokenUnits;
  readonly fees: TokenUnits;
  readonly open: TokenUnits;
}

/** Everything about the money of one paid period, as of the time of asking. */
export interface EscrowView {
  readonly escrowId: EscrowId;
  readonly rentalId: RentalId;
  readonly ledger: Principal;
  readonly payer: Principal;
  readonly provider: Principal;
  readonly author: Principal | undefined;
  readonly phase: Phase;
  /** The account on the ledger that holds this money and no other. */
  readonly account: Account;
  /** What the quote says is to be paid. */
  readonly amount: TokenUnits;
  readonly deposited: TokenUnits;
  readonly depositBlock: bigint | undefined;
  /** Of the deposit, not credited to anybody yet. */
  readonly held: TokenUnits;
  readonly vestedNow: TokenUnits;
  /** What the payer would get back for a cancel now, the notice counted. */
  readonly refundIfCancelledNow: TokenUnits;
  readonly startedAt: TimestampNs | undefined;
  readonly termEndsAt: TimestampNs | undefined;
  readonly nextReleaseAt: TimestampNs | undefined;
  readonly outageNs: DurationNs;
  readonly pausedNs: DurationNs;
  readonly pausedSince: TimestampNs | undefined;
  /** Of the period, in parts per million, if too much was not measured to settle it at once. */
  readonly unprovenPpm: number | undefined;
  readonly factSeq: number;
  readonly books: Readonly<Record<Party, PartyView>>;
  readonly dispute: Dispute | undefined;
  readonly refundTo: Account | undefined;
  readonly liveTransfer: TransferId | undefined;
  readonly surplus: bigint;
  readonly auditedAt: TimestampNs | undefined;
  /** Payouts to the other parties wait until then, because one of them paused its payouts. */
  readonly payoutsNotBefore: TimestampNs | undefined;
  readonly dueAt: TimestampNs | undefined;
}

/** What `get_escrow` shows; everything in it follows from the quote, the row and the time. */
export function escrowView(shown: {
  readonly quote: Quote;
  readonly escrow: Escrow;
  readonly self: Principal;
  readonly now: TimestampNs;
}): EscrowView {
  const { quote, escrow, self } = shown;
  const { rentalId, ledger, payer, provider, author } = quote.terms;
  const { id: escrowId, exclusions, ...rest } = escrow;
  const startedAt = startOf(escrow);
  const { outageNs, pausedNs, pausedSince } = exclusions;
  return {
    ...rest,
    escrowId,
    rentalId,
    ledger,
    payer,
    provider,
    author,
    account: escrowAccount(self, escrowId),
    amount: quote.amount,
    held: undecidedOf(escrow),
    vestedNow: vestedNow(shown),
    refundIfCancelledNow: refundNow(shown),
    startedAt,
    termEndsAt: startedAt === undefined ? undefined : termEndOf({ quote, startedAt }),
    nextReleaseAt: nextReleaseOf({ quote, escrow }),
    outageNs,
    pausedNs,
    pausedSince,
    books: {
      payer: partyView(escrow.books.payer),
      provider: partyView(escrow.books.provider),
      author: partyView(escrow.books.author),
      platform: partyView(escrow.books.platform),
    },
  };
}

interface Held {
  readonly quote: Quote;
  readonly escrow: Escrow;
}

/** One side of the books. */
export function partyView(book: PartyBook): PartyView {
  return { ...book, open: openOf(book) };
}

/** Earned by time so far; after the end what was earned then. */
function vestedNow({ quote, escrow, now }: Held & { readonly now: TimestampNs }): TokenUnits {
  const { phase, exclusions } = escrow;
  switch (phase.kind) {
    case 'running':
      return vestedAt({ quote, startedAt: phase.startedAt, exclusions }, now);
    case 'ended': {
      const { startedAt, endAt, cause, isFinal } = phase;
      if (isFinal || startedAt === undefined) return earnedOf(escrow);
      return grossVested({ quote, escrow }, { startedAt, endAt, cause });
    }
    default:
      return earnedOf(escrow);
  }
}

/** Back to the payer at once for a cancel now; a later SLA credit comes on top. */
function refundNow({ quote, escrow, now }: Held & { readonly now: TimestampNs }): TokenUnits {
  const { phase } = escrow;
  if (phase.kind !== 'funded' && phase.kind !== 'running') return NO_CREDITS.payer;
  const startedAt = phase.kind === 'running' ? phase.startedAt : undefined;
  const termEnd = startedAt === undefined ? undefined : termEndOf({ quote, startedAt });
  const isOver = termEnd !== undefined && now >= termEnd;
  const end = isOver
    ? ({ endAt: termEnd, cause: 'term-ended' } as const)
    : ({ endAt: now, cause: 'renter-cancelled' } as const);
  return endCredits({ quote, escrow }, end).payer;
}

function nextReleaseOf({ escrow }: Held): TimestampNs | undefined {
  const { phase } = escrow;
  if (escrow.dispute !== undefined) return undefined;
  if (phase.kind === 'ended' && !phase.isFinal) return finalAt(escrow, phase.endAt);
  return escrow.nextReleaseAt;
}
