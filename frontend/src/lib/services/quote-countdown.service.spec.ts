import { describe, expect, it } from 'vitest';
import { countdownOf, lockEndsAtMs, spokenCountdown } from './quote-countdown.service.ts';

const END_MS = 1_000_000;

describe('countdownOf', () => {
  it.each([
    [600_000, { kind: 'open', secondsLeft: 600, text: '10:00' }],
    [60_001, { kind: 'open', secondsLeft: 61, text: '1:01' }],
    [60_000, { kind: 'closing', secondsLeft: 60, text: '1:00' }],
    [1, { kind: 'closing', secondsLeft: 1, text: '0:01' }],
    [0, { kind: 'expired' }],
    [-5_000, { kind: 'expired' }],
  ])('%i ms before the end', (beforeMs, countdown) => {
    expect(countdownOf(END_MS, END_MS - beforeMs)).toEqual(countdown);
  });
});

describe('lockEndsAtMs', () => {
  it('holds for a device whose clock is hours off', () => {
    const createdAtNs = 1_800_000_000_000_000_000n;
    const expiresAtNs = createdAtNs + 600_000_000_000n;
    expect(lockEndsAtMs({ receivedAtMs: 5_000, createdAtNs, expiresAtNs })).toBe(605_000);
  });
});

describe('spokenCountdown', () => {
  it('says a handful of things in ten minutes', () => {
    const said = Array.from({ length: 601 }, (_, second) =>
      spokenCountdown(countdownOf(END_MS, END_MS - second * 1_000)),
    );
    expect([...new Set(said.toReversed())]).toEqual([
      'The price is locked.',
      'The price is locked for less than 5 minutes.',
      'The price is locked for less than 2 minutes.',
      'The price is locked for less than 1 minute.',
      'The price is locked for less than 30 seconds.',
      'The price lock is over.',
    ]);
  });
});
