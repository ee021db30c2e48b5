import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { START, TERMS, TOKEN, units, who } from '../../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../../testing/escrow-world.fake.ts';
import type { EscrowId } from '../ids.ts';
import { checkNewQuote } from './check-new-quote.ts';
import { amountFor, makeQuote } from './make-quote.ts';

const usd = (amount: bigint) => amount as UsdE8;

describe('amountFor', () => {
  it.each([
    // dollars e8, price e8, decimals
    [10_000_000_000n, 100_000_000n, 8, 10_000_000_000n],
    [10_000_000_000n, 2_000_000n, 9, 5_000_000_000_000n],
    [100n, 300n, 0, 1n],
    [1_000_000_000n, 300_000_000n, 8, 333_333_334n],
    [1n, 10n ** 16n, 8, 1n],
  ])('for %s at %s with %i decimals is %s', (total, price, decimals, amount) => {
    const input = { totalUsdE8: usd(total), tokenPriceUsdE8: usd(price), decimals };
    expect(amountFor(input)).toBe(amount);
  });

  it('is worth the price, and one unit less would not be', () => {
    const positive = fc.bigInt({ min: 1n, max: 10n ** 15n });
    fc.assert(
      fc.property(positive, positive, fc.nat(24), (total, price, decimals) => {
        const input = { totalUsdE8: usd(total), tokenPriceUsdE8: usd(price), decimals };
        const amount = amountFor(input);
        const worth = (units: bigint) => units * price;
        const asked = total * 10n ** BigInt(decimals);
        expect(worth(amount)).toBeGreaterThanOrEqual(asked);
        expect(worth(amount - 1n)).toBeLessThan(asked);
      }),
    );
  });
});

describe('makeQuote', () => {
  const price = {
    usdE8: usd(200_000_000n),
    at: START,
    sourcesHash: new Uint8Array(32).fill(7),
    exposureCapUsdE8: undefined,
  };
  const settings = { rental: who.rental, arbiter: who.arbiter, tokenValue: who.stranger };
  const input = { id: 3 as EscrowId, terms: TERMS, token: TOKEN, price, settings, now: START };

  it('freezes amount, fee, minimum, price and who decides', () => {
    expect(makeQuote(input)).toEqual({
      kind: 'ok',
      value: {
        id: 3,
        terms: TERMS,
        amount: 5_000_000_000n,
        ledgerFee: 10_000n,
        minPayout: 100_000n,
        tokenPriceUsdE8: 200_000_000n,
        priceAt: START,
        sourcesHash: price.sourcesHash,
        createdAt: START,
        expiresAt: START + 600_000_000_000n,
        reporter: who.rental,
        arbiter: who.arbiter,
      },
    });
  });

  it('refuses a disabled token, and amounts that fees would eat', () => {
    expect(makeQuote({ ...input, token: { ...TOKEN, isEnabled: false } })).toEqual({
      kind: 'err',
      error: { kind: 'token-disabled' },
    });
    const dear = { ...TOKEN, fee: units(250_000_001n) };
    expect(makeQuote({ ...input, token: dear })).toEqual({
      kind: 'err',
      error: { kind: 'amount-too-small', amount: 5_000_000_000n, minimum: 5_000_000_020n },
    });
  });
});

describe('checkNewQuote', () => {
  it('replaces an unpaid quote, waits for a payment, and is free otherwise', () => {
    const world = new EscrowWorld();
    expect(checkNewQuote(undefined)).toEqual({ kind: 'fresh' });
    expect(checkNewQuote(world.escrow)).toEqual({ kind: 'supersedes', escrowId: 0 });
    const phase = { kind: 'depositing', transferId: 0 as never } as const;
    expect(checkNewQuote({ ...world.escrow, phase })).toEqual({
      kind: 'payment-pending',
      escrowId: 0,
    });
    world.deposit();
    expect(checkNewQuote(world.escrow)).toEqual({ kind: 'fresh' });
  });
});
