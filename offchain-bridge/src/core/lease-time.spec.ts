import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadlineMs, leaseEndMs } from './lease-time.ts';

const LEASE_MS = 25_000;

/** A claim that was sent, taken in and answered, with clocks that agree on nothing but durations. */
const claims = fc.record({
  /** Canister's clock minus the monotonic one. */
  offsetMs: fc.integer({ min: 0, max: 2_000_000_000 }),
  sentAtMs: fc.integer({ min: 0, max: 1_000_000 }),
  takenAfterMs: fc.integer({ min: 0, max: 60_000 }),
  deadlineInMs: fc.integer({ min: 1, max: 3_600_000 }),
});

describe('leaseEndMs', () => {
  it('is always before the end that the canister knows', () => {
    fc.assert(
      fc.property(claims, ({ sentAtMs, takenAfterMs }) => {
        const trulyOverAtMs = sentAtMs + takenAfterMs + LEASE_MS;
        expect(leaseEndMs(sentAtMs)).toBeLessThan(trulyOverAtMs);
      }),
    );
  });
});

describe('deadlineMs', () => {
  it('is never after the deadline, and by no more than the answer took before it', () => {
    fc.assert(
      fc.property(claims, ({ offsetMs, sentAtMs, takenAfterMs, deadlineInMs }) => {
        const takenAtMs = sentAtMs + takenAfterMs;
        const deadlineAtMs = takenAtMs + offsetMs + deadlineInMs;
        const leaseUntilMs = Math.min(takenAtMs + offsetMs + LEASE_MS, deadlineAtMs);
        const endMs = deadlineMs({ sentAtMs, leaseUntilMs, deadlineAtMs }) ?? Number.NaN;
        const trulyMs = takenAtMs + deadlineInMs;
        expect(endMs).toBeLessThanOrEqual(trulyMs);
        if (deadlineInMs > LEASE_MS) expect(endMs).toBe(trulyMs - takenAfterMs);
      }),
    );
  });

  it('is none without a deadline', () => {
    const claim = { sentAtMs: 1, leaseUntilMs: 2, deadlineAtMs: undefined };
    expect(deadlineMs(claim)).toBeUndefined();
  });
});
