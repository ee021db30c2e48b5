import { describe, expect, it } from 'vitest';
import { partyText, pauseUntilNs, payoutWords } from './payout.service.ts';

const NOW_MS = 1_800_000_000_000;
const DAY_NS = 86_400_000_000_000n;

describe('payoutWords', () => {
  it('has words for every state', () => {
    expect(payoutWords({ state: { Paid: null } })).toEqual({ tone: 'good', label: 'Arrived' });
    expect(payoutWords({ state: { NeedsALook: null } }).tone).toBe('bad');
    for (const state of [{ OnItsWay: null }, { BeingLookedUp: null }, { NotSent: null }] as const) {
      expect(payoutWords({ state }).label).not.toBe(Object.keys(state)[0]);
    }
  });
});

describe('partyText', () => {
  it('says what it is paid for', () => {
    expect(partyText({ party: { Provider: null } })).toBe('Your machine');
    expect(partyText({ party: { Payer: null } })).toBe('Refund');
  });
});

describe('pauseUntilNs', () => {
  it('counts days from now, and stays below the longest pause', () => {
    const nowNs = BigInt(NOW_MS) * 1_000_000n;
    expect(pauseUntilNs(' 7 ', NOW_MS)).toBe(nowNs + 7n * DAY_NS);
    expect(pauseUntilNs('90', NOW_MS)).toBeLessThan(nowNs + 90n * DAY_NS);
  });

  it.each(['', '0', '91', '1.5', '-1', 'x'])('refuses %j', (days) => {
    expect(pauseUntilNs(days, NOW_MS)).toBeUndefined();
  });
});
