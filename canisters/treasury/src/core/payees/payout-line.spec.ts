import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import * as stored from '../../storage/core-values.arbitrary.ts';
import type { EscrowId } from '../ids.ts';
import type { FrozenArgs, Transfer, TransferStatus } from '../transfers/transfer.ts';
import { START } from '../../testing/escrow-terms.fake.ts';
import { payoutLine } from './payout-line.ts';

const [quote] = fc.sample(stored.quote, { numRuns: 1, seed: 1 });
const [token] = fc.sample(stored.token, { numRuns: 1, seed: 1 });
const [transfer] = fc.sample(stored.transfer, { numRuns: 1, seed: 1 });
const args: FrozenArgs = {
  generation: 2,
  createdAt: START,
  memo: Uint8Array.of(7),
  amount: 90n as TokenUnits,
  fee: 10n as TokenUnits,
};

function lineOf(status: TransferStatus, change: Partial<Transfer> = {}) {
  if (quote === undefined || token === undefined || transfer === undefined) throw new Error('none');
  const purpose = { kind: 'payout', escrowId: quote.id, party: 'author' } as const;
  const lastProblem = 'the ledger is busy';
  const amount = 100n as TokenUnits;
  const planned = { ...transfer, purpose, lastProblem, amount, status, ...change };
  return payoutLine({ transfer: planned, quote, token });
}

describe('payoutLine', () => {
  it('shows a paid transfer as the ledger has it', () => {
    const usdE8 = 9n as UsdE8;
    expect(lineOf({ kind: 'paid', args, block: 12n, at: START, usdE8 })).toMatchObject({
      ...{ state: 'paid', amount: 90n, block: 12n, paidAt: START, usdE8, party: 'author' },
      memo: args.memo,
      status: 'It is paid in block 12 of the ledger.',
    });
    const byBalance = lineOf({ kind: 'paid', args, block: undefined, at: START, usdE8: undefined });
    expect(byBalance).toMatchObject({ block: undefined, usdE8: undefined });
    expect(byBalance.status).toContain('as the balance on the ledger shows');
  });

  it.each([
    [{ kind: 'planned', notBefore: START, attempts: 0 }, 'on-its-way', 'on its way'],
    [{ kind: 'in-flight', args, isUnknown: false, attempts: 1 }, 'on-its-way', 'is awaited'],
    [{ kind: 'in-flight', args, isUnknown: true, attempts: 2 }, 'being-looked-up', 'asked whether'],
    [
      { kind: 'retry', args, isUnknown: false, attempts: 1, notBefore: START },
      'on-its-way',
      'sent again. Last time: the ledger is busy.',
    ],
    [
      { kind: 'retry', args, isUnknown: true, attempts: 1, notBefore: START },
      'being-looked-up',
      'asked again whether it arrived',
    ],
    [{ kind: 'reconcile', args, attempts: 0, notBefore: START }, 'being-looked-up', 'looked for'],
    [{ kind: 'failed', at: START, reason: 'fee' }, 'not-sent', 'paid by another transfer'],
    [{ kind: 'parked', args, at: START, reason: 'no block' }, 'needs-a-look', 'no block'],
  ] as const)('says what a transfer that is $0.kind means', (status, state, words) => {
    const line = lineOf(status);
    expect(line).toMatchObject({ state, paidAt: undefined, block: undefined, amount: 100n });
    expect(line.status).toContain(words);
  });

  it('is about payouts only', () => {
    const purpose = { kind: 'deposit', escrowId: 1 as EscrowId } as const;
    const planned = { kind: 'planned', notBefore: START, attempts: 0 } as const;
    expect(() => lineOf(planned, { purpose })).toThrow('only payouts');
  });
});
