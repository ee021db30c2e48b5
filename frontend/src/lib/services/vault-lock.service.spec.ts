import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endingSoonSeconds, lockReasonOf, LOOK_EVERY_MS } from './vault-lock.service.ts';

const MINUTE_MS = 60_000;
const NOW = 1_000_000_000_000;
const FACTS = {
  nowMs: NOW,
  lookedAtMs: NOW - LOOK_EVERY_MS,
  activeAtMs: NOW - MINUTE_MS,
  idleMs: 15 * MINUTE_MS,
  endsAtMs: NOW + MINUTE_MS,
};

describe('lockReasonOf', () => {
  it.each([
    ['nothing while somebody is there', {}, undefined],
    ['idle after the chosen time', { activeAtMs: NOW - 15 * MINUTE_MS }, 'idle'],
    ['nothing a moment before', { activeAtMs: NOW - 15 * MINUTE_MS + 1 }, undefined],
    ['expired at the end of the session', { endsAtMs: NOW }, 'expired'],
    ['asleep when nothing ran for minutes', { lookedAtMs: NOW - 3 * MINUTE_MS }, 'asleep'],
    ['nothing in a hidden tab that runs once a minute', { lookedAtMs: NOW - MINUTE_MS }, undefined],
    ['asleep when the clock was put back', { lookedAtMs: NOW + 10 * MINUTE_MS }, 'asleep'],
    ['nothing without an end', { endsAtMs: undefined }, undefined],
  ] as const)('says %s', (_desc, change, reason) => {
    expect(lockReasonOf({ ...FACTS, ...change })).toBe(reason);
  });

  it('never leaves keys open after their session, or after the chosen time', () => {
    const times = fc.record({
      lookedAtMs: fc.integer({ min: NOW - 1_000_000, max: NOW }),
      activeAtMs: fc.integer({ min: NOW - 10_000_000, max: NOW }),
      idleMs: fc.constantFrom(1, 5, 15, 60).map((minutes) => minutes * MINUTE_MS),
      endsAtMs: fc.integer({ min: NOW - 1_000_000, max: NOW + 1_000_000 }),
    });
    fc.assert(
      fc.property(times, (facts) => {
        const isLocked = lockReasonOf({ nowMs: NOW, ...facts }) !== undefined;
        const mustBe = facts.endsAtMs <= NOW || NOW - facts.activeAtMs >= facts.idleMs;
        if (mustBe) expect(isLocked).toBe(true);
      }),
    );
  });
});

describe('endingSoonSeconds', () => {
  it.each([
    [undefined, undefined],
    [NOW + 120_001, undefined],
    [NOW + 120_000, 120],
    [NOW + 500, 1],
    [NOW, undefined],
    [NOW - 1, undefined],
  ])('from an end at %s is %s', (endsAtMs, seconds) => {
    expect(endingSoonSeconds(endsAtMs, NOW)).toBe(seconds);
  });
});
