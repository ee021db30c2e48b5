import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { bps, DAY, HOUR, lasting, TERMS } from '../../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../../testing/escrow-world.fake.ts';
import { earnedOf, sumOf, undecidedOf } from './party-book.ts';
import { finalCredits, giveBackBps, grossVested, slaCreditBps } from './settlement.ts';

const TABLE = TERMS.slaCredits;

describe('slaCreditBps', () => {
  it.each([
    // Out of 1 000 000 ns: 99.9 % and 99 % are the two limits.
    [0n, 0n],
    [1_000n, 0n],
    [1_001n, 500n],
    [10_000n, 500n],
    [10_001n, 2_500n],
    [1_000_000n, 2_500n],
  ])('for %s ns of outage in a million is %s', (outageNs, credit) => {
    expect(slaCreditBps(TABLE, { dueNs: 1_000_000n, outageNs: lasting(outageNs) })).toBe(credit);
  });

  it('is nothing without a table, and nothing when no time was due', () => {
    expect(slaCreditBps([], { dueNs: 100n, outageNs: lasting(100n) })).toBe(0n);
    expect(slaCreditBps(TABLE, { dueNs: 0n, outageNs: lasting(0n) })).toBe(0n);
  });
});

describe('giveBackBps', () => {
  it('is the greater of uptime credit and penalty, not their sum', () => {
    const world = new EscrowWorld().start();
    const { quote, escrow, now: startedAt } = world;
    const endAt = timestampNs(startedAt + 10n * DAY);
    const ending = { startedAt, endAt, cause: 'provider-cancelled' as const };
    expect(giveBackBps({ quote, escrow }, ending)).toBe(1_000n);
    const outage = { ...escrow.exclusions, outageNs: DAY };
    expect(giveBackBps({ quote, escrow: { ...escrow, exclusions: outage } }, ending)).toBe(2_500n);
    expect(giveBackBps({ quote, escrow }, { ...ending, cause: 'provider-failed' })).toBe(0n);
  });
});

/** Facts as a rental reports them in time: no outage is older than the hold-back when it is told. */
const reports = fc.array(
  fc.record({
    hoursUp: fc.integer({ min: 1, max: 60 }),
    hoursDown: fc.nat(20),
    isPause: fc.boolean(),
  }),
  { maxLength: 12 },
);
const cause = fc.constantFrom('renter-cancelled', 'provider-cancelled', 'provider-failed');

describe('the end of a rental', () => {
  it('always has held back enough for uptime credit and penalty', () => {
    const penalty = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(reports, cause, penalty, (told, why, penaltyBps) => {
        const terms = { ...TERMS, providerPenaltyBps: bps(penaltyBps) };
        const world = new EscrowWorld({ terms }).start();
        const startedAt = world.now;
        for (const { hoursUp, hoursDown, isPause } of told) {
          world.runUntil(world.now + BigInt(hoursUp) * HOUR);
          const from = world.now;
          if (isPause) world.fact({ kind: 'paused', at: from });
          world.runUntil(from + BigInt(hoursDown) * HOUR);
          if (isPause) world.fact({ kind: 'resumed', at: world.now });
          else world.fact({ kind: 'outage', from, to: world.now });
        }
        world.fact({ kind: 'ended', at: world.now, cause: why });
        const { quote, escrow } = world;
        if (escrow.phase.kind !== 'ended') return;
        const ending = { startedAt, endAt: escrow.phase.endAt, cause: escrow.phase.cause };
        const gross = grossVested({ quote, escrow }, ending);
        expect(escrow.books.payer.credited).toBe(quote.amount - gross);
        const rate = giveBackBps({ quote, escrow }, ending);
        const credits = finalCredits({ quote, escrow }, ending);
        const net = (gross * (10_000n - rate)) / 10_000n;
        expect(credits.payer).toBe(gross - net);
        expect(earnedOf(escrow) + sumOf(credits) - credits.payer).toBe(net);
        expect(sumOf(credits)).toBe(undecidedOf(escrow));
      }),
      { numRuns: 200 },
    );
  });

  it('keeps what was paid, if an outage is reported when its time was paid already', () => {
    const world = new EscrowWorld().start();
    const startedAt = world.now;
    world.runUntil(startedAt + 20n * DAY);
    const paid = earnedOf(world.escrow);
    // 18 days less a quarter were paid; then the rental tells that it never worked at all.
    expect(paid).toBe(4_500_000_000n);
    world.fact({ kind: 'outage', from: startedAt, to: world.now });
    world.fact({ kind: 'ended', at: world.now, cause: 'provider-failed' });
    expect(earnedOf(world.escrow)).toBe(paid);
    expect(world.escrow.books.payer.credited).toBe(5_500_000_000n);
    world.runUntil(world.now + 3n * DAY);
    expect(world.escrow.phase.kind).toBe('closed');
  });
});
