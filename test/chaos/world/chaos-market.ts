import { Ed25519KeyIdentity } from '@dfinity/identity';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { CKUSDC_LEDGER_ID } from '@decent-cloud/localnet/system/system-ids.ts';
import { okOf, type PersonsCalls } from '../../../scripts/start/demo/demo-calls.ts';
import {
  hasFreshCatalogue,
  seedOffers,
  seedSeller,
  type DemoAgent,
  type SeededSeller,
} from '../../../scripts/start/demo/seed-market.ts';
import { until } from '../until.ts';
import { PROJECTS } from './chaos-clouds.ts';
import type { ChaosNetwork } from './chaos-network.ts';
import { CHAOS_SELLERS } from './chaos-offers.ts';
import { CHAOS_RECIPES } from './chaos-recipes.ts';

const RENTERS = 10;
/** 50,000 ckUSDC. */
const FUNDS = 50_000_000_000n;
const PAGE = { from: [] as [], limit: 50 };
const CATALOGUE_MS = 90_000;

/** Who plays a part in the market. */
export interface ChaosMarket {
  readonly sellers: readonly SeededSeller[];
  readonly renters: readonly PersonsCalls[];
  /** Offers by the recipe that they have, one of each seller. */
  readonly offers: ReadonlyMap<string, readonly bigint[]>;
}

/** Sellers with their cloud accounts, which the agent works; nothing can be rented yet. */
export async function seedSellers(
  network: ChaosNetwork,
  agent: DemoAgent,
): Promise<readonly SeededSeller[]> {
  const sellers = [];
  for (const [at, seller] of CHAOS_SELLERS.entries()) {
    const calls = network.as(Ed25519KeyIdentity.generate());
    const cloudToken = PROJECTS[at]?.token ?? '';
    sellers.push(await seedSeller(calls, seller, { agent, cloudToken }));
  }
  return sellers;
}

/** Opens the offers once a bridge has published what can be ordered, and funds renters. */
export async function openMarket(
  network: ChaosNetwork,
  sellers: readonly SeededSeller[],
): Promise<ChaosMarket> {
  const recipes = await publishRecipes(network.as(Ed25519KeyIdentity.generate()));
  const offers = new Map<string, bigint[]>();
  for (const seller of sellers) {
    await until('the catalogue is published', CATALOGUE_MS, () => hasFreshCatalogue(seller));
    await seedOffers(seller, recipes);
    for (const { id, recipe } of await offersOf(seller)) {
      const name = [...recipes].find(([, recipeId]) => recipeId === recipe[0]?.recipe_id)?.[0];
      const key = name ?? 'none';
      offers.set(key, [...(offers.get(key) ?? []), id]);
    }
  }
  const rich = network.as();
  const recipient = await identityToRecipient(await generateX25519Identity());
  const renters = Array.from({ length: RENTERS }, () => network.as(Ed25519KeyIdentity.generate()));
  for (const { principal, rental } of renters) {
    const key = { age_recipient: [recipient] as [string], sealed_age_identity: [] as [] };
    okOf('renter', await rental.set_age_key(key));
    const to = { owner: principal, subaccount: [] as [] };
    await rich.ledger(CKUSDC_LEDGER_ID).transfer({ to, amount: FUNDS });
  }
  return { sellers, renters, offers };
}

async function publishRecipes({ rental }: PersonsCalls): Promise<ReadonlyMap<string, bigint>> {
  const ids = new Map<string, bigint>();
  for (const { recipe, version } of CHAOS_RECIPES) {
    const { id } = okOf(recipe.name, await rental.publish_recipe(recipe));
    okOf(recipe.name, await rental.publish_version({ recipe_id: id, input: version }));
    ids.set(recipe.name, id);
  }
  return ids;
}

async function offersOf({ calls, providerId }: SeededSeller) {
  const { rows } = okOf(
    'offers',
    await calls.rental.list_provider_offerings({
      provider: providerId,
      is_retired: false,
      ...PAGE,
    }),
  );
  return rows;
}
