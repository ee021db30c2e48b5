import { describe, expect, it } from 'vitest';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { after, timestampNs } from '@decent-cloud/domain/time.ts';
import { DAY, HOUR, START, TOKEN, units, who } from '../../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../../testing/escrow-world.fake.ts';
import { emptyBook } from '../tokens/books.ts';
import { checkAcceptance } from './check-acceptance.ts';
import { addExposure, exposureSum, takeExposure } from './exposure.ts';

const usd = (amount: bigint) => amount as UsdE8;
const MINUTE = 60_000_000_000n;
const at = (minutes: number) => timestampNs(START + BigInt(minutes) * MINUTE);

function ask(world = new EscrowWorld()) {
  const { quote, escrow, now } = world;
  return {
    quote,
    escrow,
    now,
    token: TOKEN,
    caller: who.payer,
    maxAmount: quote.amount,
    book: emptyBook(who.ledger),
    price: {
      usdE8: quote.tokenPriceUsdE8,
      at: now,
      sourcesHash: new Uint8Array(32),
      exposureCapUsdE8: usd(10_000_000_000n),
    },
  };
}

function refusal(
  change: Partial<Parameters<typeof checkAcceptance>[0]>,
  world?: EscrowWorld,
): unknown {
  const checked = checkAcceptance({ ...ask(world), ...change });
  return checked.kind === 'err' ? checked.error : checked.value;
}

describe('checkAcceptance', () => {
  it('lets payer and rental pay, and counts the price of the quote', () => {
    expect(refusal({})).toEqual({ exposureUsdE8: 10_000_000_000n });
    expect(refusal({ caller: who.rental })).toEqual({ exposureUsdE8: 10_000_000_000n });
    expect(refusal({ caller: who.provider })).toEqual({ kind: 'not-allowed' });
  });

  it('ends with the ten minutes', () => {
    const { expiresAt } = ask().quote;
    expect(refusal({ now: timestampNs(expiresAt - 1n) })).toHaveProperty('exposureUsdE8');
    expect(refusal({ now: expiresAt })).toEqual({ kind: 'quote-expired', expiresAt });
  });

  it('takes no more than the payer allows', () => {
    expect(refusal({ maxAmount: units(9_999_999_999n) })).toEqual({
      kind: 'amount-above-max',
      amount: 10_000_000_000n,
    });
  });

  it('refuses a token that was switched off', () => {
    expect(refusal({ token: { ...TOKEN, isEnabled: false } })).toEqual({ kind: 'token-disabled' });
  });

  it.each([
    [97_000_000n, true],
    [96_999_999n, false],
    [1_000_000_000n, true],
  ])('at a price of %s instead of 100 000 000 is %s', (price, isAccepted) => {
    const moved = refusal({ price: { ...ask().price, usdE8: usd(price) } });
    expect(moved).toEqual(
      isAccepted
        ? { exposureUsdE8: 10_000_000_000n }
        : { kind: 'price-moved', quotedUsdE8: 100_000_000n, currentUsdE8: price },
    );
  });

  it('stops at the cap of the rolling hour, and not where there is no cap', () => {
    const exposure = addExposure([], { usdE8: usd(1n), at: START });
    const book = { ...emptyBook(who.ledger), exposure };
    expect(refusal({ book })).toEqual({
      kind: 'exposure-exceeded',
      acceptedUsdE8: 1n,
      capUsdE8: 10_000_000_000n,
    });
    expect(refusal({ book, price: { ...ask().price, exposureCapUsdE8: undefined } })).toEqual({
      exposureUsdE8: 10_000_000_000n,
    });
  });

  it('is once: a second payment meets the first', () => {
    const expired = new EscrowWorld();
    expired.runUntil(after(START, HOUR));
    const { expiresAt } = expired.quote;
    expect(refusal({}, expired)).toEqual({ kind: 'quote-expired', expiresAt });
    const superseded = { kind: 'lapsed', at: START } as const;
    expect(refusal({ escrow: { ...ask().escrow, phase: superseded } })).toEqual({
      kind: 'quote-lapsed',
    });
    const paid = new EscrowWorld();
    paid.deposit();
    expect(refusal({}, paid)).toEqual({ kind: 'already-paid' });
    paid.runUntil(after(START, DAY));
    expect(refusal({}, paid)).toEqual({ kind: 'already-paid' });
    const phase = { kind: 'depositing', transferId: 0 as never } as const;
    expect(refusal({ escrow: { ...ask().escrow, phase } })).toEqual({ kind: 'payment-pending' });
  });

  it('is possible again after the ledger surely took nothing', () => {
    const world = new EscrowWorld();
    world.fates = ['failed'];
    world.deposit();
    expect(world.escrow.phase).toEqual({ kind: 'quoted' });
    expect(world.escrow.liveTransfer).toBeUndefined();
    expect(exposureSum(world.state.books.get(who.ledger)?.exposure ?? [], START)).toBe(0n);
    expect(refusal({}, world)).toHaveProperty('exposureUsdE8');
  });
});

describe('exposure', () => {
  it('adds up within an hour and forgets after it', () => {
    let minutes = addExposure([], { usdE8: usd(5n), at: at(0) });
    minutes = addExposure(minutes, { usdE8: usd(7n), at: timestampNs(at(0) + 1n) });
    minutes = addExposure(minutes, { usdE8: usd(11n), at: at(30) });
    expect(minutes).toHaveLength(2);
    expect(exposureSum(minutes, at(59))).toBe(23n);
    expect(exposureSum(minutes, at(60))).toBe(23n);
    expect(exposureSum(minutes, at(61))).toBe(11n);
    expect(exposureSum(minutes, at(91))).toBe(0n);
    expect(addExposure(minutes, { usdE8: usd(1n), at: at(91) })).toHaveLength(1);
  });

  it('takes back what did not happen, once and not below nothing', () => {
    const minutes = addExposure([], { usdE8: usd(5n), at: at(3) });
    expect(exposureSum(takeExposure(minutes, { usdE8: usd(2n), at: at(3) }), at(3))).toBe(3n);
    expect(exposureSum(takeExposure(minutes, { usdE8: usd(9n), at: at(3) }), at(3))).toBe(0n);
    expect(exposureSum(takeExposure(minutes, { usdE8: usd(9n), at: at(4) }), at(4))).toBe(5n);
  });
});
