import { IDL } from '@dfinity/candid';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { codecOf } from '@decent-cloud/kit/candid/codec-cache.ts';
import { fromWire, list, optional, type Wire } from '@decent-cloud/kit/wire/wire.ts';
import {
  depositFromWire,
  DepositRequest,
} from '../../../treasury/src/endpoints/wire/deposit-wire.ts';
import type { WireDepositRequest } from '../../../treasury/src/endpoints/wire/deposit-wire.ts';
import { resultOf } from '../../../treasury/src/endpoints/wire/error-wire.ts';
import { escrowBrief } from '../../../treasury/src/endpoints/wire/escrow-wire.ts';
import { factFromWire, FactReport } from '../../../treasury/src/endpoints/wire/fact-wire.ts';
import type { WireFactReport } from '../../../treasury/src/endpoints/wire/fact-wire.ts';
import { quote, terms, termsFromWire } from '../../../treasury/src/endpoints/wire/quote-wire.ts';
import type { WireTerms } from '../../../treasury/src/endpoints/wire/quote-wire.ts';
import type { TreasuryError } from '../../../treasury/src/flows/treasury-errors.ts';
import * as treasuryValues from '../../../treasury/src/storage/core-values.arbitrary.ts';
import type { Fact } from '../core/rentals/rental-event.ts';
import type { EscrowId } from '../core/ids.ts';
import type { TreasuryRefusal } from '../flows/treasury/treasury-answer.ts';
import * as ours from '../flows/treasury/treasury-wire.ts';
import { someTerms } from './treasury-terms.fake.ts';

const at = timestampNs(1_700_000_000_000_000_000n);

/** What they read of what we write. */
function heard<T>(wire: Wire<T>, value: T, type: Wire<unknown>['type']): unknown {
  return codecOf([type]).decode(codecOf([wire.type]).encode([wire.to(value)]))[0];
}

/** What we read of what they write. */
function read<T>(wire: Wire<T>, theirs: Wire<never>, value: unknown): T {
  const bytes = codecOf([theirs.type]).encode([theirs.to(value as never)]);
  return fromWire(wire, codecOf([wire.type]).decode(bytes)[0]);
}

describe('what the treasury hears', () => {
  it.each([someTerms(), someTerms({ author: undefined, slaCredits: [] })])('terms', (asked) => {
    const wire = heard(ours.quoteTerms, asked, terms.type) as WireTerms;
    expect(termsFromWire(wire)).toEqual(ok(asked));
  });

  it.each([undefined, new Uint8Array(32).fill(9)])('an order from subaccount %o', (subaccount) => {
    const order = { escrowId: 7 as EscrowId, maxAmount: 5n as never, fromSubaccount: subaccount };
    const wire = heard(ours.depositOrder, order, DepositRequest) as WireDepositRequest;
    expect(depositFromWire(wire)).toEqual(ok(order));
  });

  const ended = (cause: Extract<Fact, { kind: 'ended' }>['cause']): Fact => ({
    kind: 'ended',
    at,
    cause,
  });
  it.each<Fact>([
    { kind: 'started', at },
    { kind: 'paused', at },
    { kind: 'resumed', at },
    { kind: 'outage', from: at, to: timestampNs(at + 1n) },
    { kind: 'unproven', unknownPpm: 60_000 },
    ended('renter-cancelled'),
    ended('provider-cancelled'),
    ended('term-ended'),
    ended('not-provisioned'),
    ended('provider-failed'),
  ])('the fact %o', (fact) => {
    const numbered = { escrowId: 3 as EscrowId, seq: 4, fact };
    const wires = heard(ours.numberedFacts, [numbered], IDL.Vec(FactReport)) as WireFactReport[];
    expect(wires.map(factFromWire)).toEqual([ok(numbered)]);
  });
});

describe('what we read of the treasury', () => {
  it('quotes', () => {
    fc.assert(
      fc.property(treasuryValues.quote, (given) => {
        const { id, amount, ledgerFee, tokenPriceUsdE8, priceAt, expiresAt } = given;
        expect(read(ours.quoteAnswer, resultOf(quote) as never, ok(given))).toEqual(
          ok({ id, amount, ledgerFee, tokenPriceUsdE8, priceAt, expiresAt }),
        );
      }),
    );
  });

  it('briefs of escrows in every phase', () => {
    fc.assert(
      fc.property(treasuryValues.escrow, ({ id, phase, books, ...escrow }) => {
        const { deposited, depositBlock, factSeq, dueAt } = escrow;
        const brief = {
          ...{ escrowId: id, phase, amount: deposited, deposited, depositBlock, factSeq, dueAt },
          ...{ payer: { ...books.payer, open: 0n }, isDisputed: false, termEndsAt: dueAt },
        };
        const theirs = resultOf(list(optional(escrowBrief)));
        const got = read(ours.briefsAnswer, theirs as never, ok([undefined, brief]));
        expect(got).toEqual(ok([undefined, brief]));
      }),
    );
  });

  it.each<TreasuryError['leaf']>([
    ...simple('not-authenticated', 'not-allowed', 'not-found', 'not-configured'),
    ...simple('unknown-token', 'token-disabled', 'quote-superseded', 'quote-used'),
    ...simple('too-many-attempts', 'price-moved', 'nothing-to-withdraw'),
    { kind: 'invalid-argument', argument: 'x' },
    { kind: 'quote-expired', expiredAt: at },
    { kind: 'amount-above-max', amount: 5n as never },
    { kind: 'insufficient-allowance', needed: 5n as never },
    { kind: 'insufficient-funds', balance: 5n as never },
    { kind: 'ledger-fee-changed', fee: 5n as never },
    { kind: 'ledger-refused', reason: 'r' },
    { kind: 'out-of-order', expected: 3 },
    { kind: 'invalid-fact', rule: 'r' },
    { kind: 'wrong-phase', phase: 'ended' },
    { kind: 'proof-refused', reason: 'r' },
  ])('the refusal %o', (leaf) => {
    expect(refusalOf({ kind: 'request', leaf, message: 'm' } as TreasuryError)).toEqual(
      err({ kind: 'request', leaf, message: 'm' }),
    );
  });

  it.each<TreasuryError['leaf']>([
    { kind: 'busy' },
    { kind: 'no-price', reason: 'r', lastGoodAt: at },
    { kind: 'no-price', reason: 'r', lastGoodAt: undefined },
    { kind: 'exposure-exceeded', offer: [someTerms().ledger] },
    { kind: 'payment-pending', transferId: 8 as never },
    { kind: 'ledger-unavailable' },
  ])('the delay %o', (leaf) => {
    expect(refusalOf({ kind: 'temporary', leaf, message: 'm' } as TreasuryError)).toEqual(
      err({ kind: 'temporary', leaf, message: 'm' }),
    );
  });

  it('an error of its own', () => {
    const error = { kind: 'internal', leaf: { kind: 'unexpected' }, message: 'm' } as const;
    expect(refusalOf(error)).toEqual(err(error));
  });
});

type SimpleKind =
  | 'not-authenticated'
  | 'not-allowed'
  | 'not-found'
  | 'not-configured'
  | 'unknown-token'
  | 'token-disabled'
  | 'quote-superseded'
  | 'quote-used'
  | 'too-many-attempts'
  | 'price-moved'
  | 'nothing-to-withdraw';

function simple(...kinds: readonly SimpleKind[]): readonly { readonly kind: SimpleKind }[] {
  return kinds.map((kind) => ({ kind }));
}

function refusalOf(error: TreasuryError): Result<unknown, TreasuryRefusal> {
  return read(ours.quoteAnswer, resultOf(quote) as never, err(error));
}
