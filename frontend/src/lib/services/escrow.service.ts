import type { Treasury } from '../api/wire.ts';
import { armOf, type ArmOf } from './variant.service.ts';

type Escrow = Treasury.Escrow;
export type PhaseName = ArmOf<Treasury.Phase>;

export const NS_PER_MS = 1_000_000n;
const ALL_BPS = 10_000n;

/** What decides how much of an escrow has vested. Amounts in the token's smallest unit. */
export interface Course {
  readonly amount: bigint;
  readonly termNs: bigint;
  readonly startedAtNs: bigint;
  readonly outageNs: bigint;
  readonly pausedNs: bigint;
  readonly pausedSinceNs: bigint | undefined;
  /** Credited to seller, author and platform already: never taken back. */
  readonly earned: bigint;
}

/** Undefined before the start, and when all is decided. */
export function courseOf(escrow: Escrow, termNs: bigint): Course | undefined {
  const [startedAtNs] = escrow.started_at_ns;
  if (startedAtNs === undefined || !('Running' in escrow.phase)) return undefined;
  const { provider, author, platform } = escrow.books;
  return {
    amount: escrow.amount,
    termNs,
    startedAtNs,
    outageNs: escrow.outage_ns,
    pausedNs: escrow.paused_ns,
    pausedSinceNs: escrow.paused_since_ns[0],
    earned: provider.credited + author.credited + platform.credited,
  };
}

/** Time that counts until then: at most the term, without outages and pauses. */
function billableNs(course: Course, nowNs: bigint): bigint {
  const endNs = course.startedAtNs + course.termNs;
  const until = nowNs < endNs ? nowNs : endNs;
  const { pausedSinceNs: since } = course;
  const openPause = since !== undefined && until > since ? until - since : 0n;
  const counted = until - course.startedAtNs - course.outageNs - course.pausedNs - openPause;
  return counted > 0n ? counted : 0n;
}

/** What vested until then, as the treasury computes it: linear, rounded down. */
export function vestedAt(course: Course, nowNs: bigint): bigint {
  return earnedFor(course, billableNs(course, nowNs));
}

function earnedFor({ amount, termNs }: Course, countedNs: bigint): bigint {
  return (amount * (countedNs < termNs ? countedNs : termNs)) / termNs;
}

/** What a renter who cancels then gets back at once: all but what vested, the notice at least. */
export function refundAt(course: Course, at: { nowNs: bigint; noticeNs: bigint }): bigint {
  const counted = billableNs(course, at.nowNs);
  const vested = earnedFor(course, counted < at.noticeNs ? at.noticeNs : counted);
  return course.amount - (vested > course.earned ? vested : course.earned);
}

/** What a cancellation moves, over all paid periods. */
export interface RefundPreview {
  /** Back to the renter at once. */
  readonly refund: bigint;
  /** Stays with seller, author and platform, as far as no credit is due. */
  readonly kept: bigint;
  /** Added from what vested when the seller cancels. */
  readonly penalty: bigint;
  /** Held by a dispute: a cancellation moves nothing of it. */
  readonly frozen: bigint;
}

/**
 * The treasury's own figures of now, summed: `refund_if_cancelled_now` of each period that is not over.
 * A seller who cancels bills no notice, and gives the agreed part of what vested besides.
 */
export function refundPreview(
  escrows: readonly Escrow[],
  by: { readonly kind: 'renter' } | { readonly kind: 'provider'; readonly penaltyBps: number },
): RefundPreview {
  let [refund, kept, penalty, frozen] = [0n, 0n, 0n, 0n];
  for (const escrow of escrows) {
    if (!('Running' in escrow.phase || 'Funded' in escrow.phase)) continue;
    if (escrow.dispute.length > 0) {
      frozen += escrow.held;
      kept += escrow.deposited - escrow.held;
      continue;
    }
    const back =
      by.kind === 'renter' || 'Funded' in escrow.phase
        ? escrow.refund_if_cancelled_now
        : escrow.deposited - escrow.vested_now;
    refund += back;
    kept += escrow.deposited - back;
    if (by.kind === 'provider' && 'Running' in escrow.phase) {
      penalty += (escrow.vested_now * BigInt(by.penaltyBps)) / ALL_BPS;
    }
  }
  return { refund, kept: kept - penalty, penalty, frozen };
}

