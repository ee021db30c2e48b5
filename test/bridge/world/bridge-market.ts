import { Ed25519KeyIdentity } from '@dfinity/identity';
import { okOf, type PersonsCalls } from '../../../scripts/start/demo/demo-calls.ts';
import type { DemoOffer } from '../../../scripts/start/demo/demo-offers.ts';
import {
  hasFreshCatalogue,
  seedOffers,
  seedSeller,
  type DemoAgent,
  type SeededSeller,
} from '../../../scripts/start/demo/seed-market.ts';
import type {
  MachineChoice,
  NewRecipe,
  VersionInput,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';
import type { ChaosNetwork } from '../../chaos/world/chaos-network.ts';
import { until } from '../../chaos/until.ts';

const CATALOGUE_MS = 300_000;
const PAGE = { from: [] as [], limit: 50 };
const SECOND_NS = 1_000_000_000n;
/** $720. */
const MONTHLY_USD_E8 = 72_000_000_000n;
/** The most that a seller's account takes. */
const JOBS_AT_ONCE = 50;

export interface WorldRecipe {
  readonly recipe: NewRecipe;
  readonly version: VersionInput;
}

/** A recipe that is healthy as long as `check` succeeds. */
export function worldRecipe(name: string, script: string, check: string): WorldRecipe {
  return {
    recipe: { name, description: `The recipe ${name}.`, icon: '', tags: [], author_bps: 300 },
    version: {
      semver: '1.0.0',
      script,
      rollback_script: [],
      fields: [],
      min_machine: { cores: 1, memory_mb: 512, disk_gb: 5, archs: [] },
      images: [],
      health: { Command: { command: check } },
      service_url: '',
      post_install_notes: '',
      changelog: 'The first version.',
      is_breaking: false,
      expected_downtime_ns: SECOND_NS,
    },
  };
}

/** An offer of a small machine, by default in one place only; without a recipe it is a bare one. */
export function worldOffer(
  title: string,
  recipe: string | undefined,
  locations: readonly string[] = ['fsn1'],
): DemoOffer {
  return {
    title,
    description: `${title} of a simulated seller.`,
    recipe,
    choices: locations.map(smallMachine),
    monthlyUsdE8: MONTHLY_USD_E8,
  };
}

function smallMachine(location: string): MachineChoice {
  return { machine_type: 'cx23', location, image: 'ubuntu-24.04' };
}

/** A seller whose account at the cloud the agent works; nothing can be rented yet. */
export async function sellerOf(
  network: ChaosNetwork,
  {
    name,
    offers,
    agent,
    cloudToken,
  }: {
    readonly name: string;
    readonly offers: readonly DemoOffer[];
    readonly agent: DemoAgent;
    readonly cloudToken: string;
  },
): Promise<SeededSeller> {
  const calls = network.as(Ed25519KeyIdentity.generate());
  const description = 'A simulated seller.';
  const cloudLabel = `Project ${name}`;
  const seller = { key: name, name: `Seller ${name}`, description, cloudLabel, offers };
  const seeded = await seedSeller(calls, seller, { agent, cloudToken });
  const settings = { id: seeded.cloudAccountId, label: cloudLabel };
  okOf(
    'jobs at once',
    await calls.rental.update_cloud_account({ ...settings, max_concurrent_jobs: JOBS_AT_ONCE }),
  );
  return seeded;
}

/** Opens the sellers' offers once bridges have published what can be ordered. Gives them by title. */
export async function openOffers(
  network: ChaosNetwork,
  sellers: readonly SeededSeller[],
  recipes: readonly WorldRecipe[],
): Promise<ReadonlyMap<string, bigint>> {
  const ids = await publish(network.as(Ed25519KeyIdentity.generate()), recipes);
  const offers = new Map<string, bigint>();
  for (const seller of sellers) {
    await until('the catalogue is published', CATALOGUE_MS, () => hasFreshCatalogue(seller));
    await seedOffers(seller, ids);
    const { rows } = okOf(
      'offers',
      await seller.calls.rental.list_provider_offerings({
        provider: seller.providerId,
        is_retired: false,
        ...PAGE,
      }),
    );
    for (const { id, title } of rows) offers.set(title, id);
  }
  return offers;
}

async function publish(
  { rental }: PersonsCalls,
  recipes: readonly WorldRecipe[],
): Promise<ReadonlyMap<string, bigint>> {
  const ids = new Map<string, bigint>();
  for (const { recipe, version } of recipes) {
    const { id } = okOf(recipe.name, await rental.publish_recipe(recipe));
    okOf(recipe.name, await rental.publish_version({ recipe_id: id, input: version }));
    ids.set(recipe.name, id);
  }
  return ids;
}
