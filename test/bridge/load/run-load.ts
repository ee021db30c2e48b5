import { join } from 'node:path';
import { okOf } from '../../../scripts/start/demo/demo-calls.ts';
import { until } from '../../chaos/until.ts';
import { worldOffer, worldRecipe } from '../world/bridge-market.ts';
import { startBridgeWorld, type BridgeWorld } from '../world/bridge-world.ts';
import { cloudProcess, type CloudProcess } from './cloud-process.ts';
import { costsOf, type BridgeCosts } from './bridge-costs.ts';
import { measureSelf, type ProcessCosts } from './own-costs.ts';
import { profileEnv, profileSelf } from './profile.ts';
import { pay, quoteMany, type QuotedRental } from './load-renters.ts';
import { timesOf, type RentalTimes } from './rental-times.ts';

export interface LoadOptions {
  readonly rentals: number;
  /** 1: the cloud is as slow as the real one. */
  readonly timeFactor: number;
  /** Where CPU profiles of all three processes are to be written, if anywhere. */
  readonly profileDir: string | undefined;
  /** Takes lines about how it goes. */
  readonly tell: (line: string) => void;
}

export interface LoadOutcome {
  readonly times: readonly RentalTimes[];
  /** Of the whole run, until all machines are deleted. */
  readonly costs: BridgeCosts;
  readonly cloud: {
    /** In all, from the first payment until all machines are deleted. */
    readonly requests: number;
    /** Answers 429. */
    readonly refused: number;
    readonly process: ProcessCosts;
    readonly machinesCpuSeconds: number;
  };
  /** The process that all canisters run in. */
  readonly network: ProcessCosts;
  readonly seconds: { readonly paid: number; readonly active: number; readonly gone: number };
}

const SEED = 54;
const RENTERS = 10;
const TITLES = { bare: 'Bare machine', recipe: 'Machine with a recipe' };
const PATIENCE_MS = 900_000;
const MS_PER_SECOND = 1_000;

const SCRIPT = `#!/bin/bash
set -eu
for step in 1 2 3; do
  echo "#dc-step $step/3 Part $step"
  sleep 0.3
done
touch /var/lib/set-up
`;

/** Rents all at once on one bridge, waits until all are active, and gives all back. */
export async function runLoad(options: LoadOptions): Promise<LoadOutcome> {
  const { profileDir, timeFactor } = options;
  const profiled = (name: string): Readonly<Record<string, string>> =>
    profileDir === undefined ? {} : profileEnv(join(profileDir, `${name}.cpuprofile`));
  const world = await startBridgeWorld({
    seed: SEED,
    cloud: cloudProcess({ addressPrefix: '127.25', timeFactor }, profiled('cloud')),
    bridges: 1,
    sellers: [
      {
        name: 'one',
        offers: [worldOffer(TITLES.bare, undefined), worldOffer(TITLES.recipe, 'sets-up')],
      },
    ],
    recipes: [worldRecipe('sets-up', SCRIPT, 'test -f /var/lib/set-up')],
    bridgeEnv: profiled('bridge'),
  });
  try {
    return await measure(world, options);
  } finally {
    await world.close();
  }
}

async function measure(
  world: BridgeWorld<CloudProcess>,
  { rentals, profileDir, tell }: LoadOptions,
): Promise<LoadOutcome> {
  const titles = [TITLES.bare, TITLES.recipe];
  const quoted = await quoteMany(world, { rentals, renters: Math.min(RENTERS, rentals), titles });
  tell(`${rentals} rentals are quoted`);
  const before = await world.cloud.facts();
  const networkCosts = measureSelf();
  const endProfile =
    profileDir === undefined
      ? undefined
      : await profileSelf(join(profileDir, 'network.cpuprofile'));
  const startedAtMs = Date.now();
  const seconds = (): number => (Date.now() - startedAtMs) / MS_PER_SECOND;
  await Promise.all(quoted.map(pay));
  const paid = seconds();
  tell(`all are paid (${paid.toFixed(1)} s)`);
  await until('no job is left', PATIENCE_MS, () => isIdle(world));
  const active = seconds();
  tell(`no job is left (${active.toFixed(1)} s)`);
  const facts = await world.cloud.facts();
  const times = [];
  for (const one of quoted) times.push(await timesOf(one, facts));
  await Promise.all(quoted.map(giveBack));
  await until('all machines are gone', PATIENCE_MS, async () => {
    return (await isIdle(world)) && (await world.cloud.facts()).servers.length === 0;
  });
  tell(`all machines are gone (${seconds().toFixed(1)} s)`);
  await endProfile?.();
  const [bridge] = world.bridges();
  if (bridge === undefined) throw new Error('BUG: a world without a bridge');
  const after = await world.cloud.facts();
  return {
    times,
    costs: await costsOf(bridge),
    cloud: {
      requests: after.requests - before.requests,
      refused: after.refused,
      process: after.costs,
      machinesCpuSeconds: after.machinesCpuSeconds,
    },
    network: networkCosts(),
    seconds: { paid, active, gone: seconds() },
  };
}

async function isIdle({ network }: BridgeWorld<CloudProcess>): Promise<boolean> {
  const backlog = okOf('backlog', await network.operator.rental.job_backlog());
  return backlog.every(
    ({ ready, waiting, leased, delayed }) => ready + waiting + leased + delayed === 0,
  );
}

async function giveBack({ calls, id }: QuotedRental): Promise<void> {
  okOf('cancel', await calls.rental.cancel_rental(id));
}
