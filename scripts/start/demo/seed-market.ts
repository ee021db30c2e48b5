import type { Principal } from '@dfinity/principal';
import { Encrypter } from 'age-encryption';
import type { AgentScope } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { okOf, type PersonsCalls } from './demo-calls.ts';
import { offeringOf, type DemoSeller } from './demo-offers.ts';
import { DEMO_RECIPES } from './demo-recipes.ts';

const PAGE = 50;
const ALL = { from: [] as [], limit: PAGE };
const GRANT_NS = 364n * 86_400n * 1_000_000_000n;
const NS_PER_MS = 1_000_000n;
const CLOUD_JOBS_MAX = 10;
const SCOPES: AgentScope[] = [{ Provision: null }, { Health: null }, { Catalogue: null }];

/** The bridge as sellers know it. */
export interface DemoAgent {
  readonly principal: Principal;
  readonly ageRecipient: string;
}

/** Publishes the demo's recipes, unless they are there. Gives their numbers by name. */
export async function seedRecipes({ rental }: PersonsCalls): Promise<ReadonlyMap<string, bigint>> {
  const ids = new Map<string, bigint>();
  for (const { recipe, version } of DEMO_RECIPES) {
    const known = await rental.get_recipe_by_name(recipe.name);
    if ('Ok' in known && known.Ok.current.length > 0) {
      ids.set(recipe.name, known.Ok.recipe.id);
      continue;
    }
    const what = `recipe ${recipe.name}`;
    const { id } =
      'Ok' in known ? known.Ok.recipe : okOf(what, await rental.publish_recipe(recipe));
    okOf(what, await rental.publish_version({ recipe_id: id, input: version }));
    ids.set(recipe.name, id);
  }
  return ids;
}

/** A seller with a cloud account that the agent works. */
export interface SeededSeller {
  readonly calls: PersonsCalls;
  readonly seller: DemoSeller;
  readonly providerId: bigint;
  readonly cloudAccountId: bigint;
}

/**
 * Registers a seller, lets the agent work for it and gives it the cloud account, unless that is so.
 * The token is sealed to the agent: the canister cannot read it.
 */
export async function seedSeller(
  calls: PersonsCalls,
  seller: DemoSeller,
  more: { readonly agent: DemoAgent; readonly cloudToken: string },
): Promise<SeededSeller> {
  const { rental } = calls;
  const known = await rental.get_my_provider();
  const provider =
    'Ok' in known
      ? known.Ok
      : okOf(
          `seller ${seller.name}`,
          await rental.register_provider({
            name: seller.name,
            description: seller.description,
            website: '',
            support_contact: 'nobody: this is a demo',
          }),
        );
  const { agent } = more;
  okOf(
    'agent',
    await rental.grant_agent({
      agent: agent.principal,
      label: 'bridge of this machine',
      scopes: SCOPES,
      expires_at_ns: BigInt(Date.now()) * NS_PER_MS + GRANT_NS,
    }),
  );
  const accounts = okOf('cloud accounts', await rental.list_my_cloud_accounts(ALL));
  const account =
    accounts.rows[0] ??
    okOf(
      `cloud account ${seller.cloudLabel}`,
      await rental.create_cloud_account({
        backend: { Hetzner: null },
        label: seller.cloudLabel,
        max_concurrent_jobs: CLOUD_JOBS_MAX,
        agent: agent.principal,
        sealed_credentials: await sealed(more.cloudToken, agent.ageRecipient),
      }),
    );
  return { calls, seller, providerId: provider.id, cloudAccountId: account.id };
}

async function sealed(text: string, recipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(text);
}

/** Opens the seller's offers that are not there yet. The catalogue has to be published before. */
export async function seedOffers(
  { calls, seller, providerId, cloudAccountId }: SeededSeller,
  recipes: ReadonlyMap<string, bigint>,
): Promise<void> {
  const { rows } = okOf(
    'offers',
    await calls.rental.list_provider_offerings({
      provider: providerId,
      is_retired: false,
      ...ALL,
    }),
  );
  const titles = new Set(rows.map(({ title }) => title));
  for (const offer of seller.offers) {
    if (titles.has(offer.title)) continue;
    const recipe = offer.recipe === undefined ? undefined : recipes.get(offer.recipe);
    const input = offeringOf(offer, { cloudAccount: cloudAccountId, recipe });
    okOf(`offer ${offer.title}`, await calls.rental.create_offering(input));
  }
}

/** Whether nothing stands in the way of renting from the account's catalogue. */
export async function hasFreshCatalogue({ calls, cloudAccountId }: SeededSeller): Promise<boolean> {
  const request = { cloud_account_id: cloudAccountId, from: [] as [], limit: 1 };
  const answer = await calls.rental.get_catalogue(request);
  return 'Ok' in answer && !answer.Ok.is_stale;
}
