import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import {
  divCeil,
  divFloor,
  formatDecimal,
  parseAmount,
  parseBasisPoints,
  parseDecimal,
  type TokenUnits,
} from './amount.ts';

describe('parseDecimal', () => {
  it.each([
    { text: '1.5', decimals: 8, expected: 150_000_000n },
    { text: '0', decimals: 0, expected: 0n },
    { text: '007', decimals: 2, expected: 700n },
    { text: '0.00000001', decimals: 8, expected: 1n },
    { text: '12345678901234567890.123456', decimals: 6, expected: 12345678901234567890123456n },
  ])('reads $text with $decimals decimals', ({ text, decimals, expected }) => {
    expect(parseDecimal({ text, decimals })).toEqual({ kind: 'ok', value: expected });
  });

  it.each(['', '.', '1.', '.5', '-1', '+1', '1e3', '1,000', '0x10', ' 1', '1 ', '١', '1.2.3'])(
    'refuses %j',
    (text) => {
      expect(parseDecimal({ text, decimals: 8 })).toEqual({
        kind: 'err',
        error: { kind: 'not-a-number', text },
      });
    },
  );

  it('refuses more decimals than the unit has instead of rounding', () => {
    expect(parseDecimal({ text: '1.001', decimals: 2 })).toEqual({
      kind: 'err',
      error: { kind: 'too-many-decimals', text: '1.001', decimals: 2 },
    });
  });

  it('reads back what formatDecimal writes', () => {
    const amounts = fc.bigInt({ min: 0n, max: 10n ** 40n });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 24 }), (amount, decimals) => {
        const text = formatDecimal({ amount, decimals });
        expect(parseDecimal({ text, decimals })).toEqual({ kind: 'ok', value: amount });
      }),
    );
  });
});

describe('formatDecimal', () => {
  it.each([
    { amount: 150_000_000n, decimals: 8, expected: '1.5' },
    { amount: 0n, decimals: 8, expected: '0' },
    { amount: 5n, decimals: 8, expected: '0.00000005' },
    { amount: -5n, decimals: 1, expected: '-0.5' },
    { amount: 1_000n, decimals: 0, expected: '1000' },
  ])('writes $amount with $decimals decimals as $expected', ({ amount, decimals, expected }) => {
    expect(formatDecimal({ amount, decimals })).toBe(expected);
  });
});

describe('divFloor and divCeil', () => {
  const division = fc.record({
    dividend: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    divisor: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }).filter((divisor) => divisor !== 0n),
  });

  it('bracket the exact quotient by less than one', () => {
    fc.assert(
      fc.property(division, ({ dividend, divisor }) => {
        const sign = divisor < 0n ? -1n : 1n;
        const size = divisor * sign;
        const floor = divFloor({ dividend, divisor });
        const ceil = divCeil({ dividend, divisor });
        const remainder = dividend * sign - floor * size;
        expect(remainder >= 0n && remainder < size).toBe(true);
        expect(ceil - floor).toBe(remainder === 0n ? 0n : 1n);
      }),
    );
  });

  it('refuse to divide by zero', () => {
    expect(() => divFloor({ dividend: 1n, divisor: 0n })).toThrow('BUG: division by zero');
    expect(() => divCeil({ dividend: 1n, divisor: 0n })).toThrow('BUG: division by zero');
  });
});

describe('parseAmount and parseBasisPoints', () => {
  it('refuse a negative amount', () => {
    expect(parseAmount<TokenUnits>(-1n)).toEqual({ kind: 'err', error: { kind: 'negative' } });
    expect(parseAmount<TokenUnits>(0n)).toEqual({ kind: 'ok', value: 0n });
  });

  it.each([0, 1, 10_000])('accept a share of %d', (raw) => {
    expect(parseBasisPoints(raw)).toEqual({ kind: 'ok', value: raw });
  });

  it.each([-1, 10_001, 0.5, Number.NaN])('refuse a share of %d', (raw) => {
    expect(parseBasisPoints(raw).kind).toBe('err');
  });
});
