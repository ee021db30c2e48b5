import { describe, expect, it } from 'vitest';
import type { TransferId } from '../ids.ts';
import type { FrozenArgs, Transfer, TransferStatus } from '../transfers/transfer.ts';
import { HOUR, START, units, who } from '../../testing/escrow-terms.fake.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { IN_FLIGHT_WATCHDOG_NS, nextTransfer, type TransferStep } from './transfer-status.ts';

const transferId = 7 as TransferId;
const args: FrozenArgs = {
  generation: 1,
  createdAt: START,
  memo: new Uint8Array(32),
  amount: units(90n),
  fee: units(10n),
};
const later = timestampNs(START + HOUR);

const STATUSES: Record<TransferStatus['kind'], TransferStatus> = {
  planned: { kind: 'planned', notBefore: START, attempts: 0 },
  'in-flight': { kind: 'in-flight', args, isUnknown: false, attempts: 1 },
  retry: { kind: 'retry', args, isUnknown: true, attempts: 1, notBefore: START },
  reconcile: { kind: 'reconcile', args, attempts: 0, notBefore: START },
  paid: { kind: 'paid', args, block: 5n, at: START, usdE8: undefined },
  failed: { kind: 'failed', at: START, reason: 'no' },
  parked: { kind: 'parked', args, at: START, reason: 'no' },
};

const again = { amount: units(89n), fee: units(11n), feeFromPayee: units(11n), scanFrom: 9n };
const STEPS: readonly TransferStep[] = [
  { kind: 'transfer-sent', transferId, args },
  { kind: 'transfer-resent', transferId },
  { kind: 'transfer-retry', transferId, isUnknown: false, problem: 'busy', notBefore: later },
  { kind: 'transfer-reconciling', transferId, problem: 'silent', notBefore: later },
  { kind: 'transfer-replanned', transferId, ...again, problem: 'fee', notBefore: later },
  { kind: 'transfer-paid', transferId, block: 6n, how: 'reply', usdE8: undefined },
  { kind: 'transfer-failed', transferId, reason: 'poor' },
  { kind: 'transfer-parked', transferId, reason: 'odd' },
];

/** What follows what; everything else is a bug. */
const FOLLOWS: Record<TransferStatus['kind'], Partial<Record<TransferStep['kind'], string>>> = {
  planned: { 'transfer-sent': 'in-flight', 'transfer-failed': 'failed' },
  'in-flight': {
    'transfer-retry': 'retry',
    'transfer-reconciling': 'reconcile',
    'transfer-replanned': 'planned',
    'transfer-paid': 'paid',
    'transfer-failed': 'failed',
    'transfer-parked': 'parked',
  },
  retry: {
    'transfer-resent': 'in-flight',
    'transfer-reconciling': 'reconcile',
    'transfer-replanned': 'planned',
    'transfer-paid': 'paid',
    'transfer-failed': 'failed',
    'transfer-parked': 'parked',
  },
  reconcile: {
    'transfer-reconciling': 'reconcile',
    'transfer-replanned': 'planned',
    'transfer-paid': 'paid',
    'transfer-failed': 'failed',
    'transfer-parked': 'parked',
  },
  parked: {
    'transfer-paid': 'paid',
    'transfer-replanned': 'planned',
    'transfer-failed': 'failed',
  },
  paid: {},
  failed: {},
};

function transferThatIs(kind: TransferStatus['kind']): Transfer {
  return {
    id: transferId,
    purpose: { kind: 'fee-withdrawal' },
    ledger: who.ledger,
    from: { owner: who.self, subaccount: undefined },
    to: { owner: who.stranger, subaccount: undefined },
    amount: units(90n),
    fee: units(10n),
    feeFromPayee: units(10n),
    scanFrom: 4n,
    lastGeneration: kind === 'planned' ? 0 : 1,
    lastProblem: undefined,
    plannedAt: START,
    dueAt: START,
    status: STATUSES[kind],
  };
}

const kinds = Object.keys(STATUSES) as TransferStatus['kind'][];

describe('nextTransfer', () => {
  it.each(kinds.flatMap((kind) => STEPS.map((event) => [kind, event.kind, event] as const)))(
    'knows whether %s can be followed by %s',
    (kind, name, event) => {
      const entry = { seq: 1, at: START, event };
      const follows = FOLLOWS[kind][name];
      if (follows === undefined) {
        expect(() => nextTransfer(transferThatIs(kind), entry)).toThrow(/BUG/);
      } else {
        expect(nextTransfer(transferThatIs(kind), entry).status.kind).toBe(follows);
      }
    },
  );

  it('sends only what was planned, generation after generation', () => {
    const planned = transferThatIs('planned');
    const send = (change: Partial<FrozenArgs>) => () =>
      nextTransfer(planned, {
        seq: 1,
        at: START,
        event: { kind: 'transfer-sent', transferId, args: { ...args, ...change } },
      });
    expect(send({})()).toMatchObject({ lastGeneration: 1, status: { attempts: 1 } });
    expect(send({ amount: units(91n) })).toThrow(/not planned/);
    expect(send({ fee: units(9n) })).toThrow(/not planned/);
    expect(send({ generation: 2 })).toThrow(/not planned/);
  });

  it('never forgets within a generation that an attempt may have executed', () => {
    const unknown = { ...transferThatIs('in-flight') };
    const status = { kind: 'in-flight', args, isUnknown: true, attempts: 2 } as const;
    const retry = STEPS[2];
    if (retry === undefined) throw new Error('the table changed');
    const next = nextTransfer({ ...unknown, status }, { seq: 1, at: START, event: retry });
    expect(next.status).toMatchObject({ kind: 'retry', isUnknown: true, attempts: 2 });
    expect(next).toMatchObject({ dueAt: later, lastProblem: 'busy' });
  });

  it('has a watchdog for what is in flight, and none for what is over or parked', () => {
    const dueAfter = (kind: TransferStatus['kind'], step: number) => {
      const event = STEPS[step];
      if (event === undefined) throw new Error('the table changed');
      return nextTransfer(transferThatIs(kind), { seq: 1, at: later, event }).dueAt;
    };
    expect(dueAfter('planned', 0)).toBe(later + IN_FLIGHT_WATCHDOG_NS);
    expect(dueAfter('retry', 1)).toBe(later + IN_FLIGHT_WATCHDOG_NS);
    expect(dueAfter('in-flight', 5)).toBeUndefined();
    expect(dueAfter('in-flight', 6)).toBeUndefined();
    expect(dueAfter('in-flight', 7)).toBeUndefined();
  });

  it('counts searches of a generation anew', () => {
    const search = STEPS[3];
    if (search === undefined) throw new Error('the table changed');
    const entry = { seq: 1, at: START, event: search };
    const first = nextTransfer(transferThatIs('retry'), entry);
    expect(first.status).toMatchObject({ kind: 'reconcile', attempts: 0 });
    expect(nextTransfer(first, entry).status).toMatchObject({ attempts: 1 });
  });
});
