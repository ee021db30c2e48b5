import { describe, expect, it } from 'vitest';
import { newTally } from './support/fuzz-answers.ts';
import { partiesTarget, QUERIES } from './support/fuzz-market.ts';
import { CALLS_A_ROUND, fuzzMarket, playRounds, seedsFrom } from './support/fuzz-rounds.ts';

const ROUNDS = 13;

describe('queries with arguments of all kinds', () => {
  it('are answered or refused', () => {
    const market = fuzzMarket();
    const target = partiesTarget(market.b);
    const tally = newTally();
    playRounds(market, { target, kind: 'query', seeds: seedsFrom(201, ROUNDS) }, tally);
    expect(tally.calls).toBe(ROUNDS * CALLS_A_ROUND);
    expect(tally.refused).toBeGreaterThan(tally.calls / 10);
    expect(QUERIES.filter((method) => !tally.okMethods.has(method))).toEqual([]);
  });
});
