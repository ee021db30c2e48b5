import { describe, expect, it } from 'vitest';
import { err } from '@decent-cloud/domain/result.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../../core/ids.ts';
import { isPaid, isSettled } from '../../core/treasury/escrow-brief.ts';
import { givenSettings } from '../../testing/accounts.fake.ts';
import { fakeCanister } from '../../testing/fake-canister.fake.ts';
import { someTerms } from '../../testing/treasury-terms.fake.ts';
import { fakeTreasury } from '../../testing/treasury.fake.ts';
import type { TreasuryRefusal, TreasuryRequestLeaf } from './treasury-answer.ts';
import { askBriefs, askDeposit, askQuote, isSurelyUnpaid } from './treasury-client.ts';

function world() {
  const c = fakeCanister();
  givenSettings(c);
  const treasury = fakeTreasury(c);
  const quoted = async () => {
    const quote = await askQuote(c, someTerms());
    if (quote.kind === 'err') throw new Error(quote.error.message);
    return quote.value;
  };
  const pay = (escrowId: EscrowId, maxAmount = 10_000_000n) =>
    askDeposit(c, { escrowId, maxAmount: maxAmount as never, fromSubaccount: undefined });
  const briefOf = async (id: EscrowId) => {
    const briefs = await askBriefs(c, [id]);
    if (briefs.kind === 'err') throw new Error(briefs.error.message);
    const [brief] = briefs.value;
    if (brief === undefined) throw new Error('there is no such escrow');
    return brief;
  };
  return { c, treasury, quoted, pay, briefOf };
}

const request = (leaf: TreasuryRequestLeaf): TreasuryRefusal => ({
  kind: 'request',
  leaf,
  message: 'their words',
});

describe('askQuote', () => {
  it('gives the locked price', async () => {
    const { c, quoted } = world();
    expect(await quoted()).toEqual({
      escrowId: 0,
      amount: 10_000_000n,
      ledgerFee: 10n,
      tokenPriceUsdE8: 100_000_000n,
      priceAt: c.runtime.now,
      expiresAt: after(c.runtime.now, durationNs({ minutes: 10 })),
    });
  });

  it('asks nobody until controllers named the treasury', async () => {
    const c = fakeCanister();
    expect(await askQuote(c, someTerms())).toMatchObject({
      error: { leaf: { kind: 'not-configured' } },
    });
  });

  it.each(['before', 'after'] as const)('says so when the call fails %s', async (failing) => {
    const { c, treasury } = world();
    treasury.failing = failing;
    const quote = await askQuote(c, someTerms());
    expect(quote).toMatchObject({ error: { leaf: { kind: 'treasury-unavailable' } } });
  });

  it.each<[TreasuryRefusal, string]>([
    [request({ kind: 'unknown-token' }), 'unknown-token'],
    [request({ kind: 'token-disabled' }), 'token-disabled'],
    [request({ kind: 'invalid-argument', argument: 'total_usd_e8' }), 'payment-refused'],
    [request({ kind: 'not-configured' }), 'payment-refused'],
    [
      {
        kind: 'temporary',
        leaf: { kind: 'no-price', reason: 'r', lastGoodAt: undefined },
        message: 'their words',
      },
      'no-price',
    ],
  ])('passes a refusal on in its words: %o', async (refusal, kind) => {
    const { c, treasury } = world();
    treasury.refusals.quote = refusal;
    expect(await askQuote(c, someTerms())).toMatchObject({
      error: { kind: refusal.kind, leaf: { kind }, message: 'their words' },
    });
  });
});

