import { readFileSync } from 'node:fs';
import { openWorld } from '@decent-cloud/localnet/testing/replica-world.ts';
import { buildCanister } from '../canisters/build-canister.ts';
import { layoutOf } from '../canisters/layout.ts';
import type { Bench, Figure } from './figure.ts';
import { fillMarket, type MarketSize } from './rental-market.ts';
import { RentalSubject, type RentalCosts } from './rental-subject.ts';

const NAME = 'rental';
const FEW: MarketSize = { rentals: 100, offers: 100 };
const MANY: MarketSize = { rentals: 100_000, offers: 10_000 };
const MILLION = 1e6;
const MOST_GROWTH = 1.1;
const GROWTH_GOALS: Partial<RentalCosts> = { upgrade: 1.05 };
const START_GOAL = 150 * MILLION;
/** Nobody waits for it; a message may take 40 billion. */
const AFTER_START_GOAL = 3_000 * MILLION;

/** What each may cost with little in the market and with much. */
const GOALS: RentalCosts = {
  accept_quote: 60 * MILLION,
  claim_jobs20: 150 * MILLION,
  report_step: 12 * MILLION,
  report_ready: 12 * MILLION,
  report_health1000: 3_000 * MILLION,
  search20: 150 * MILLION,
  my_rentals20: 120 * MILLION,
  upgrade: START_GOAL,
};

/**
 * The instructions of whole call trees: the deployed module, with a market that its own code made
 * (`canisters/rental/bench/README.md`), the deployed treasury and real ledger calls.
 */
export const rentalBench: Bench = {
  name: NAME,
  async run(tell) {
    await buildCanister('treasury');
    await buildCanister(NAME);
    const rental = {
      wasm: wasmOf(NAME),
      ...(await import('../../dist/canisters/rental/declarations/rental.did.ts')),
    };
    const treasury = {
      wasm: wasmOf('treasury'),
      ...(await import('../../dist/canisters/treasury/declarations/treasury.did.ts')),
    };
    const measure = async (size: MarketSize): Promise<RentalCosts> => {
      tell(`${NAME}: making ${size.rentals} rentals and ${size.offers} offers`);
      const market = await fillMarket({ size, rental, treasury });
      tell(`${NAME}: measuring with ${size.rentals} rentals`);
      return new RentalSubject(market, rental).costs();
    };
    const { init, afterInit } = startCosts(rental.wasm);
    const few = await measure(FEW);
    const many = await measure(MANY);
    const names = Object.keys(GOALS) as (keyof RentalCosts)[];
    return [
      instructions('init', init, START_GOAL),
      instructions('after_init', afterInit, AFTER_START_GOAL),
      ...names.flatMap((name) => [
        instructions(`${name}@100`, few[name], GOALS[name]),
        instructions(`${name}@100k`, many[name], GOALS[name]),
        growth(name, many[name] / few[name]),
      ]),
    ];
  },
};

function wasmOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(layoutOf(name).output.gzippedWasm));
}

/** What the installation takes, and the messages right after it, which read the code and warm up. */
function startCosts(wasm: Uint8Array): { readonly init: number; readonly afterInit: number } {
  const world = openWorld();
  const canisterId = world.createCanister();
  const cost = (run: () => unknown) => Number(world.measure(run).instructions);
  const init = cost(() => world.install({ canisterId, wasm }));
  const afterInit = cost(() => {
    world.runUntilIdle();
  });
  return { init, afterInit };
}

function instructions(name: string, value: number, goal: number): Figure {
  return { name: `${NAME}.${name}`, value, unit: 'instructions', goal };
}

function growth(name: keyof RentalCosts, value: number): Figure {
  const goal = GROWTH_GOALS[name] ?? MOST_GROWTH;
  return { name: `${NAME}.${name}@100k/@100`, value, unit: 'ratio', goal };
}
