import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  costOf,
  firstTerm,
  lengthText,
  parseTerm,
  priceOfTerm,
  pricesOf,
  unitsOf,
  type TermRule,
} from './rent-term.service.ts';

const HOUR = 3_600_000_000_000n;
const DAY = 24n * HOUR;
const RULE: TermRule = {
  minNs: HOUR,
  maxNs: 365n * DAY,
  pricePerMonthUsdE8: 740_000_000n,
  noticeNs: 0n,
};

describe('parseTerm', () => {
  it('counts months as 30 days', () => {
    expect(parseTerm({ count: '2', unit: 'months' }, RULE)).toEqual({
      kind: 'ok',
      value: 60n * DAY,
    });
    expect(parseTerm({ count: ' 72 ', unit: 'hours' }, RULE)).toEqual({
      kind: 'ok',
      value: 3n * DAY,
    });
  });

  it.each([
    ['', 'Type a whole number of days.'],
    ['1.5', 'Type a whole number of days.'],
    ['-1', 'Type a whole number of days.'],
    ['1e3', 'Type a whole number of days.'],
    ['9999999999', 'Type a whole number of days.'],
    ['0', 'The shortest term of this offer is 1 hour.'],
    ['366', 'The longest term of this offer is 365 days.'],
  ])('refuses %j', (count, words) => {
    expect(parseTerm({ count, unit: 'days' }, RULE)).toEqual({ kind: 'err', error: words });
  });
});

describe('priceOfTerm', () => {
  it('rounds up, and a month costs the price of a month', () => {
    expect(pricesOf(740_000_000n)).toEqual({
      hour: 1_027_778n,
      day: 24_666_667n,
      month: 740_000_000n,
    });
  });

  it('never takes less for longer, and never more than its parts', () => {
    const term = fc.bigInt({ min: 1n, max: 400n * DAY });
    const price = fc.bigInt({ min: 0n, max: 10_000_000_000_000n });
    fc.assert(
      fc.property(price, term, term, (pricePerMonthUsdE8, one, other) => {
        const both = priceOfTerm({ pricePerMonthUsdE8, termNs: one + other });
        const first = priceOfTerm({ pricePerMonthUsdE8, termNs: one });
        const second = priceOfTerm({ pricePerMonthUsdE8, termNs: other });
        expect(both >= first && both <= first + second).toBe(true);
      }),
    );
  });
});

describe('costOf', () => {
  it('gives everything back without a notice', () => {
    const { totalUsdE8, refundableUsdE8 } = costOf(30n * DAY, RULE);
    expect([totalUsdE8, refundableUsdE8]).toEqual([740_000_000n, 740_000_000n]);
  });

  it('keeps the price of the notice, and never more than the total', () => {
    const rule = { ...RULE, noticeNs: 3n * DAY };
    expect(costOf(30n * DAY, rule).refundableUsdE8).toBe(666_000_000n);
    expect(costOf(DAY, rule).refundableUsdE8).toBe(0n);
  });
});

describe('unitsOf and firstTerm', () => {
  it('offer what the offer allows', () => {
    expect(unitsOf(RULE)).toEqual(['hours', 'days', 'months']);
    expect(unitsOf({ minNs: HOUR, maxNs: 12n * HOUR })).toEqual(['hours']);
    expect(firstTerm(RULE)).toEqual({ count: '1', unit: 'months' });
    expect(firstTerm({ minNs: HOUR, maxNs: 14n * DAY })).toEqual({ count: '14', unit: 'days' });
    expect(firstTerm({ minNs: 45n * DAY, maxNs: 90n * DAY })).toEqual({
      count: '2',
      unit: 'months',
    });
  });

  it('begin with a term that is allowed', () => {
    const length = fc.bigInt({ min: 1n, max: 366n * 24n });
    fc.assert(
      fc.property(length, length, (one, other) => {
        const [min, max] = one < other ? [one, other] : [other, one];
        const rule = { ...RULE, minNs: min * HOUR, maxNs: max * HOUR };
        expect(parseTerm(firstTerm(rule), rule).kind).toBe('ok');
      }),
    );
  });
});

describe('lengthText', () => {
  it.each([
    [HOUR, '1 hour'],
    [72n * HOUR, '3 days'],
    [DAY, '1 day'],
    [30n * DAY, '30 days'],
    [90n * 60_000_000_000n, '1.5 hours'],
    [45n * 60_000_000_000n, '45 minutes'],
    [0n, '0 minutes'],
  ])('%s ns is %s', (ns, text) => {
    expect(lengthText(ns)).toBe(text);
  });
});
