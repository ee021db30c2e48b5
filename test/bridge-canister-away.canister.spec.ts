import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectMachineRuns, expectNothingRuns, expectSolvent } from './bridge/expect-rental.ts';
import { bridgeCloud } from './bridge/world/bridge-cloud.ts';
import { worldOffer } from './bridge/world/bridge-market.ts';
import { jobsInHand } from './bridge/world/bridge-numbers.ts';
import { startBridgeWorld, type BridgeWorld } from './bridge/world/bridge-world.ts';
import { CanisterOperation } from './bridge/world/operate-canister.ts';
import { bePatient, PATIENCE_MS } from './bridge/world/patience.ts';
import { letGoOn, waitingRecipe } from './bridge/world/waiting-recipe.ts';
import { WorldRental } from './bridge/world/world-rental.ts';
import { until } from './chaos/until.ts';

const SEED = 53;

bePatient();

let world: BridgeWorld;
let operation: CanisterOperation;

beforeAll(async () => {
  world = await startBridgeWorld({
    seed: SEED,
    cloud: bridgeCloud({ addressPrefix: '127.24', timeFactor: 0.1 }),
    bridges: 2,
    sellers: [{ name: 'one', offers: [worldOffer('bare', undefined), worldOffer('once', 'once')] }],
    recipes: [waitingRecipe('once')],
    bridgeEnv: { BRIDGE_POLL_MS: '500' },
  });
  operation = new CanisterOperation(world.network);
});
afterAll(() => world.close());

/** One whose recipe waits for a word, and one that just boots. */
async function rentBoth(): Promise<readonly [WorldRental, WorldRental]> {
  const once = await WorldRental.pay(world, 'once');
  await once.untilStep('RecipeStep');
  return [once, await WorldRental.pay(world, 'bare')];
}

/** It is active on the one machine that was ever made for it; then it is given back. */
async function expectMadeOnce(rental: WorldRental): Promise<void> {
  await rental.untilActive();
  expect(rental.servers()).toHaveLength(1);
  expectMachineRuns(world, rental);
  await rental.cancel();
  await rental.untilGone();
  expectNothingRuns(world, rental);
}

describe('bridges and a market that goes away in the middle', () => {
  it('let go of their jobs while it is stopped, and go on with the same machines after that', async () => {
    const [once, bare] = await rentBoth();
    await operation.stop();
    await until('no bridge has a job in hand', PATIENCE_MS, async () => {
      const jobs = await Promise.all(world.bridges().map(jobsInHand));
      return jobs.every((count) => count === 0);
    });
    letGoOn(world, once);
    await operation.start();
    await Promise.all([once, bare].map(expectMadeOnce));
    const job = await once.job('Provision');
    expect(job?.attempts).toBeGreaterThan(1);
    expect(job?.last_problem).toEqual([]);
    await expectSolvent(world);
  });

  it('go on with the same machines when it is upgraded, without a word of trouble', async () => {
    const [once, bare] = await rentBoth();
    await operation.stop();
    await operation.upgrade();
    await operation.start();
    letGoOn(world, once);
    await Promise.all([once, bare].map(expectMadeOnce));
    expect(await once.job('Provision')).toMatchObject({ last_problem: [] });
    await expectSolvent(world);
  });
});
