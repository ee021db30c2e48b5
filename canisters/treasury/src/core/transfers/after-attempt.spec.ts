import { describe, expect, it } from 'vitest';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { durationNs, after } from '@decent-cloud/domain/time.ts';
import { ARGS, inFlight, T0, transferIn } from '../../testing/transfer.fake.ts';
import { afterAttempt, type AnswerSituation } from './after-attempt.ts';
import type { AttemptOutcome, LedgerRefusal } from './attempt.ts';
import { windowOverAt } from './window.ts';

const NOW = after(T0, durationNs({ seconds: 3 }));
const TERMS = {
  amount: 990_000n as TokenUnits,
  fee: 20_000n as TokenUnits,
  feeFromPayee: 10_000n as TokenUnits,
};
const SITUATION: AnswerSituation = {
  now: NOW,
  hasIcrc3Blocks: true,
  terms: () => TERMS,
  usdE8: 5n as UsdE8,
};

const refused = (refusal: LedgerRefusal): AttemptOutcome => ({ kind: 'refused', refusal });
const rejected = (code: number): AttemptOutcome => ({ kind: 'rejected', code, message: 'no' });

/** Every way in which a call can end. */
const OUTCOMES = {
  executed: { kind: 'executed', block: 42n },
  duplicate: refused({ kind: 'duplicate', duplicateOf: 42n }),
  'bad-fee': refused({ kind: 'bad-fee', expectedFee: 20_000n }),
  'bad-burn': refused({ kind: 'bad-burn', minBurnAmount: 1n }),
  'insufficient-funds': refused({ kind: 'insufficient-funds', balance: 1n }),
  'insufficient-allowance': refused({ kind: 'insufficient-allowance', allowance: 1n }),
  'too-old': refused({ kind: 'too-old' }),
  'created-in-future': refused({ kind: 'created-in-future', ledgerTime: 1n }),
  'temporarily-unavailable': refused({ kind: 'temporarily-unavailable' }),
  generic: refused({ kind: 'generic', code: 1n, message: 'no' }),
  'not-sent': { kind: 'not-sent', reason: 'no cycles' },
  undecodable: { kind: 'undecodable', reason: 'nonsense' },
  'reject 1': rejected(1),
  'reject 2': rejected(2),
  'reject 3': rejected(3),
  'reject 4': rejected(4),
  'reject 5': rejected(5),
  'reject 6': rejected(6),
} as const satisfies Record<string, AttemptOutcome>;

type Meaning =
  'paid' | 'failed' | 'parked' | 'replanned' | 'reconciling' | 'retry' | 'retry unknown';

/**
 * What each outcome means: for a payout and a deposit of which nothing is unknown, and for both after
 * an attempt that may have executed.
 */
const TABLE: Readonly<Record<keyof typeof OUTCOMES, readonly [Meaning, Meaning, Meaning]>> = {
  executed: ['paid', 'paid', 'paid'],
  duplicate: ['paid', 'paid', 'paid'],
  'bad-fee': ['replanned', 'failed', 'reconciling'],
  'bad-burn': ['parked', 'failed', 'reconciling'],
  'insufficient-funds': ['parked', 'failed', 'reconciling'],
  'insufficient-allowance': ['parked', 'failed', 'reconciling'],
  'too-old': ['replanned', 'failed', 'reconciling'],
  'created-in-future': ['retry', 'failed', 'retry unknown'],
  'temporarily-unavailable': ['retry', 'failed', 'retry unknown'],
  generic: ['retry unknown', 'retry unknown', 'retry unknown'],
  'not-sent': ['retry', 'failed', 'retry unknown'],
  undecodable: ['retry unknown', 'retry unknown', 'retry unknown'],
  'reject 1': ['retry', 'failed', 'retry unknown'],
  'reject 2': ['retry', 'failed', 'retry unknown'],
  'reject 3': ['retry', 'failed', 'retry unknown'],
  'reject 4': ['retry unknown', 'retry unknown', 'retry unknown'],
  'reject 5': ['retry unknown', 'retry unknown', 'retry unknown'],
  'reject 6': ['retry unknown', 'retry unknown', 'retry unknown'],
};

