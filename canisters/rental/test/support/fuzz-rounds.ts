import { expect } from 'vitest';
import * as fc from 'fast-check';
import { busyMarket, type BusyMarket } from './busy-market.ts';
import { judge, type Tally } from './fuzz-answers.ts';
import { fuzzCalls, type FuzzCall, type FuzzTarget } from './fuzz-calls.ts';
import { copiesOf, SECOND_NS, type RentalWorld } from './rental-world.ts';

export const CALLS_A_ROUND = 250;
const CALLS_A_SECOND = 12;
/** Less than a lease: who holds one does so for the whole round. */
export const SECONDS_A_ROUND = Math.ceil(CALLS_A_ROUND / CALLS_A_SECOND);

export interface Market {
  readonly b: BusyMarket;
  /** A copy that goes on from there. */
  readonly copy: () => RentalWorld;
}

let prepared: Market | undefined;

export function fuzzMarket(): Market {
  if (prepared !== undefined) return prepared;
  const b = busyMarket();
  prepared = { b, copy: copiesOf(b.r) };
  return prepared;
}

export interface Rounds {
  readonly target: FuzzTarget;
  readonly kind: 'update' | 'query';
  /** One round for each: the same seed makes the same calls. */
  readonly seeds: readonly number[];
  readonly after?: (r: RentalWorld, seed: number) => void;
}

/** Plays rounds, each in a copy of the market, and notes what was seen. */
export function playRounds({ copy }: Market, rounds: Rounds, tally: Tally): void {
  const calls = fuzzCalls(rounds.target, rounds.kind);
  for (const seed of rounds.seeds) {
    const r = copy();
    play(r, fc.sample(calls, { seed, numRuns: CALLS_A_ROUND }), tally);
    expect(tally.complaints, `seed ${seed.toString()}`).toEqual([]);
    rounds.after?.(r, seed);
  }
}

/** A second passes now and then, as it does between calls. */
function play(r: RentalWorld, calls: readonly FuzzCall[], tally: Tally): void {
  calls.forEach((call, index) => {
    judge(r.world, { canisterId: r.rentalId, call, tally });
    if (index % CALLS_A_SECOND === 0) r.world.elapse(SECOND_NS);
  });
}

export const seedsFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);
