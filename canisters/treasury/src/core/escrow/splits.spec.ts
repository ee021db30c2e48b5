import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bps, units } from '../../testing/escrow-terms.fake.ts';
import { addCredits, EMPTY_BOOKS, NO_CREDITS } from './party-book.ts';
import { sharesOf, sharesUpTo } from './splits.ts';

const split = fc.record({
  platformBps: fc.constant(bps(300)),
  authorBps: fc.integer({ min: 0, max: 1_000 }).map(bps),
});
const amount = fc.bigInt({ min: 0n, max: 10n ** 24n }).map(units);

describe('sharesOf', () => {
  it.each([
    // total, provider, author, platform at 5 % and 3 %
    [10_000n, 9_200n, 500n, 300n],
    [1n, 1n, 0n, 0n],
    [19n, 19n, 0n, 0n],
    [20n, 19n, 1n, 0n],
    [33n, 32n, 1n, 0n],
    [34n, 32n, 1n, 1n],
    [999_999n, 920_001n, 49_999n, 29_999n],
  ])('divides %s into %s, %s and %s', (total, provider, author, platform) => {
    const shares = sharesOf({ platformBps: bps(300), authorBps: bps(500) }, units(total));
    expect(shares).toEqual({ provider, author, platform });
  });

  it('adds up exactly, and rounds only in favour of the provider', () => {
    fc.assert(
      fc.property(split, amount, (rates, total) => {
        const { provider, author, platform } = sharesOf(rates, total);
        expect(provider + author + platform).toBe(total);
        expect(author * 10_000n).toBeLessThanOrEqual(total * BigInt(rates.authorBps));
        expect(platform * 10_000n).toBeLessThanOrEqual(total * 300n);
        const lost = total * BigInt(rates.authorBps + 300) - (author + platform) * 10_000n;
        expect(lost).toBeLessThan(20_000n);
      }),
    );
  });
});

describe('sharesUpTo', () => {
  it('gives in many releases exactly what one release would give', () => {
    fc.assert(
      fc.property(split, fc.array(amount, { minLength: 1, maxLength: 20 }), (rates, parts) => {
        let books = EMPTY_BOOKS;
        let total = 0n;
        for (const part of parts) {
          total += part;
          const shares = sharesUpTo({ split: rates, books, total: units(total) });
          expect(shares.provider + shares.author + shares.platform).toBe(part);
          books = addCredits(books, { ...NO_CREDITS, ...shares });
        }
        const whole = sharesOf(rates, units(total));
        const lent = books.provider.credited - whole.provider;
        expect([0n, 1n]).toContain(lent);
        expect(books.author.credited).toBe(whole.author);
        expect(books.platform.credited).toBe(whole.platform - lent);
      }),
    );
  });

  it('lets the platform wait for a unit that rounding would take from the provider', () => {
    const rates = { platformBps: bps(300), authorBps: bps(500) };
    const upTo = (books: typeof EMPTY_BOOKS, total: bigint) =>
      sharesUpTo({ split: rates, books, total: units(total) });
    const first = upTo(EMPTY_BOOKS, 99n);
    expect(first).toEqual({ provider: 93n, author: 4n, platform: 2n });
    const books = addCredits(EMPTY_BOOKS, { ...NO_CREDITS, ...first });
    const second = upTo(books, 100n);
    expect(second).toEqual({ provider: 0n, author: 1n, platform: 0n });
    const third = upTo(addCredits(books, { ...NO_CREDITS, ...second }), 101n);
    expect(third).toEqual({ provider: 0n, author: 0n, platform: 1n });
  });

  it('is exact and takes nothing back, unit by unit', () => {
    fc.assert(
      fc.property(split, fc.bigInt({ min: 0n, max: 20_000n }), (rates, start) => {
        let books = EMPTY_BOOKS;
        for (let total = start; total < start + 40n; total += 1n) {
          const shares = sharesUpTo({ split: rates, books, total: units(total) });
          books = addCredits(books, { ...NO_CREDITS, ...shares });
          const { provider, author, platform } = books;
          expect(provider.credited + author.credited + platform.credited).toBe(total);
        }
      }),
    );
  });

  it('never takes a credit back', () => {
    const books = addCredits(EMPTY_BOOKS, { ...NO_CREDITS, provider: units(100n) });
    const rates = { platformBps: bps(300), authorBps: bps(0) };
    expect(() => sharesUpTo({ split: rates, books, total: units(50n) })).toThrow(/taken back/);
  });
});
