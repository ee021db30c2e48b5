import { describe, expect, it } from 'vitest';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { after, durationNs, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { TransferId } from '../ids.ts';
import { ARGS, inFlight, T0, transferIn } from '../../testing/transfer.fake.ts';
import { memoOf } from './frozen-args.ts';
import { nextStep, type Situation, type TransferStep } from './next-step.ts';
import type { TransferStatus } from './transfer.ts';
import { lastSendAt, windowOverAt } from './window.ts';

const SOON = after(T0, durationNs({ minutes: 1 }));
const TERMS = { amount: 9n as TokenUnits, fee: 1n as TokenUnits, feeFromPayee: 0n as TokenUnits };

function step(
  status: TransferStatus,
  given: Partial<Situation> & { readonly kind?: 'payout' | 'deposit' } = {},
): TransferStep {
  const { kind = 'payout', ...situation } = given;
  const calm = { now: SOON, isLive: false, hasIcrc3Blocks: true, terms: () => TERMS };
  return nextStep(transferIn(status, kind), { ...calm, ...situation });
}

const retry = (isUnknown: boolean, notBefore: TimestampNs = T0): TransferStatus => ({
  ...{ kind: 'retry', args: ARGS, isUnknown, attempts: 1, notBefore },
});
const reconcile: TransferStatus = { kind: 'reconcile', args: ARGS, attempts: 0, notBefore: T0 };

describe('nextStep', () => {
  it('freezes the arguments of a new generation with the time of the message', () => {
    const planned = { kind: 'planned', notBefore: T0, attempts: 0 } as const;
    const transfer = { ...transferIn(planned), lastGeneration: 2 };
    const situation = { now: SOON, isLive: false, hasIcrc3Blocks: true, terms: () => TERMS };
    const memo = memoOf({ id: transfer.id, generation: 3 });
    const { amount, fee } = transfer;
    const args = { generation: 3, createdAt: SOON, memo, amount, fee };
    expect(nextStep(transfer, situation)).toEqual({ kind: 'send', args });
  });

  it('sends the same bytes again until 5 min before the window ends, and not later', () => {
    const last = lastSendAt(T0);
    expect(last - T0).toBe(durationNs({ hours: 23, minutes: 55 }));
    for (const isUnknown of [true, false]) {
      expect(step(retry(isUnknown), { now: last })).toEqual({ kind: 'resend', args: ARGS });
      const late = timestampNs(last + 1n);
      expect(step(retry(isUnknown), { now: late }).kind).toBe('record');
    }
  });

  it('looks up what may have executed when it is too late to send', () => {
    const now = timestampNs(lastSendAt(T0) + 1n);
    const found = step(retry(true), { now });
    expect(found).toMatchObject({ event: { kind: 'transfer-reconciling', notBefore: now } });
    const blind = step(retry(true), { now, hasIcrc3Blocks: false });
    expect(blind).toMatchObject({ event: { notBefore: windowOverAt(T0) } });
  });

  it('begins a new generation of a payout that surely never executed, and ends a deposit', () => {
    const now = timestampNs(lastSendAt(T0) + 1n);
    expect(step(retry(false), { now })).toMatchObject({
      event: { kind: 'transfer-replanned', ...TERMS },
    });
    expect(step(retry(false), { now, kind: 'deposit' })).toMatchObject({
      event: { kind: 'transfer-failed' },
    });
  });

  it('takes an attempt that nobody waits for as one that may have executed', () => {
    expect(step(inFlight(), { isLive: true })).toEqual({ kind: 'wait', until: undefined });
    expect(step(inFlight())).toMatchObject({
      event: { kind: 'transfer-retry', isUnknown: true, notBefore: SOON },
    });
  });

  it('waits for its time and for whoever is at it', () => {
    const later = after(SOON, durationNs({ seconds: 1 }));
    expect(step(retry(true, later))).toEqual({ kind: 'wait', until: later });
    expect(step(reconcile)).toEqual({ kind: 'reconcile', args: ARGS });
    expect(step(reconcile, { isLive: true }).kind).toBe('wait');
    expect(step(retry(false), { isLive: true }).kind).toBe('wait');
  });

  it.each([
    { kind: 'paid', args: ARGS, block: 1n, at: T0, usdE8: undefined },
    { kind: 'failed', at: T0, reason: 'no' },
    { kind: 'parked', args: ARGS, at: T0, reason: 'no' },
  ] as const)('leaves what is $kind alone', (status) => {
    expect(step(status)).toEqual({ kind: 'rest' });
  });
});

describe('memoOf', () => {
  it('is 32 bytes and different for each transfer and generation', () => {
    const ids = [0, 1, 2, 256].flatMap((id) =>
      [1, 2, 256].map((generation) => ({ id: id as TransferId, generation })),
    );
    const memos = ids.map((each) => memoOf(each));
    expect(memos.every((memo) => memo.length === 32)).toBe(true);
    expect(new Set(memos.map((memo) => memo.join())).size).toBe(ids.length);
  });
});
