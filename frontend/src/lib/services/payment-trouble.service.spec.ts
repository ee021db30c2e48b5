import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { LedgerRefusal, ledgerRefusalOf } from '../api/ledger-refusal.ts';
import { Refusal } from '../api/refusal.ts';
import { payOutcomeOf, paymentTroubleOf } from './payment-trouble.service.ts';

const TOKEN = { symbol: 'ckUSDC', decimals: 6 };
const LEDGER = 'xevnm-gaaaa-aaaar-qafnq-cai';

function refused(leaf: string, details: unknown = null): Refusal {
  return new Refusal({ kind: { RequestError: [{ [leaf]: details }] }, message: 'The words.' });
}

function postponed(leaf: string, details: unknown = null): Refusal {
  return new Refusal({ kind: { TemporaryError: [{ [leaf]: details }] }, message: 'The words.' });
}

function remedyOf(error: unknown) {
  const outcome = payOutcomeOf(error, TOKEN);
  return outcome.kind === 'refused' ? outcome.problem.remedy : outcome.kind;
}

describe('payOutcomeOf', () => {
  it.each([
    ['QuoteExpired', { kind: 'lock-again' }],
    ['PriceMoved', { kind: 'lock-again' }],
    ['AmountAboveMax', { kind: 'lock-again' }],
    ['LedgerFeeChanged', { kind: 'lock-again' }],
    ['InsufficientAllowance', { kind: 'try-again' }],
    ['InsufficientFunds', { kind: 'deposit' }],
    ['TokenDisabled', { kind: 'other-token', ledgers: [] }],
    ['CatalogueStale', { kind: 'other-offer' }],
    ['OfferingUnavailable', { kind: 'other-offer' }],
    ['NotAllowed', { kind: 'other-login' }],
    ['WrongState', { kind: 'my-rentals' }],
    ['InvalidArgument', { kind: 'settings' }],
  ])('after %s offers what helps', (leaf, remedy) => {
    expect(remedyOf(refused(leaf))).toEqual(remedy);
  });

  it('offers machines that can be had, and other offers if there are none', () => {
    const alternatives = BigUint64Array.from([1n, 2n]);
    const some = refused('NotOrderable', { reason: 'sold out', alternatives });
    expect(remedyOf(some)).toEqual({ kind: 'other-machine', choices: [1, 2] });
    const none = refused('NotOrderable', {
      reason: 'sold out',
      alternatives: new BigUint64Array(),
    });
    expect(remedyOf(none)).toEqual({ kind: 'other-offer' });
  });

  it('offers tokens that have no limit', () => {
    const error = postponed('ExposureExceeded', { offer: [Principal.fromText(LEDGER)] });
    expect(remedyOf(error)).toEqual({ kind: 'other-token', ledgers: [LEDGER] });
  });

  it('says that it goes on by itself when the outcome is open', () => {
    expect(remedyOf(postponed('PaymentPending'))).toBe('pending');
  });

  it('never says that nothing was taken without the canister’s word', () => {
    const internal = new Refusal({ kind: { InternalError: [] }, message: 'x' });
    const unknown = new Refusal({ kind: { TemporaryError: [] }, message: 'x' });
    for (const error of [new TypeError('Failed to fetch'), internal, unknown, 'odd']) {
      expect(remedyOf(error)).toBe('lost');
    }
  });

  it('keeps the canister’s words, which speak of the money', () => {
    const outcome = payOutcomeOf(refused('QuoteExpired', { expired_at_ns: 1n }), TOKEN);
    expect(outcome).toMatchObject({
      kind: 'refused',
      problem: {
        trouble: { title: 'The price lock ran out before the payment', detail: 'The words.' },
      },
    });
  });
});

describe('paymentTroubleOf', () => {
  it('says what a ledger refused, with its numbers', () => {
    const thrown = Object.assign(new Error('raw'), {
      errorType: { InsufficientFunds: { balance: 1_500_000n } },
    });
    const refusal = ledgerRefusalOf(thrown);
    expect(refusal).toBeInstanceOf(LedgerRefusal);
    const { trouble, remedy } = paymentTroubleOf(refusal, { attempt: 'approve', token: TOKEN });
    expect(trouble).toMatchObject({
      title: 'The treasury could not be allowed to take the amount.',
      detail: 'Your wallet does not hold enough. It holds 1.5 ckUSDC.',
      money: 'Nothing was taken.',
    });
    expect(remedy).toEqual({ kind: 'deposit' });
  });

  it('says what is wrong with the terms without the names of arguments', () => {
    const message = 'total_usd_e8: is worth less than 0.2 ckUSDC; rent longer';
    const kind = { RequestError: [{ PaymentRefused: { reason: message } }] as [object] };
    const error = new Refusal({ kind, message });
    const { trouble, remedy } = paymentTroubleOf(error, { attempt: 'lock', token: TOKEN });
    expect(trouble).toMatchObject({
      title: 'It cannot be paid for like this',
      detail: 'It is worth less than 0.2 ckUSDC; rent longer',
      money: 'Nothing was taken.',
    });
    expect(remedy).toEqual({ kind: 'settings' });
  });

  it('says that a canister is away', () => {
    const error = new Error('IC0508: Canister abc is stopped');
    const { trouble, remedy } = paymentTroubleOf(error, { attempt: 'lock', token: TOKEN });
    expect(trouble.detail).toBe('The canister is being upgraded or is stopped.');
    expect(trouble.money).toBe('Nothing was taken.');
    expect(remedy).toEqual({ kind: 'try-again' });
  });

  it('passes on what is no refusal of a ledger', () => {
    const error = new Error('x');
    expect(ledgerRefusalOf(error)).toBe(error);
    expect(ledgerRefusalOf('text')).toBe('text');
  });
});
