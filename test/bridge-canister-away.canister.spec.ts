import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectMachineRuns, expectNothingRuns, expectSolvent } from './bridge/expect-rental.ts';
import { bridgeCloud } from './bridge/world/bridge-cloud.ts';
import { worldOffer, worldRecipe } from './bridge/world/bridge-market.ts';
import { jobsInHand } from './bridge/world/bridge-numbers.ts';
import { startBridgeWorld, type BridgeWorld } from './bridge/world/bridge-world.ts';
import { CanisterOperation } from './bridge/world/operate-canister.ts';
import { WorldRental } from './bridge/world/world-rental.ts';
import { until } from './chaos/until.ts';

const SEED = 53;
const PATIENCE_MS = 120_000;

/** Goes on until the spec says so, and fails if it is run twice on one machine. */
const ONCE = `#!/bin/bash
set -eu
mkdir /var/lib/ran
echo '#dc-step 1/2 Half'
while [ ! -e /var/lib/go-on ]; do sleep 0.2; done
echo '#dc-step 2/2 Whole'
touch /var/lib/ran/done
`;

let world: BridgeWorld;
let operation: CanisterOperation;

beforeAll(async () => {
  world = await startBridgeWorld({
    seed: SEED,
    cloud: bridgeCloud({ addressPrefix: '127.24', timeFactor: 0.1 }),
    bridges: 2,
    sellers: [{ name: 'one', offers: [worldOffer('bare', undefined), worldOffer('once', 'once')] }],
    recipes: [worldRecipe('once', ONCE, 'test -f /var/lib/ran/done')],
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

function letGoOn(rental: WorldRental): void {
  const folder = world.cloud.folderOf(rental.server()?.id ?? 0);
  writeFileSync(join(folder, 'fs/var/lib/go-on'), '');
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
    letGoOn(once);
    await operation.start();
    await Promise.all([once, bare].map(expectMadeOnce));
    const job = await once.job('Provision');
    expect(job?.attempts).toBeGreaterThan(1);
    expect(job?.last_problem).toEqual([]);
    await expectSolvent(world);
  });

  it('go on as if nothing were while it is upgraded', async () => {
    const [once, bare] = await rentBoth();
    await operation.stop();
    await operation.upgrade();
    await operation.start();
    letGoOn(once);
    await Promise.all([once, bare].map(expectMadeOnce));
    expect(await once.job('Provision')).toMatchObject({ attempts: 1, last_problem: [] });
    await expectSolvent(world);
  });
});
