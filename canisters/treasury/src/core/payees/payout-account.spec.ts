import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { after, durationNs, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { DAY, HOUR, START, somebody, who } from '../../testing/escrow-terms.fake.ts';
import { memoryState } from '../../testing/memory-state.ts';
import { applyEvent } from '../apply.ts';
import type { PayeeEvent } from '../events.ts';
import {
  cancelAccount,
  effectivePayee,
  pausePayouts,
  requestAccount,
  resumePayouts,
} from './payout-account.ts';

const owner = who.provider;
const account = { owner: somebody(9), subaccount: new Uint8Array(32).fill(1) };
const at = (hours: number) => timestampNs(START + BigInt(hours) * HOUR);

function newOwner() {
  const state = memoryState();
  let seq = 0;
  const asked = (now: TimestampNs) => ({ payee: state.payees.get(owner), owner, now });
  const record = (event: PayeeEvent, now: TimestampNs) => {
    applyEvent(state, { seq, at: now, event });
    seq += 1;
  };
  return { asked, record, now: (time: TimestampNs) => effectivePayee(asked(time)) };
}

function accepted(answer: ReturnType<typeof requestAccount>): PayeeEvent {
  if (answer.kind === 'err') throw new Error(answer.error.kind);
  return answer.value;
}

describe('a payout account', () => {
  it('is the default account of the principal at first', () => {
    expect(newOwner().now(START)).toEqual({
      owner,
      account: { owner, subaccount: undefined },
      pending: undefined,
      pausedUntil: undefined,
    });
  });

  it('changes 48 hours after it was asked for, not before', () => {
    const { asked, record, now } = newOwner();
    record(accepted(requestAccount({ ...asked(START), account })), START);
    expect(now(timestampNs(at(48) - 1n)).account.owner).toEqual(owner);
    expect(now(at(48))).toMatchObject({ account, pending: undefined });
  });

  it('stays if the change is taken back in time', () => {
    const { asked, record, now } = newOwner();
    expect(cancelAccount(asked(START))).toEqual({
      kind: 'err',
      error: { kind: 'nothing-pending' },
    });
    record(accepted(requestAccount({ ...asked(START), account })), START);
    record(accepted(cancelAccount(asked(at(47)))), at(47));
    expect(now(at(100)).account.owner).toEqual(owner);
  });

  it('cannot be taken back once it changed', () => {
    const { asked, record } = newOwner();
    record(accepted(requestAccount({ ...asked(START), account })), START);
    expect(cancelAccount(asked(at(48))).kind).toBe('err');
  });

  it('waits anew for a later change, and keeps the one that took effect', () => {
    const { asked, record, now } = newOwner();
    record(accepted(requestAccount({ ...asked(START), account })), START);
    const other = { owner: somebody(10), subaccount: undefined };
    record(accepted(requestAccount({ ...asked(at(50)), account: other })), at(50));
    expect(now(at(97)).account).toEqual(account);
    expect(now(at(98)).account).toEqual(other);
  });

  it.each([
    ['nobody’s account', { owner: Principal.anonymous(), subaccount: undefined }],
    ['a short subaccount', { owner, subaccount: new Uint8Array(31) }],
  ])('is not %s', (_, wrong) => {
    const answer = requestAccount({ ...newOwner().asked(START), account: wrong });
    expect(answer).toMatchObject({ error: { kind: 'invalid-argument', argument: 'account' } });
  });
});

describe('a pause of payouts', () => {
  it('ends by itself, or earlier if asked', () => {
    const { asked, record, now } = newOwner();
    expect(resumePayouts(asked(START))).toEqual({ kind: 'err', error: { kind: 'not-paused' } });
    record(accepted(pausePayouts({ ...asked(START), until: at(10) })), START);
    expect(now(timestampNs(at(10) - 1n)).pausedUntil).toBe(at(10));
    expect(now(at(10)).pausedUntil).toBeUndefined();
    record(accepted(resumePayouts(asked(at(5)))), at(5));
    expect(now(at(5)).pausedUntil).toBeUndefined();
  });

  it('lasts at most 90 days and lies ahead', () => {
    const { asked } = newOwner();
    const most = after(START, durationNs({ days: 90 }));
    expect(pausePayouts({ ...asked(START), until: most }).kind).toBe('ok');
    expect(pausePayouts({ ...asked(START), until: timestampNs(most + 1n) }).kind).toBe('err');
    expect(pausePayouts({ ...asked(START), until: START }).kind).toBe('err');
    expect(DAY).toBe(24n * HOUR);
  });
});
