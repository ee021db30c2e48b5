import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAllBack,
  expectMachineRuns,
  expectNothingRuns,
  expectSolvent,
} from './expect-rental.ts';
import { bridgeCloud } from './world/bridge-cloud.ts';
import { worldOffer, worldRecipe } from './world/bridge-market.ts';
import { startBridgeWorld, type BridgeWorld } from './world/bridge-world.ts';
import { bePatient, PATIENCE_MS } from './world/patience.ts';
import { letGoOn, waitingRecipe } from './world/waiting-recipe.ts';
import { WorldRental } from './world/world-rental.ts';
import { until } from '../chaos/until.ts';

const SEED = 51;
const ALL_BACK = 'Everything you paid goes back to you.';
const DID_NOT_WORK = 'what the offer or the recipe asks for did not work. The log says where';
/** The least that a bridge can be told. */
const SHORT_LIMIT_MS = 1_000;
const CUTS = 2;
const MIB = 1_048_576;
const KIB = 1_024;

type Control = BridgeWorld['cloud']['hetzner']['control'];

const FAILS = `#!/bin/bash
echo 'Looking for the thing'
echo 'E: the thing is not there' >&2
exit 1
`;
const LOOPS = `#!/bin/bash
echo '#dc-step 1/2 Looping'
while :; do sleep 0.2; done
`;
/** 10 MiB, and something to be found at both ends. */
const CHATTERS = `#!/bin/bash
echo 'the first line'
yes 'nothing to see here, but much of it' | head -c ${10 * MIB}
echo
echo 'the last line'
touch /var/lib/chattered
`;
const FILLS = `#!/bin/bash
set -eu
echo '#dc-step 1/2 Writing'
while :; do echo more >>/var/lib/data; sleep 0.2; done
`;

const RECIPES = [
  worldRecipe('fails', FAILS, 'true'),
  worldRecipe('loops', LOOPS, 'true'),
  worldRecipe('chatters', CHATTERS, 'test -f /var/lib/chattered'),
  waitingRecipe('once'),
  worldRecipe('fills', FILLS, 'true'),
];

const ENV = { BRIDGE_POLL_MS: '500' };

bePatient();

let world: BridgeWorld;

beforeAll(async () => {
  world = await startBridgeWorld({
    seed: SEED,
    cloud: bridgeCloud({ addressPrefix: '127.22', timeFactor: 0.02 }),
    bridges: 1,
    sellers: [
      { name: 'one', offers: RECIPES.map(({ recipe: { name } }) => worldOffer(name, name)) },
    ],
    recipes: RECIPES,
    bridgeEnv: ENV,
  });
});
afterAll(() => world.close());

function setFaults(rental: WorldRental, faults: Parameters<Control['setMachineFaults']>[1]): void {
  world.cloud.hetzner.control.setMachineFaults(rental.server()?.id ?? 0, faults);
}

/** Cuts what is connected at this moment. */
function cutConnections(rental: WorldRental): void {
  setFaults(rental, [{ kind: 'drop-ssh', afterMs: 0 }]);
  setFaults(rental, []);
}

/** How often the bridge had to log in anew; the renter reads it there, too. */
function doorsOpened(rental: WorldRental): number {
  const folder = world.cloud.folderOf(rental.server()?.id ?? 0);
  const lines = readFileSync(join(folder, 'fs/var/log/syslog'), 'utf8').split('\n');
  return lines.filter((line) => line.includes('dc-door: opened')).length;
}

/** It ended, everything went back, and nothing of it runs. */
async function expectUndone(rental: WorldRental): Promise<void> {
  const { cause, reason } = await rental.untilEnding();
  expect(cause).toEqual({ NotProvisioned: null });
  expect(reason).toContain(DID_NOT_WORK);
  expect(reason).toContain(ALL_BACK);
  await rental.untilPaidOut();
  await expectAllBack(rental);
  await rental.untilGone();
  expect(rental.servers()).toHaveLength(1);
  expectNothingRuns(world, rental);
}

describe.concurrent('a bridge with a recipe', () => {
  it('that fails: says its last lines, deletes the machine, gives the money back', async () => {
    const rental = await WorldRental.pay(world, 'fails');
    await expectUndone(rental);
    expect(await rental.problem('Provision')).toContain('The recipe failed (exit 1).');
    expect(await rental.problem('Provision')).toContain('E: the thing is not there');
    expect((await rental.log()).text).toContain('Looking for the thing');
  });

  it('that prints 10 MB: keeps its beginning and its end, and the machine is ready', async () => {
    const rental = await WorldRental.pay(world, 'chatters');
    await rental.untilActive();
    const { text, total, dropped } = await rental.log();
    expect(text.startsWith('the first line\nnothing to see here')).toBe(true);
    expect(text.endsWith('the last line\n')).toBe(true);
    expect(text).toMatch(/\[… \d+ bytes left out …\]/);
    expect(total).toBeLessThan(BigInt(300 * KIB));
    expect(text.length).toBeLessThan(300 * KIB);
    expect(dropped).toBeGreaterThan(0n);
    await rental.cancel();
    await rental.untilGone();
    expectNothingRuns(world, rental);
  });

  it('whose connection drops again and again: goes on with it, and runs it once', async () => {
    const rental = await WorldRental.pay(world, 'once');
    await rental.untilStep('RecipeStep');
    expectMachineRuns(world, rental);
    for (let cuts = 1; cuts <= CUTS; cuts += 1) {
      const before = doorsOpened(rental);
      cutConnections(rental);
      await until('the bridge is in again', PATIENCE_MS, () => doorsOpened(rental) > before);
    }
    letGoOn(world, rental);
    await rental.untilActive();
    const jobs = await rental.jobs();
    expect(jobs).toHaveLength(1);
    expect(jobs[0]).toMatchObject({ attempts: 1, last_problem: [] });
    await rental.cancel();
    await rental.untilGone();
    expectNothingRuns(world, rental);
  });

  it('on whose machine the disk is full: ends, and the money goes back', async () => {
    const rental = await WorldRental.pay(world, 'fills');
    await rental.untilStep('RecipeStep');
    setFaults(rental, [{ kind: 'disk-full' }]);
    await expectUndone(rental);
    expect(await rental.problem('Provision')).toContain('The recipe');
  });
});

describe('a bridge that gives recipes a second', () => {
  beforeAll(() =>
    world.restartBridges({ ...ENV, BRIDGE_SCRIPT_LIMIT_MS: SHORT_LIMIT_MS.toString() }),
  );

  it('ends one that never ends, and the money goes back', async () => {
    const rental = await WorldRental.pay(world, 'loops');
    await expectUndone(rental);
    expect(await rental.problem('Provision')).toContain('The recipe was not done within');
    const notes = (await rental.steps()).map(({ note }) => note);
    expect(notes).toContain('Looping');
  });
});

describe('the market after all of that', () => {
  it('has all the money that the books say', () => expectSolvent(world));
});
