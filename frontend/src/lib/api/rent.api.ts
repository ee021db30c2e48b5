import { offeredVersion } from '../services/rent-version.service.ts';
import type { Actors } from './actors.api.ts';
import { findOffer } from './market.api.ts';
import { listVersions } from './recipe.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental } from './wire.ts';

type Caller = Pick<Actors, 'rental'>;

/** The recipe of an offer, and the version that would be rented now. */
export interface OfferRecipe {
  readonly recipe: Rental.Recipe;
  readonly range: Rental.OfferedRecipe['range'];
  /** Undefined if what the offer names was withdrawn. */
  readonly version: Rental.RecipeVersion | undefined;
}

/** Everything that somebody has to know before renting. */
export interface Offer {
  readonly id: bigint;
  readonly view: Rental.OfferingView;
  readonly seller: Rental.Provider | undefined;
  /** Undefined for a bare machine. */
  readonly recipe: OfferRecipe | undefined;
  /** Cities by the cloud's name for the place; empty where the cloud gives none. */
  readonly cities: ReadonlyMap<string, string>;
}

const VERSIONS_PAGE = 20;
const SIMILAR = 6;

/** Undefined if there is no such offer that the caller may see. */
export async function readOffer(caller: Caller, id: bigint): Promise<Offer | undefined> {
  const view = await findOffer(caller, id);
  if (view === undefined) return undefined;
  const {
    provider,
    cloud_account_id: account,
    recipe: [offered],
  } = view.offering;
  const [seller, cities, recipe] = await Promise.all([
    caller.rental.get_provider(provider).then((result) => okUnless('NotFound', result)),
    readCities(caller, account),
    offered === undefined ? undefined : readOfferedRecipe(caller, offered),
  ]);
  return { id, view, seller, recipe, cities };
}

/** Other offers of the same kind that can be rented now, the cheapest first. */
export async function findSimilar(caller: Caller, offer: Offer): Promise<Rental.SearchRow[]> {
  const recipeId = offer.recipe?.recipe.id;
  const filter: Rental.SearchFilter = {
    words: '',
    recipe_id: recipeId === undefined ? [] : [recipeId],
    is_bare: recipeId === undefined,
    provider: [],
    backend: [],
    location: [],
    country: [],
    arch: [],
    max_price_per_month_usd_e8: [],
    min_cores: [],
    min_memory_mb: [],
    min_disk_gb: [],
    min_trust: [],
    sort: { Price: null },
    from: [],
    limit: SIMILAR,
  };
  const { rows } = okOf(await caller.rental.search_offerings(filter));
  return rows.filter((row) => row.is_rentable && row.offering_id !== offer.id);
}

async function readOfferedRecipe(
  caller: Caller,
  { recipe_id: recipeId, range }: Rental.OfferedRecipe,
): Promise<OfferRecipe> {
  const [{ recipe }, versions] = await Promise.all([
    caller.rental.get_recipe(recipeId).then(okOf),
    allVersions(caller, recipeId),
  ]);
  return { recipe, range, version: offeredVersion(versions, range) };
}

async function allVersions(caller: Caller, recipeId: bigint): Promise<Rental.RecipeVersion[]> {
  const versions: Rental.RecipeVersion[] = [];
  let from: bigint | undefined;
  do {
    const page = await listVersions(caller, { recipeId, from, limit: VERSIONS_PAGE });
    versions.push(...page.rows.map(({ value }) => value.version));
    from = page.next[0];
  } while (from !== undefined);
  return versions;
}

async function readCities(
  { rental }: Caller,
  account: bigint,
): Promise<ReadonlyMap<string, string>> {
  const request = { cloud_account_id: account, from: [] as [], limit: 1 };
  const page = okUnless('NotFound', await rental.get_catalogue(request));
  return new Map(page?.locations.map(({ name, city }) => [name, city]));
}
