import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EarningRental } from '../api/earnings.api.ts';
import type { Treasury } from '../api/wire.ts';
import { earningsByMonth, expectedOf, firstMonthNs } from './earnings.service.ts';

const NOW_MS = Date.UTC(2026, 10, 23);
const HOUR_MS = 3_600_000;
const ICP = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const USDC = Principal.fromText('xevnm-gaaaa-aaaar-qafnq-cai');
type Row = Parameters<typeof earningsByMonth>[0][number];

const ns = (ms: number): bigint => BigInt(ms) * 1_000_000n;

function payout(change: Partial<Row> = {}): Row {
  return {
    party: { Provider: null },
    ledger: ICP,
    symbol: 'ICP',
    decimals: 8,
    amount: 100n,
    fee_borne: 1n,
    paid_at_ns: [ns(Date.UTC(2026, 10, 5))],
    usd_e8: [500n],
    ...change,
  };
}

function byMonth(rows: readonly Row[], months = 3) {
  return earningsByMonth(rows, { nowMs: NOW_MS, months });
}

describe('earningsByMonth', () => {
  it('has every month up to the one that runs, the oldest first', () => {
    expect(byMonth([]).map(({ month, tokens }) => [month, tokens.length])).toEqual([
      ['2026-09', 0],
      ['2026-10', 0],
      ['2026-11', 0],
    ]);
  });

  it('sums each token by itself, and dollars over all', () => {
    const [, , november] = byMonth([
      payout(),
      payout({ party: { Author: null }, amount: 7n, fee_borne: 0n, usd_e8: [] }),
      payout({ ledger: USDC, symbol: 'ckUSDC', decimals: 6, amount: 3n, usd_e8: [11n] }),
    ]);
    expect(november).toMatchObject({ month: '2026-11', usdE8: 511n, unpriced: 1 });
    expect(november?.tokens).toMatchObject([
      { symbol: 'ICP', amount: 107n, feeBorne: 1n, payouts: 2, usdE8: 500n, unpriced: 1 },
      { symbol: 'ckUSDC', decimals: 6, amount: 3n, payouts: 1, usdE8: 11n, unpriced: 0 },
    ]);
  });

  it('leaves out refunds, what has not arrived, and what came before', () => {
    const months = byMonth([
      payout({ party: { Payer: null } }),
      payout({ paid_at_ns: [] }),
      payout({ paid_at_ns: [ns(Date.UTC(2026, 7, 31, 23, 59, 59))] }),
    ]);
    expect(months.every(({ tokens }) => tokens.length === 0)).toBe(true);
  });

  it('counts the first and the last moment of a month in UTC', () => {
    const [september, october, november] = byMonth([
      payout({ paid_at_ns: [ns(Date.UTC(2026, 9, 1) - 1)], amount: 1n }),
      payout({ paid_at_ns: [ns(Date.UTC(2026, 9, 1))], amount: 2n }),
      payout({ paid_at_ns: [ns(Date.UTC(2026, 10, 1) - 1)], amount: 3n }),
      payout({ paid_at_ns: [ns(Date.UTC(2026, 10, 1))], amount: 4n }),
    ]);
    expect([september, october, november].map((one) => one?.tokens[0]?.amount)).toEqual([
      1n,
      5n,
      4n,
    ]);
  });

  it('neither loses nor adds a unit, however large the amounts', () => {
    const amounts = fc.array(
      fc.record({ amount: fc.bigInt({ min: 0n, max: 2n ** 100n }), month: fc.nat({ max: 2 }) }),
    );
    fc.assert(
      fc.property(amounts, (rows) => {
        const payouts = rows.map(({ amount, month }) =>
          payout({ amount, paid_at_ns: [ns(Date.UTC(2026, 8 + month, 2))] }),
        );
        const tokens = byMonth(payouts).flatMap((month) => month.tokens);
        const sum = (list: readonly { readonly amount: bigint }[]): bigint =>
          list.reduce((total, { amount }) => total + amount, 0n);
        expect(sum(tokens)).toBe(sum(rows));
      }),
    );
  });
});

describe('firstMonthNs', () => {
  it('is the beginning of the first month that is shown', () => {
    expect(firstMonthNs({ nowMs: NOW_MS, months: 12 })).toBe(ns(Date.UTC(2025, 11, 1)));
  });
});

describe('expectedOf', () => {
  const BOOK = { credited: 0n, paid: 0n, fees: 0n, open: 0n };

  function escrow(id: bigint, change: Partial<Treasury.Escrow>): Treasury.Escrow {
    const part: Partial<Treasury.Escrow> = {
      escrow_id: id,
      ledger: ICP,
      phase: { Running: { started_at_ns: 0n } },
      deposited: 1_000n,
      vested_now: 10n,
      books: {
        payer: BOOK,
        provider: { ...BOOK, credited: 5n, open: 2n },
        author: BOOK,
        platform: BOOK,
      },
      dispute: [],
      started_at_ns: [0n],
      next_release_at_ns: [],
      payouts_not_before_ns: [],
      term_ends_at_ns: [ns(NOW_MS)],
      ...change,
    };
    return part as Treasury.Escrow;
  }

  function rows(...escrows: readonly Treasury.Escrow[]) {
    const row = { rental_id: 4n, title: 'T' } as EarningRental['row'];
    return expectedOf([{ row, escrows }]);
  }

  it('shows the seller’s book, what comes next first', () => {
    const found = rows(
      escrow(1n, {}),
      escrow(2n, { next_release_at_ns: [ns(NOW_MS - 5)] }),
      escrow(3n, { phase: { Funded: { at_ns: 0n } }, term_ends_at_ns: [] }),
    );
    expect(found.map(({ escrowId }) => escrowId)).toEqual([2n, 1n, 3n]);
    expect(found[0]).toMatchObject({
      rentalId: 4n,
      credited: 5n,
      open: 2n,
      isAfterEnd: false,
      isStarted: true,
    });
  });

  it('names the end of the hold-back if nothing is released before the end', () => {
    const [row] = rows(escrow(1n, {}));
    expect(row).toMatchObject({ isAfterEnd: true, nextReleaseAtMs: NOW_MS + 48 * HOUR_MS });
  });

  it('leaves out what is over or was never paid, and promises no time in a dispute', () => {
    const cause = { TermEnded: null };
    expect(
      rows(
        escrow(1n, { phase: { Closed: { at_ns: 0n, cause } } }),
        escrow(2n, { phase: { Lapsed: { at_ns: 0n } } }),
        escrow(3n, { phase: { Quoted: null }, deposited: 0n }),
      ),
    ).toEqual([]);
    const dispute = [{} as Treasury.Dispute] as [Treasury.Dispute];
    expect(rows(escrow(1n, { dispute }))[0]).toMatchObject({
      isDisputed: true,
      nextReleaseAtMs: undefined,
    });
  });
});
