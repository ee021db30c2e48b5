import { describe, expect, it } from 'vitest';
import { newTally, type Tally } from './support/fuzz-answers.ts';
import { hostileTarget, partiesTarget, seenByHonest, UPDATES } from './support/fuzz-market.ts';
import {
  CALLS_A_ROUND,
  fuzzMarket,
  playRounds,
  SECONDS_A_ROUND,
  seedsFrom,
} from './support/fuzz-rounds.ts';
import { RENTER } from './support/market.ts';
import { okOf } from './support/ok-of.ts';
import { paid, stateOf, Worker } from './support/rent.ts';
import * as fixture from './support/rental-world.ts';
import type { RentalWorld } from './support/rental-world.ts';

const { LEDGER, MINUTE_NS, SECOND_NS, STRANGER } = fixture;
const FIRST_SEEDS = [1, 101, 201];
const ROUNDS = 7;

/** The treasury's books hold their rules, and the ledger has what they say. */
function expectSound(r: RentalWorld): void {
  const treasury = r.treasury(STRANGER);
  const page = okOf(treasury.check_invariants(0n, 200));
  expect(page.troubles).toEqual([]);
  expect(page.checked).toBeGreaterThan(0n);
  expect(okOf(treasury.solvency(LEDGER))).toMatchObject({ difference: 0n, shortfall: 0n });
}

/** From the quote to the machine that is gone. */
function expectRentable(r: RentalWorld): void {
  r.world.elapse(MINUTE_NS);
  r.readCatalogue();
  const { rentalId } = paid(r);
  Worker.claimFor(r, 'Provision', rentalId).provision();
  expect(stateOf(r, rentalId)).toBe('Active');
  okOf(r.as(RENTER).cancel_rental(rentalId));
  r.world.elapse(MINUTE_NS);
  Worker.claimFor(r, 'Terminate', rentalId).gone();
  expect(stateOf(r, rentalId)).toBe('Ending');
}

/** Not all were refused, and not all were let through: the calls reach what is behind the checks. */
function expectDeep(tally: Tally): void {
  expect(tally.calls).toBe(FIRST_SEEDS.length * ROUNDS * CALLS_A_ROUND);
  expect(tally.ok).toBeGreaterThan(tally.calls / 10);
  expect(tally.rejected).toBeGreaterThan(tally.calls / 20);
  const leaves = ['NotAuthenticated', 'NotAllowed', 'NotFound', 'InvalidArgument', 'WrongState'];
  expect([...tally.leaves.keys()]).toEqual(expect.arrayContaining(leaves));
}

describe('updates with arguments of all kinds', () => {
  const hostile = newTally();
  const parties = newTally();

  it.each(FIRST_SEEDS)('of strangers and rivals change nothing of others (%d)', (first) => {
    const market = fuzzMarket();
    const calm = market.copy();
    for (let second = 0; second < SECONDS_A_ROUND; second += 1) calm.world.elapse(SECOND_NS);
    const seen = seenByHonest(market.b, calm);
    const after = (r: RentalWorld, seed: number): void => {
      expect(seenByHonest(market.b, r)).toEqual(seen);
      expectSound(r);
      if (seed === first) expectRentable(r);
    };
    const seeds = seedsFrom(first, ROUNDS);
    playRounds(market, { target: hostileTarget(market.b), kind: 'update', seeds, after }, hostile);
  });

  it.each(FIRST_SEEDS)('of those who may are answered, and the money stays sound (%d)', (first) => {
    const market = fuzzMarket();
    const target = partiesTarget(market.b);
    const seeds = seedsFrom(1_000 + first, ROUNDS);
    playRounds(market, { target, kind: 'update', seeds, after: expectSound }, parties);
  });

  it('come as far as they can', () => {
    expectDeep(hostile);
    expectDeep(parties);
    // It is in use in every one of these markets.
    const neverOk = UPDATES.filter((method) => !parties.okMethods.has(method));
    expect(neverOk).toEqual(['delete_cloud_account']);
  });
});
