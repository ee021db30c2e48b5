import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import { DAY, HOUR, lasting, START, TERMS } from '../../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../../testing/escrow-world.fake.ts';
import type { Exclusions } from './escrow.ts';
import { billableNs, earnedFor, termEndOf, vestedAt } from './vesting.ts';

const quote = new EscrowWorld({
  terms: { ...TERMS, termNs: durationNs({ hours: 100 }), noticeNs: HOUR },
}).quote;
const NONE: Exclusions = {
  outageNs: lasting(0n),
  pausedNs: lasting(0n),
  pausedSince: undefined,
  lastTo: START,
};
const MINUTES = 6_000;

function at(minutes: number) {
  return timestampNs(START + BigInt(minutes) * 60_000_000_000n);
}

/** Disjoint intervals in minutes, in order; every second one is a pause. */
const intervals = fc
  .uniqueArray(fc.nat(MINUTES), { maxLength: 10 })
  .map((cuts) => [...cuts].sort((a, b) => a - b))
  .map((cuts) => cuts.slice(0, cuts.length - (cuts.length % 2)));

function excludedBy(cuts: readonly number[]): Exclusions {
  let exclusions = NONE;
  for (let index = 0; index < cuts.length; index += 2) {
    const length = lasting(at(cuts[index + 1] ?? 0) - at(cuts[index] ?? 0));
    exclusions =
      index % 4 === 0
        ? { ...exclusions, outageNs: lasting(exclusions.outageNs + length) }
        : { ...exclusions, pausedNs: lasting(exclusions.pausedNs + length) };
  }
  return exclusions;
}

/** Minute by minute, as nobody would do it in production. */
function countedMinutes(cuts: readonly number[], until: number): bigint {
  let counted = 0n;
  for (let minute = 0; minute < Math.min(until, MINUTES); minute += 1) {
    const isOut = cuts.some((from, index) => {
      return index % 2 === 0 && from <= minute && minute < (cuts[index + 1] ?? 0);
    });
    if (!isOut) counted += 1n;
  }
  return counted;
}

describe('vestedAt', () => {
  it.each([
    [0, 0n],
    [1, 1_666_666n],
    [60, 100_000_000n],
    [3_000, 5_000_000_000n],
    [5_999, 9_998_333_333n],
    [6_000, 10_000_000_000n],
    [9_000, 10_000_000_000n],
  ])('is after %i of 6 000 minutes %s of 10 000 000 000', (minutes, vested) => {
    expect(vestedAt({ quote, startedAt: START, exclusions: NONE }, at(minutes))).toBe(vested);
  });

  it('is the same as counting minute by minute', () => {
    fc.assert(
      fc.property(intervals, fc.nat(2_000), (cuts, extra) => {
        const until = (cuts.at(-1) ?? 0) + extra;
        const course = { quote, startedAt: START, exclusions: excludedBy(cuts) };
        const counted = countedMinutes(cuts, until);
        expect(billableNs(course, at(until))).toBe(counted * 60_000_000_000n);
        expect(vestedAt(course, at(until))).toBe((quote.amount * counted) / BigInt(MINUTES));
      }),
      { numRuns: 60 },
    );
  });

  it('never falls while time goes on, and stays between nothing and everything', () => {
    const open = fc.option(fc.nat(MINUTES), { nil: undefined });
    fc.assert(
      fc.property(intervals, open, fc.nat(9_000), fc.nat(9_000), (cuts, paused, one, other) => {
        const pausedSince = paused === undefined ? undefined : at(paused);
        const course = {
          quote,
          startedAt: START,
          exclusions: { ...excludedBy(cuts), pausedSince },
        };
        const early = vestedAt(course, at(Math.min(one, other)));
        const late = vestedAt(course, at(Math.max(one, other)));
        expect(early).toBeGreaterThanOrEqual(0n);
        expect(late).toBeGreaterThanOrEqual(early);
        expect(late).toBeLessThanOrEqual(quote.amount);
      }),
    );
  });

  it('stands still during a pause that is not over', () => {
    const exclusions = { ...NONE, pausedSince: at(600) };
    const course = { quote, startedAt: START, exclusions };
    expect(vestedAt(course, at(600))).toBe(1_000_000_000n);
    expect(vestedAt(course, at(5_000))).toBe(1_000_000_000n);
  });

  it('earns everything for more time than the term, never more', () => {
    expect(earnedFor(quote, lasting(365n * DAY))).toBe(quote.amount);
    expect(termEndOf({ quote, startedAt: START })).toBe(at(MINUTES));
  });
});