function meaningOf(
  outcome: AttemptOutcome,
  given: { readonly isDeposit: boolean; readonly isUnknown: boolean },
): string {
  const transfer = transferIn(inFlight(given.isUnknown), given.isDeposit ? 'deposit' : 'payout');
  const event = afterAttempt(transfer, outcome, SITUATION);
  const kind = event.kind.replace('transfer-', '');
  return event.kind === 'transfer-retry' && event.isUnknown ? `${kind} unknown` : kind;
}

const ROWS = Object.entries(TABLE) as [keyof typeof OUTCOMES, readonly Meaning[]][];

describe('afterAttempt', () => {
  it.each(ROWS)('says what %s means', (name, [payout, deposit, unknown]) => {
    const outcome = OUTCOMES[name];
    expect(meaningOf(outcome, { isDeposit: false, isUnknown: false })).toBe(payout);
    expect(meaningOf(outcome, { isDeposit: true, isUnknown: false })).toBe(deposit);
    expect(meaningOf(outcome, { isDeposit: false, isUnknown: true })).toBe(unknown);
    expect(meaningOf(outcome, { isDeposit: true, isUnknown: true })).toBe(unknown);
  });

  it('keeps the block and the worth of what was paid, however the ledger said it', () => {
    const transfer = transferIn(inFlight());
    expect(afterAttempt(transfer, OUTCOMES.executed, SITUATION)).toMatchObject({
      ...{ block: 42n, how: 'reply', usdE8: 5n },
    });
    expect(afterAttempt(transfer, OUTCOMES.duplicate, SITUATION)).toMatchObject({
      ...{ block: 42n, how: 'duplicate' },
    });
  });

  it('plans again with the terms at the new fee, at once and later with a pause', () => {
    const prompt = afterAttempt(transferIn(inFlight()), OUTCOMES['bad-fee'], SITUATION);
    expect(prompt).toMatchObject({ ...TERMS, scanFrom: 5n, notBefore: NOW });
    const args = { ...ARGS, generation: 4 };
    const often = { ...transferIn({ ...inFlight(), args } as never), lastGeneration: 4 };
    const paused = afterAttempt(often, OUTCOMES['bad-fee'], SITUATION);
    expect(paused).toMatchObject({ notBefore: after(NOW, durationNs({ minutes: 2 })) });
  });

  it('gives a payout up of which the new fee leaves nothing', () => {
    const nothing = { ...SITUATION, terms: () => undefined };
    const event = afterAttempt(transferIn(inFlight()), OUTCOMES['bad-fee'], nothing);
    expect(event.kind).toBe('transfer-failed');
  });

  it('looks up at once where there are blocks, else when the window is over', () => {
    const transfer = transferIn(inFlight(true));
    expect(afterAttempt(transfer, OUTCOMES['bad-fee'], SITUATION)).toMatchObject({
      notBefore: NOW,
    });
    const blind = { ...SITUATION, hasIcrc3Blocks: false };
    const later = afterAttempt(transfer, OUTCOMES['bad-fee'], blind);
    expect(later).toMatchObject({ notBefore: windowOverAt(T0) });
  });

  it('waits longer the more often it tried, an hour at most', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 100].map((attempts) => {
      const transfer = transferIn({ ...inFlight(), attempts } as never);
      const event = afterAttempt(transfer, OUTCOMES['reject 2'], SITUATION);
      return event.kind === 'transfer-retry' ? Number((event.notBefore - NOW) / 10n ** 9n) : -1;
    });
    expect(waits).toEqual([10, 30, 120, 600, 1_800, 3_600, 3_600, 3_600]);
  });

  it('takes no answer for what waits for none', () => {
    const paid = { kind: 'paid', args: ARGS, block: 1n, at: T0, usdE8: undefined } as const;
    expect(() => afterAttempt(transferIn(paid), OUTCOMES.executed, SITUATION)).toThrow('no answer');
  });
});