/** Where a period's money is, in words. */
export const PHASE_WORDS: Readonly<Record<PhaseName, string>> = {
  Quoted: 'Price locked, not paid',
  Lapsed: 'Not paid in time; nothing was taken',
  Depositing: 'The payment is being confirmed',
  Funded: 'Paid; nothing vests before its time begins',
  Running: 'Running: it vests second by second',
  Ended: 'Ended; the last part is still held back',
  Closed: 'Settled: everything is paid out',
};

/** What a transfer does, in words. */
export function purposeText({ purpose }: Treasury.Transfer): string {
  if ('Deposit' in purpose) return 'Payment into the escrow';
  if ('FeeWithdrawal' in purpose) return 'Fees to the platform';
  switch (armOf(purpose.Payout.party)) {
    case 'Payer':
      return 'Refund to the renter';
    case 'Provider':
      return 'Payout to the seller';
    case 'Author':
      return 'Payout to the recipe’s author';
    case 'Platform':
      return 'Fee to the platform';
  }
}

export interface TransferWords {
  readonly label: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'info';
  /** Empty if there is nothing to add. */
  readonly text: string;
  readonly block: bigint | undefined;
}

/** How far a transfer is, in words. */
export function transferWords({ status }: Treasury.Transfer): TransferWords {
  const common = { block: undefined, text: '' };
  if ('Paid' in status) {
    const [block] = status.Paid.block;
    return {
      label: block === undefined ? 'Arrived' : `Arrived, block ${block.toString()}`,
      tone: 'good',
      text: '',
      block,
    };
  }
  if ('Planned' in status) return { ...common, label: 'About to be sent', tone: 'info' };
  if ('InFlight' in status) return { ...common, label: 'On its way', tone: 'info' };
  if ('Retry' in status) {
    return {
      ...common,
      label: 'Sent again soon',
      tone: 'warn',
      text: 'The ledger did not answer for sure. The same transfer is sent again: it can happen only once.',
    };
  }
  if ('Reconcile' in status) {
    return {
      ...common,
      label: 'Being looked up',
      tone: 'warn',
      text: 'It is looked up on the ledger before anything is sent again.',
    };
  }
  if ('Failed' in status) {
    return { ...common, label: 'Did not happen', tone: 'bad', text: status.Failed.reason };
  }
  return { ...common, label: 'Needs a look', tone: 'bad', text: status.Parked.reason };
}

/** The ledger block of the newest refund to the renter, and how much came. */
export function refundOf(
  transfers: readonly Treasury.Transfer[],
):
  | { readonly amount: bigint; readonly block: bigint | undefined; readonly label: string }
  | undefined {
  const refunds = transfers.filter(
    ({ purpose }) => 'Payout' in purpose && 'Payer' in purpose.Payout.party,
  );
  const last = refunds.at(-1);
  if (last === undefined) return undefined;
  const { block, label } = transferWords(last);
  return { amount: last.amount, block, label };
}

/** For the uptime as the treasury counts it: from start to end or now, without pauses. */
export function slaTime(
  escrow: Escrow,
  nowNs: bigint,
): { readonly dueNs: bigint; readonly outageNs: bigint } {
  const [startedAtNs] = escrow.started_at_ns;
  if (startedAtNs === undefined) return { dueNs: 0n, outageNs: 0n };
  const endNs = 'Ended' in escrow.phase ? escrow.phase.Ended.end_at_ns : escrow.term_ends_at_ns[0];
  const until = endNs !== undefined && endNs < nowNs ? endNs : nowNs;
  const [since] = escrow.paused_since_ns;
  const openPause = since !== undefined && until > since ? until - since : 0n;
  const dueNs = until - startedAtNs - escrow.paused_ns - openPause;
  return { dueNs: dueNs > 0n ? dueNs : 0n, outageNs: escrow.outage_ns };
}
