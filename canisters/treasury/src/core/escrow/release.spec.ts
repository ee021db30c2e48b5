import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import {
  bps,
  DAY,
  HOUR,
  lasting,
  START,
  TERMS,
  TOKEN,
  units,
} from '../../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../../testing/escrow-world.fake.ts';
import type { Escrow } from './escrow.ts';
import { heldBackBps, nextReleaseAt, releasableAt, releaseThreshold } from './release.ts';

function started(options: {
  readonly minPayout?: bigint;
  readonly penaltyBps?: number;
  readonly credited?: bigint;
  readonly outageHours?: number;
  readonly pausedAfterHours?: number | undefined;
}) {
  const token = { ...TOKEN, minPayout: units(options.minPayout ?? 100_000n) };
  const terms = { ...TERMS, providerPenaltyBps: bps(options.penaltyBps ?? 0) };
  const world = new EscrowWorld({ token, terms }).start();
  const credited = units(options.credited ?? 0n);
  const { pausedAfterHours } = options;
  const pausedSince =
    pausedAfterHours === undefined
      ? undefined
      : timestampNs(START + BigInt(pausedAfterHours) * HOUR);
  const escrow: Escrow = {
    ...world.escrow,
    books: { ...world.escrow.books, provider: { credited, paid: units(0n), fees: units(0n) } },
    exclusions: {
      ...world.escrow.exclusions,
      outageNs: lasting(BigInt(options.outageHours ?? 0) * HOUR),
      pausedSince,
    },
  };
  return { quote: world.quote, escrow, startedAt: START };
}

describe('heldBackBps', () => {
  it.each([
    [0, 2_500n],
    [2_499, 2_500n],
    [6_000, 6_000n],
  ])('with a penalty of %i beside a table up to 2 500 is %s', (penaltyBps, held) => {
    expect(heldBackBps({ ...TERMS, providerPenaltyBps: bps(penaltyBps) })).toBe(held);
  });

  it('is the penalty without a table', () => {
    expect(heldBackBps({ ...TERMS, slaCredits: [] })).toBe(1_000n);
  });
});

describe('releaseThreshold', () => {
  it.each([
    [100_000n, 200_000n],
    [200_001n, 200_001n],
  ])('with a minimum of %s and a fee of 10 000 is %s', (minPayout, threshold) => {
    expect(releaseThreshold(started({ minPayout }).quote)).toBe(threshold);
  });
});

describe('nextReleaseAt', () => {
  it('is the first day on which the release is worth it, exactly', () => {
    const pause = fc.option(fc.nat(700), { nil: undefined });
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 9_000_000_000n }),
        fc.bigInt({ min: 0n, max: 4_000_000_000n }),
        fc.constantFrom(0, 1_000, 9_999, 10_000),
        fc.nat(200),
        pause,
        fc.integer({ min: -10, max: 900 }),
        (credited, minPayout, penaltyBps, outageHours, pausedAfterHours, afterHours) => {
          const rental = started({
            credited,
            minPayout,
            penaltyBps,
            outageHours,
            pausedAfterHours,
          });
          const from = timestampNs(START + BigInt(afterHours) * HOUR);
          const days = Array.from({ length: 29 }, (_, day) =>
            timestampNs(START + BigInt(day + 1) * DAY),
          );
          const expected = days.find(
            (day) => day > from && releasableAt(rental, day) >= releaseThreshold(rental.quote),
          );
          expect(nextReleaseAt(rental, from)).toBe(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is never, if everything is held back', () => {
    expect(nextReleaseAt(started({ penaltyBps: 10_000 }), START)).toBeUndefined();
  });
});

describe('releasableAt', () => {
  it('is nothing in the first two days', () => {
    const two = timestampNs(START + 2n * DAY);
    expect(releasableAt(started({}), two)).toBe(0n);
    expect(releasableAt(started({}), timestampNs(two + HOUR))).toBe(10_416_666n);
  });

  it('counts a fresh outage at once, so that its credit is never paid out before', () => {
    const day10 = timestampNs(START + 10n * DAY);
    expect(releasableAt(started({}), day10)).toBe(1_999_999_999n);
    expect(releasableAt(started({ outageHours: 24 }), day10)).toBe(1_749_999_999n);
  });
});
