import { readFileSync } from 'node:fs';
import { openWorld } from '@decent-cloud/localnet/testing/replica-world.ts';
import { buildCanister } from '../canisters/build-canister.ts';
import { layoutOf } from '../canisters/layout.ts';
import type { Bench, Figure } from './figure.ts';
import { fillTreasury } from './treasury-rentals.ts';
import { TreasurySubject, type TreasuryCosts } from './treasury-subject.ts';

const NAME = 'treasury';
const FEW = 100;
const MANY = 100_000;
const MILLION = 1e6;
const MOST_GROWTH = 1.1;
const INIT_GOAL = 150 * MILLION;

/** What each may cost with few rentals and with many. */
const GOALS: TreasuryCosts = {
  quote: 25 * MILLION,
  deposit: 40 * MILLION,
  payout: 25 * MILLION,
  fact: 10 * MILLION,
  solvency: 5 * MILLION,
  escrowTick: 2 * MILLION,
  getEscrow: 10 * MILLION,
  myPayouts: 60 * MILLION,
  upgrade: INIT_GOAL,
};

/**
 * The treasury's own instructions over a whole call tree: the deployed module, with rentals that its
 * own code made (`canisters/treasury/bench/README.md`), real ledger calls and a price that is asked for.
 */
export const treasuryBench: Bench = {
  name: NAME,
  async run(tell) {
    await buildCanister(NAME);
    const wasm = new Uint8Array(readFileSync(layoutOf(NAME).output.gzippedWasm));
    const { idlFactory } =
      await import('../../dist/canisters/treasury/declarations/treasury.did.ts');
    const measure = async (count: number): Promise<TreasuryCosts> => {
      tell(`${NAME}: making ${count} rentals`);
      const treasury = await fillTreasury({ count, wasm });
      tell(`${NAME}: measuring with ${count} rentals`);
      return new TreasurySubject(treasury, { idlFactory, wasm }).costs();
    };
    const few = await measure(FEW);
    const many = await measure(MANY);
    const names = Object.keys(GOALS) as (keyof TreasuryCosts)[];
    return [
      instructions('init', initCost(wasm), INIT_GOAL),
      ...names.flatMap((name) => [
        instructions(`${name}@100`, few[name], GOALS[name]),
        instructions(`${name}@100k`, many[name], GOALS[name]),
        growth(name, many[name] / few[name]),
      ]),
    ];
  },
};

function initCost(wasm: Uint8Array): number {
  const world = openWorld();
  const canisterId = world.createCanister();
  return Number(world.measure(() => world.install({ canisterId, wasm })).instructions);
}

function instructions(name: string, value: number, goal: number): Figure {
  return { name: `${NAME}.${name}`, value, unit: 'instructions', goal };
}

function growth(name: string, value: number): Figure {
  return { name: `${NAME}.${name}@100k/@100`, value, unit: 'ratio', goal: MOST_GROWTH };
}
