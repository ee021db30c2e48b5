import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { Treasury } from '../api/wire.ts';
import { isWhole, solvencyTerms, solvencyVerdict } from './solvency.service.ts';

const BOOKS: Treasury.Solvency = {
  ledger: Principal.anonymous(),
  symbol: 'ckUSDC',
  decimals: 6,
  ledger_balance: 10_500_000n,
  escrow: 8_000_000n,
  owed: 2_000_000n,
  fees: 500_000n,
  difference: 0n,
  surplus: 0n,
  shortfall: 0n,
  parked_count: 0n,
  open_escrow_count: 3n,
  escrows_audited_at_ns: [],
  platform_audited_at_ns: [],
};

describe('solvencyTerms', () => {
  it('gives each part in whole tokens', () => {
    expect(solvencyTerms(BOOKS).map(({ text }) => text)).toEqual([
      '8 ckUSDC',
      '2 ckUSDC',
      '0.5 ckUSDC',
      '0 ckUSDC',
    ]);
  });
});

describe('solvencyVerdict', () => {
  it('is good when nothing is off', () => {
    expect(solvencyVerdict([BOOKS, BOOKS])).toEqual({
      isGood: true,
      text: 'All 2 tokens add up: 0 off in each.',
    });
  });

  it.each([
    { desc: 'a difference', books: { ...BOOKS, difference: -1n } },
    { desc: 'a shortfall', books: { ...BOOKS, shortfall: 1n } },
  ])('names the token with $desc', ({ books }) => {
    expect(isWhole(books)).toBe(false);
    expect(solvencyVerdict([BOOKS, books])).toMatchObject({
      isGood: false,
      text: 'ckUSDC: the books and the ledger differ.',
    });
  });
});
