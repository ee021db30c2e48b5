import { HOLD_BACK_HOURS } from '@decent-cloud/domain/fees.ts';
import type { EarningRental } from '../api/earnings.api.ts';
import type { Treasury } from '../api/wire.ts';
import { msOfNs } from './format.service.ts';
import { monthKey } from './statement.service.ts';
import { armOf } from './variant.service.ts';

/** What arrived of one token in a month. Amounts in the token's smallest unit. */
export interface TokenEarnings {
  readonly ledger: string;
  readonly symbol: string;
  readonly decimals: number;
  readonly amount: bigint;
  /** Of the ledgers' fees, what the receiver bore besides. */
  readonly feeBorne: bigint;
  readonly payouts: number;
  /** What it was worth when it was paid, in US dollars × 10^8; without those that had no price. */
  readonly usdE8: bigint;
  readonly unpriced: number;
}

export interface MonthEarnings {
  /** `2026-11`, in UTC. */
  readonly month: string;
  readonly usdE8: bigint;
  /** Payouts whose value in dollars is not known. */
  readonly unpriced: number;
  readonly tokens: readonly TokenEarnings[];
}

type Row = Pick<
  Treasury.Payout,
  'party' | 'ledger' | 'symbol' | 'decimals' | 'amount' | 'fee_borne' | 'paid_at_ns' | 'usd_e8'
>;

/**
 * What was earned, month by month, the oldest first and without gaps up to the month that runs: only
 * what has arrived, and no refunds. Months are counted in UTC by when it was paid.
 */
export function earningsByMonth(
  payouts: readonly Row[],
  span: { readonly nowMs: number; readonly months: number },
): readonly MonthEarnings[] {
  const months = lastMonths(span);
  return months.map((month) =>
    monthOf(
      month,
      payouts.filter((row) => isEarnedIn(row, month)),
    ),
  );
}

/** True for what came of selling or writing recipes; false for a refund. */
export function isEarning({ party }: Pick<Treasury.Payout, 'party'>): boolean {
  return 'Provider' in party || 'Author' in party;
}

/** When the first of those months begins, in nanoseconds. */
export function firstMonthNs({ nowMs, months }: SpanOfMonths): bigint {
  const now = new Date(nowMs);
  const startMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1 - months, 1);
  return BigInt(startMs) * 1_000_000n;
}

interface SpanOfMonths {
  readonly nowMs: number;
  readonly months: number;
}

function lastMonths({ nowMs, months }: SpanOfMonths): readonly string[] {
  const now = new Date(nowMs);
  return Array.from({ length: months }, (_, index) =>
    monthKey(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1 - months + index, 1)),
  );
}

function isEarnedIn(row: Row, month: string): boolean {
  const [paidAt] = row.paid_at_ns;
  return isEarning(row) && paidAt !== undefined && monthKey(msOfNs(paidAt)) === month;
}

function monthOf(month: string, rows: readonly Row[]): MonthEarnings {
  const ledgers = new Map<string, Row[]>();
  for (const row of rows) {
    const ledger = row.ledger.toText();
    const known = ledgers.get(ledger);
    if (known === undefined) ledgers.set(ledger, [row]);
    else known.push(row);
  }
  const tokens = [...ledgers].map(([ledger, own]) => tokenOf(ledger, own));
  return {
    month,
    tokens,
    usdE8: tokens.reduce((sum, { usdE8 }) => sum + usdE8, 0n),
    unpriced: tokens.reduce((sum, { unpriced }) => sum + unpriced, 0),
  };
}

function tokenOf(ledger: string, rows: readonly Row[]): TokenEarnings {
  const [first] = rows;
  return {
    ledger,
    symbol: first?.symbol ?? '',
    decimals: first?.decimals ?? 0,
    amount: rows.reduce((sum, { amount }) => sum + amount, 0n),
    feeBorne: rows.reduce((sum, row) => sum + row.fee_borne, 0n),
    payouts: rows.length,
    usdE8: rows.reduce((sum, { usd_e8: [usd] }) => sum + (usd ?? 0n), 0n),
    unpriced: rows.filter(({ usd_e8: usd }) => usd.length === 0).length,
  };
}

/** A paid period that still earns, or has not paid out everything. */
export interface Expected {
  readonly rentalId: bigint;
  readonly title: string;
  readonly escrowId: bigint;
  readonly ledger: string;
  /** Of the deposit, what has vested by now: of all parties. */
  readonly vested: bigint;
  readonly deposited: bigint;
  /** The seller's: theirs for good, and of that what has not arrived. */
  readonly credited: bigint;
  readonly open: bigint;
  /** When more is released; undefined while a dispute holds everything, or it has not started. */
  readonly nextReleaseAtMs: number | undefined;
  /** Nothing is released before the end any more: this is when its rest is, if it ends in time. */
  readonly isAfterEnd: boolean;
  /** Payouts wait until then. */
  readonly waitsUntilMs: number | undefined;
  readonly isDisputed: boolean;
  readonly isStarted: boolean;
}

const HOUR_MS = 3_600_000;

/** What is still to come, what comes next first. */
export function expectedOf(rentals: readonly EarningRental[]): readonly Expected[] {
  const rows = rentals.flatMap(({ row, escrows }) =>
    escrows.filter(isEarningStill).map((escrow) => expectedRow(row, escrow)),
  );
  return rows.sort(
    (one, other) => (one.nextReleaseAtMs ?? Infinity) - (other.nextReleaseAtMs ?? Infinity),
  );
}

function isEarningStill({ phase, deposited }: Treasury.Escrow): boolean {
  const name = armOf(phase);
  return deposited > 0n && name !== 'Closed' && name !== 'Lapsed';
}

/** What is kept back is released so long after the end of the term. */
function afterEndMs({ phase, dispute, term_ends_at_ns: [endsAt] }: Treasury.Escrow) {
  if (!('Running' in phase) || dispute.length > 0 || endsAt === undefined) return undefined;
  return msOfNs(endsAt) + HOLD_BACK_HOURS * HOUR_MS;
}

function expectedRow(row: EarningRental['row'], escrow: Treasury.Escrow): Expected {
  const [nextRelease] = escrow.next_release_at_ns;
  const [waitsUntil] = escrow.payouts_not_before_ns;
  const atEndMs = afterEndMs(escrow);
  return {
    rentalId: row.rental_id,
    title: row.title,
    escrowId: escrow.escrow_id,
    ledger: escrow.ledger.toText(),
    vested: escrow.vested_now,
    deposited: escrow.deposited,
    credited: escrow.books.provider.credited,
    open: escrow.books.provider.open,
    nextReleaseAtMs: nextRelease === undefined ? atEndMs : msOfNs(nextRelease),
    isAfterEnd: nextRelease === undefined && atEndMs !== undefined,
    waitsUntilMs: waitsUntil === undefined ? undefined : msOfNs(waitsUntil),
    isDisputed: escrow.dispute.length > 0,
    isStarted: escrow.started_at_ns.length > 0,
  };
}
