import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDecimal } from '@decent-cloud/domain/amount.ts';
import {
  dueOf,
  leastPayment,
  mostToSend,
  parseSendAmount,
  parseTokenAmount,
  payWhyNot,
  tokensFor,
  usdOf,
} from './token-amount.service.ts';

const USDC = { symbol: 'ckUSDC', decimals: 6 };

describe('parseTokenAmount', () => {
  it('reads every exact amount back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), fc.nat(18), (amount, decimals) => {
        const text = formatDecimal({ amount, decimals });
        expect(parseTokenAmount(text, { symbol: 'T', decimals })).toEqual({
          kind: 'ok',
          value: amount,
        });
      }),
    );
  });

  it.each([
    ['', 'Type an amount.'],
    ['0', 'Type an amount above zero.'],
    ['0.000', 'Type an amount above zero.'],
    ['1,5', 'Write it with a point and without commas: 1234.5'],
    ['1e3', 'Type a number, such as 1.5'],
    ['-1', 'Type a number, such as 1.5'],
    ['.', 'Type a number, such as 1.5'],
    ['0.0000001', 'ckUSDC has at most 6 digits after the point.'],
  ])('refuses %j', (text, words) => {
    expect(parseTokenAmount(text, USDC)).toEqual({ kind: 'err', error: words });
  });

  it('takes what people leave out', () => {
    expect(parseTokenAmount(' .5 ', USDC)).toEqual({ kind: 'ok', value: 500_000n });
    expect(parseTokenAmount('5.', USDC)).toEqual({ kind: 'ok', value: 5_000_000n });
  });
});

describe('parseSendAmount', () => {
  const wallet = { ...USDC, balance: 1_000_000n, fee: 10_000n };

  it('counts the fee', () => {
    expect(parseSendAmount('0.99', wallet)).toEqual({ kind: 'ok', value: 990_000n });
    expect(parseSendAmount('0.990001', wallet)).toEqual({
      kind: 'err',
      error: 'With the fee that is more than you have. At most 0.99 ckUSDC.',
    });
    expect(parseSendAmount('1', { ...wallet, balance: 9_000n })).toEqual({
      kind: 'err',
      error: 'Your ckUSDC do not cover the ledger’s fee.',
    });
  });

  it('offers the most that is accepted', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), (balance) => {
        const most = mostToSend({ balance, fee: wallet.fee });
        const text = formatDecimal({ amount: most, decimals: USDC.decimals });
        expect(parseSendAmount(text, { ...wallet, balance }).kind).toBe(most > 0n ? 'ok' : 'err');
      }),
    );
  });
});

describe('value', () => {
  it('is never less in tokens than in dollars', () => {
    const positive = fc.bigInt({ min: 1n, max: 10n ** 16n });
    fc.assert(
      fc.property(positive, positive, fc.nat(18), (totalUsdE8, usdE8, decimals) => {
        const amount = tokensFor({ totalUsdE8, usdE8, decimals }) ?? 0n;
        expect(usdOf({ amount, usdE8, decimals }) >= totalUsdE8).toBe(true);
        expect(usdOf({ amount: amount - 1n, usdE8, decimals }) < totalUsdE8).toBe(true);
      }),
    );
  });

  it('is not known without a price', () => {
    expect(tokensFor({ totalUsdE8: 1n, usdE8: 0n, decimals: 6 })).toBeUndefined();
  });
});

describe('dueOf', () => {
  it('counts the fee of an approval that is still to be made', () => {
    expect(dueOf({ amount: 100n, ledgerFee: 10n, allowed: 109n })).toEqual({
      amount: 100n,
      allowance: 110n,
      needed: 120n,
    });
    expect(dueOf({ amount: 100n, ledgerFee: 10n, allowed: 110n }).needed).toBe(110n);
  });
});

describe('payWhyNot', () => {
  const token = { ...USDC, fee: 10_000n, minPayout: 150_000n };

  it('knows what is too little for a token', () => {
    expect(leastPayment(token)).toBe(200_000n);
    expect(leastPayment({ fee: 10n, minPayout: 500n })).toBe(500n);
    const usdE8 = 100_000_000n;
    expect(payWhyNot({ token, usdE8, totalUsdE8: 20_000_000n })).toBeUndefined();
    expect(payWhyNot({ token, usdE8, totalUsdE8: 19_999_900n })).toBe(
      'In ckUSDC a rental costs at least 0.2 ckUSDC: rent longer, or pay with another token.',
    );
  });

  it('knows a token without a price, and waits for a term', () => {
    expect(payWhyNot({ token, usdE8: undefined, totalUsdE8: 1n })).toContain('no reliable price');
    expect(payWhyNot({ token, usdE8: 1n, totalUsdE8: undefined })).toBeUndefined();
  });
});
