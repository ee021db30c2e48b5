import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PaymentTrouble } from './payment-trouble.service.ts';
import {
  isUnderWay,
  mayBegin,
  nextPayment,
  NO_PAYMENT,
  stepLines,
  type Payment,
  type PaymentEvent,
} from './payment.service.ts';

const PROBLEM: PaymentTrouble = {
  trouble: { title: 't', detail: '', money: '', next: '', isRetryable: true, leaf: '' },
  remedy: { kind: 'try-again' },
};
const EVENTS: readonly PaymentEvent[] = [
  { kind: 'begun' },
  { kind: 'allowed' },
  { kind: 'refused', problem: PROBLEM },
  { kind: 'lost' },
  { kind: 'found-unpaid' },
  { kind: 'pending' },
  { kind: 'paid', block: 3n },
];

function after(...events: readonly PaymentEvent[]): Payment {
  return events.reduce(nextPayment, NO_PAYMENT);
}

const BEGUN: PaymentEvent = { kind: 'begun' };
const ALLOWED: PaymentEvent = { kind: 'allowed' };

describe('nextPayment', () => {
  it('goes from approving to paying to confirmed', () => {
    expect(after(BEGUN)).toEqual({ kind: 'approving' });
    expect(after(BEGUN, ALLOWED)).toEqual({ kind: 'paying' });
    expect(after(BEGUN, ALLOWED, { kind: 'paid', block: 3n })).toEqual({
      kind: 'confirmed',
      block: 3n,
    });
  });

  it('remembers which step was refused, and begins anew from there', () => {
    const refused = { kind: 'refused', problem: PROBLEM } as const;
    expect(after(BEGUN, refused)).toMatchObject({ kind: 'refused', at: 'approve' });
    expect(after(BEGUN, ALLOWED, refused)).toMatchObject({ kind: 'refused', at: 'pay' });
    expect(after(BEGUN, ALLOWED, refused, BEGUN)).toEqual({ kind: 'approving' });
  });

  it('looks up what was lost before anything is tried again', () => {
    const lost = after(BEGUN, ALLOWED, { kind: 'lost' });
    expect(mayBegin(lost)).toBe(false);
    expect(mayBegin(nextPayment(lost, { kind: 'found-unpaid' }))).toBe(true);
    expect(nextPayment(lost, { kind: 'paid', block: undefined })).toEqual({
      kind: 'confirmed',
      block: undefined,
    });
  });

  it('never leaves a payment that is confirmed, and never pays before it is allowed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS)), (events) => {
        let payment = NO_PAYMENT;
        for (const event of events) {
          const next = nextPayment(payment, event);
          if (payment.kind === 'confirmed') expect(next).toBe(payment);
          if (next.kind === 'paying' && payment.kind !== 'paying') {
            expect([payment.kind, event.kind]).toEqual(['approving', 'allowed']);
          }
          if (payment.kind === 'pending' && next.kind !== 'pending') {
            expect(next.kind).toBe('confirmed');
          }
          payment = next;
        }
      }),
    );
  });

  it('never may begin while it is under way, pending or confirmed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS)), (events) => {
        const payment = after(...events);
        const isBusy =
          isUnderWay(payment) || payment.kind === 'pending' || payment.kind === 'confirmed';
        expect(mayBegin(payment)).toBe(!isBusy);
      }),
    );
  });
});

describe('stepLines', () => {
  it.each<[Payment, string]>([
    [NO_PAYMENT, 'waiting waiting waiting'],
    [{ kind: 'approving' }, 'running waiting waiting'],
    [{ kind: 'paying' }, 'done running waiting'],
    [{ kind: 'lost' }, 'done running waiting'],
    [{ kind: 'unpaid' }, 'done failed waiting'],
    [{ kind: 'pending' }, 'done open open'],
    [{ kind: 'refused', at: 'approve', problem: PROBLEM }, 'failed waiting waiting'],
    [{ kind: 'refused', at: 'pay', problem: PROBLEM }, 'done failed waiting'],
    [{ kind: 'confirmed', block: 7n }, 'done done done'],
  ])('%# has its own picture', (payment, states) => {
    expect(
      stepLines(payment)
        .map(({ state }) => state)
        .join(' '),
    ).toBe(states);
  });

  it('name the block', () => {
    expect(stepLines({ kind: 'confirmed', block: 7n })[2]?.text).toBe(
      'Paid: block 7 of the ledger',
    );
    expect(stepLines({ kind: 'confirmed', block: undefined })[2]?.text).toBe('Paid');
  });
});