describe('askDeposit', () => {
  it('gives the receipt', async () => {
    const { quoted, pay } = world();
    const { escrowId, amount } = await quoted();
    expect(await pay(escrowId)).toEqual({ kind: 'ok', value: { escrowId, amount, block: 1_000n } });
  });

  it.each<[TreasuryRequestLeaf, string]>([
    [{ kind: 'quote-expired', expiredAt: 5n as never }, 'quote-expired'],
    [{ kind: 'amount-above-max', amount: 5n as never }, 'amount-above-max'],
    [{ kind: 'price-moved' }, 'price-moved'],
    [{ kind: 'insufficient-allowance', needed: 5n as never }, 'insufficient-allowance'],
    [{ kind: 'insufficient-funds', balance: 5n as never }, 'insufficient-funds'],
    [{ kind: 'ledger-fee-changed', fee: 5n as never }, 'ledger-fee-changed'],
    [{ kind: 'invalid-argument', argument: 'from_subaccount' }, 'invalid-argument'],
    [{ kind: 'ledger-refused', reason: 'frozen' }, 'payment-refused'],
    [{ kind: 'quote-superseded' }, 'payment-refused'],
    [{ kind: 'too-many-attempts' }, 'payment-refused'],
    [{ kind: 'not-found' }, 'payment-refused'],
  ])('means by %o that nothing was taken', async (leaf, kind) => {
    const { treasury, quoted, pay } = world();
    const { escrowId } = await quoted();
    treasury.refusals.deposit = request(leaf);
    const paid = await pay(escrowId);
    expect(paid).toMatchObject({ error: { kind: 'request', leaf: { kind } } });
    expect(paid.kind === 'err' && isSurelyUnpaid(paid.error)).toBe(true);
  });

  it.each<[string, TreasuryRefusal]>([
    [
      'a payment under way',
      {
        kind: 'temporary',
        leaf: { kind: 'payment-pending', transferId: 1 },
        message: 'their words',
      },
    ],
    ['a paid quote', request({ kind: 'quote-used' })],
    ['a reason that is newer', { kind: 'temporary', leaf: undefined, message: '' }],
    ['a fault', { kind: 'internal', leaf: { kind: 'unexpected' }, message: '' }],
  ])('leaves open what %s means', async (_, refusal) => {
    const { treasury, quoted, pay } = world();
    const { escrowId } = await quoted();
    treasury.refusals.deposit = refusal;
    const paid = await pay(escrowId);
    expect(paid).toMatchObject({ error: { leaf: { kind: 'payment-pending' } } });
    expect(paid.kind === 'err' && isSurelyUnpaid(paid.error)).toBe(false);
  });

  it('took nothing if the call never arrived', async () => {
    const { treasury, quoted, pay, briefOf } = world();
    const { escrowId } = await quoted();
    treasury.failing = 'before';
    expect(await pay(escrowId)).toMatchObject({
      error: { leaf: { kind: 'treasury-unavailable' } },
    });
    treasury.failing = undefined;
    expect(await briefOf(escrowId)).toMatchObject({ phase: { kind: 'quoted' } });
  });

  it.each([4, 5, 6] as const)('does not know after a reject of code %i', async (code) => {
    const { c, quoted, pay } = world();
    const { escrowId } = await quoted();
    c.runtime.answerCall = () =>
      Promise.resolve(err({ kind: 'rejected', code, message: 'trapped' }));
    expect(await pay(escrowId)).toMatchObject({ error: { leaf: { kind: 'payment-pending' } } });
  });

  it('finds out by the brief when the answer was lost', async () => {
    const { treasury, quoted, pay, briefOf } = world();
    const { escrowId } = await quoted();
    treasury.failing = 'after';
    expect(await pay(escrowId)).toMatchObject({ error: { leaf: { kind: 'payment-pending' } } });
    treasury.failing = undefined;
    expect(isPaid(await briefOf(escrowId))).toBe(true);
    expect(await pay(escrowId)).toMatchObject({ error: { leaf: { kind: 'payment-pending' } } });
    expect(treasury.books.escrow(escrowId).deposited).toBe(10_000_000n);
  });
});

describe('askBriefs', () => {
  it('follows an escrow from the quote until it is settled', async () => {
    const { c, treasury, quoted, pay, briefOf } = world();
    const { escrowId, amount } = await quoted();
    expect(isPaid(await briefOf(escrowId))).toBe(false);
    await pay(escrowId);
    expect(await briefOf(escrowId)).toMatchObject({ phase: { kind: 'funded' }, deposited: amount });
    const { books } = treasury;
    books.fact({ escrowId, seq: 1, fact: { kind: 'started', at: c.runtime.now } });
    c.runtime.now = after(c.runtime.now, durationNs({ days: 15 }));
    const fact = { kind: 'ended', at: c.runtime.now, cause: 'provider-failed' } as const;
    books.fact({ escrowId, seq: 2, fact });
    const ended = await briefOf(escrowId);
    expect(ended).toMatchObject({
      phase: { kind: 'ended', cause: 'provider-failed' },
      payer: { open: amount / 2n },
    });
    expect(isSettled(ended)).toBe(false);
    books.settle(escrowId);
    const closed = await briefOf(escrowId);
    expect(isSettled(closed)).toBe(true);
    expect(closed.payer).toMatchObject({ paid: amount / 2n, open: 0n });
  });

  it('knows nothing of other numbers', async () => {
    const { c } = world();
    expect(await askBriefs(c, [9 as EscrowId])).toEqual({ kind: 'ok', value: [undefined] });
    expect(await askBriefs(c, [])).toEqual({ kind: 'ok', value: [] });
  });
});
