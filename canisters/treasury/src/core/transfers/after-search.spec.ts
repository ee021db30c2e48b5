import { describe, expect, it } from 'vitest';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { after, durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import { ARGS, T0, transferIn } from '../../testing/transfer.fake.ts';
import { balanceProves, balanceVerdict } from './account-balance.ts';
import { afterSearch, type SearchResult, type SearchSituation } from './after-search.ts';
import type { TransferStatus } from './transfer.ts';
import { windowOverAt } from './window.ts';

const RECONCILE: TransferStatus = { kind: 'reconcile', args: ARGS, attempts: 0, notBefore: T0 };
const TERMS = { amount: 9n as TokenUnits, fee: 1n as TokenUnits, feeFromPayee: 0n as TokenUnits };
const OVER = windowOverAt(T0);
const BEFORE = timestampNs(OVER - 1n);

function event(
  result: SearchResult,
  given: Partial<SearchSituation> & { readonly kind?: 'payout' | 'deposit' } = {},
) {
  const { kind = 'payout', ...situation } = given;
  return afterSearch(transferIn(RECONCILE, kind), result, {
    ...{ args: ARGS, begunAt: OVER, now: OVER, searches: 0, terms: () => TERMS },
    ...{ usdE8: undefined, ...situation },
  });
}

describe('afterSearch', () => {
  it('believes a hit at any time', () => {
    const found = event({ kind: 'found', block: 9n }, { begunAt: T0, now: T0 });
    expect(found).toMatchObject({ kind: 'transfer-paid', block: 9n, how: 'found' });
    const seen = event({ kind: 'executed-by-balance' });
    expect(seen).toMatchObject({ kind: 'transfer-paid', block: undefined, how: 'balance' });
  });

  it('believes in absence only if the search began 24 h and 5 min after the attempt', () => {
    expect(OVER - T0).toBe(durationNs({ hours: 24, minutes: 5 }) + 1n);
    const absent = { kind: 'absent', scanFrom: 77n } as const;
    expect(event(absent, { begunAt: BEFORE })).toMatchObject({
      ...{ kind: 'transfer-reconciling', notBefore: OVER },
    });
    expect(event(absent)).toMatchObject({
      ...{ kind: 'transfer-replanned', scanFrom: 77n, ...TERMS },
    });
  });

  it('never gives a deposit a second generation', () => {
    const absent = { kind: 'absent', scanFrom: 77n } as const;
    expect(event(absent, { kind: 'deposit' }).kind).toBe('transfer-failed');
  });

  it('parks what contradicts the books, and asks again what was not answered', () => {
    const problem = 'why';
    expect(event({ kind: 'contradiction', problem })).toMatchObject({
      ...{ kind: 'transfer-parked', reason: problem },
    });
    expect(event({ kind: 'unfinished', problem }, { searches: 2 })).toMatchObject({
      ...{ kind: 'transfer-reconciling', notBefore: after(OVER, durationNs({ minutes: 2 })) },
    });
  });
});

describe('balanceVerdict', () => {
  const expected = 5_000_000n;
  const payout = (balance: bigint) =>
    balanceVerdict(transferIn(RECONCILE), ARGS, { balance, expected }).kind;
  const deposit = (balance: bigint) =>
    balanceVerdict(transferIn(RECONCILE, 'deposit'), ARGS, { balance, expected: 0n }).kind;

  it('reads a payout off the exact amount with its fee', () => {
    expect(payout(expected)).toBe('absent');
    expect(payout(expected - ARGS.amount - ARGS.fee)).toBe('executed-by-balance');
  });

  it('reads a deposit off the exact amount', () => {
    expect(deposit(0n)).toBe('absent');
    expect(deposit(ARGS.amount)).toBe('executed-by-balance');
  });

  it('takes any other balance as a contradiction', () => {
    for (const by of [1n, -1n, ARGS.amount]) expect(payout(expected + by)).toBe('contradiction');
    expect(payout(expected - ARGS.amount)).toBe('contradiction');
    expect(deposit(ARGS.amount + 1n)).toBe('contradiction');
  });
});

describe('balanceProves', () => {
  it('proves exactly one of two opposite claims', () => {
    for (const kind of ['payout', 'deposit'] as const) {
      for (const balance of [0n, 1n, ARGS.amount, ARGS.amount + ARGS.fee, 10n ** 9n]) {
        const seen = { balance, expected: kind === 'payout' ? 2_000_000n : 0n };
        const transfer = transferIn(RECONCILE, kind);
        const claims = (['paid', 'not-paid'] as const).map((claim) =>
          balanceProves(transfer, ARGS, { ...seen, claim }),
        );
        expect(claims.filter(Boolean)).toHaveLength(1);
      }
    }
  });

  it('takes a payout below the books as paid, and at or above them as not', () => {
    const proves = (balance: bigint, claim: 'paid' | 'not-paid') =>
      balanceProves(transferIn(RECONCILE), ARGS, { balance, expected: 100n, claim });
    expect(proves(99n, 'paid')).toBe(true);
    expect(proves(100n, 'paid')).toBe(false);
    expect(proves(100n, 'not-paid')).toBe(true);
  });
});
