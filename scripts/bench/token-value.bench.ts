import { readFileSync } from 'node:fs';
import type { Principal } from '@dfinity/principal';
import { GENESIS_PRICES, planPrices } from '@decent-cloud/localnet/system/dex/price-plan.ts';
import { installPriceWorld } from '@decent-cloud/localnet/system/dex/price-world.ts';
import { DCT_LEDGER_ID } from '@decent-cloud/localnet/system/system-ids.ts';
import { openWorld } from '@decent-cloud/localnet/testing/replica-world.ts';
import { OPERATOR, type World } from '@decent-cloud/localnet/testing/world.ts';
import type { _SERVICE as TokenValue } from '../../dist/canisters/token-value/declarations/token-value.did.ts';
import { buildCanister } from '../canisters/build-canister.ts';
import { layoutOf } from '../canisters/layout.ts';
import type { Bench, Figure } from './figure.ts';

const NAME = 'token-value';
const MILLION = 1e6;
const MINUTE_NS = 60n * 1_000_000_000n;
const TICK_NS = 5n * MINUTE_NS;
/** Every source then has the six samples that it takes to count. */
const FEW_SAMPLES_NS = 40n * MINUTE_NS;
/** Every ring is then full. */
const FULL_RINGS_NS = 25n * 60n * MINUTE_NS;

/** Configures a canister and reads a price of it. What this needs exists once the canister was built. */
interface Client {
  readonly configure: (world: World, id: Principal) => void;
  readonly readPrice: (world: World, id: Principal) => void;
}

async function loadClient(): Promise<Client> {
  const { idlFactory } =
    await import('../../dist/canisters/token-value/declarations/token-value.did.ts');
  const { priceConfig } = await import('../start/price-config.ts');
  const { sources, tokens } = priceConfig();
  return {
    configure: (world, id) => {
      const actor = world.actor<TokenValue>(id, idlFactory, OPERATOR);
      for (const source of sources) actor.add_source(source);
      for (const pricing of tokens) actor.set_pricing(pricing);
    },
    readPrice: (world, id) => {
      const result = world.actor<TokenValue>(id, idlFactory, OPERATOR).get_price(DCT_LEDGER_ID);
      if ('Err' in result) throw new Error(result.Err.message);
    },
  };
}

export const tokenValueBench: Bench = {
  name: NAME,
  async run(tell) {
    await buildCanister(NAME);
    const { configure, readPrice } = await loadClient();
    const wasm = new Uint8Array(readFileSync(layoutOf(NAME).output.gzippedWasm));
    const { xdrPermyriadPerIcp } = planPrices(GENESIS_PRICES);
    const world = openWorld({ system: { xdrPermyriadPerIcp } });
    installPriceWorld(world.replica);
    const id = world.createCanister();
    const cost = (run: () => void): number => Number(world.measure(run).instructions);
    const init = cost(() => void world.install({ canisterId: id, wasm }));
    world.runUntilIdle();
    configure(world, id);
    world.elapse(FEW_SAMPLES_NS);
    const price = cost(() => readPrice(world, id));
    tell(`${NAME}: a day of samples`);
    world.elapse(FULL_RINGS_NS);
    const priceOfFull = cost(() => readPrice(world, id));
    const tick = cost(() => world.elapse(TICK_NS));
    const upgrade = cost(() => void world.upgrade({ canisterId: id, wasm }));
    return [
      figure('tokenValue.init', init, 150 * MILLION),
      figure('tokenValue.getPrice', price, 5 * MILLION),
      figure('tokenValue.getPrice@day', priceOfFull, 1.1 * price),
      figure('tokenValue.tick', tick, 500 * MILLION),
      figure('tokenValue.upgrade@day', upgrade, 1.05 * init),
    ];
  },
};

function figure(name: string, value: number, goal: number): Figure {
  return { name, value, unit: 'instructions', goal };
}
