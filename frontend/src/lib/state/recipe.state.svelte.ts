import { SvelteMap } from 'svelte/reactivity';
import { searchOffers } from '../api/market.api.ts';
import {
  fetchScript,
  fetchVersion,
  findRecipe,
  listRecipes,
  listVersions,
  previewUpgrade,
} from '../api/recipe.api.ts';
import type { Rental } from '../api/wire.ts';
import { NO_FILTER } from '../services/market-filter.service.ts';
import { checkScript, type CheckedScript } from '../services/script-check.service.ts';
import { app } from './app.state.svelte.ts';
import { PagedList } from './paged-list.state.svelte.ts';
import { Resource } from './resource.state.svelte.ts';

const PAGE_ROWS = 20;
const SHOWN_OFFERS = 4;

/** Recipes, the newest first, all or those with a tag. */
export class RecipeList {
  tag = $state.raw<string>();
  readonly list = new PagedList<Rental.RecipeView, bigint>(
    async (from) => {
      const page = await listRecipes(app.actors, { tag: this.tag, from, limit: PAGE_ROWS });
      return { rows: page.rows, next: page.next[0] };
    },
    { what: 'The recipes could not be read.' },
  );
  /** The cheapest price a month by recipe; null where nobody offers it. */
  readonly fromPrices = new SvelteMap<bigint, bigint | null>();

  async show(tag: string | undefined): Promise<void> {
    this.tag = tag;
    await this.list.reload();
    await this.readPrices();
  }

  async more(): Promise<void> {
    await this.list.more();
    await this.readPrices();
  }

  /** Of those that are in the list and have none yet. Prices that cannot be read are left out. */
  async readPrices(): Promise<void> {
    const missing = this.list.rows.filter(({ recipe }) => !this.fromPrices.has(recipe.id));
    const found = await Promise.allSettled(
      missing.map(async ({ recipe: { id } }) => [id, await cheapestOf(id)] as const),
    );
    for (const one of found) {
      if (one.status === 'fulfilled') this.fromPrices.set(...one.value);
    }
  }
}

/** One recipe with its versions and the offers that run it. */
export class RecipePage {
  numberOrName = $state.raw('');
  readonly view = new Resource<Rental.RecipeView | null>(
    async () => (await findRecipe(app.actors, this.numberOrName)) ?? null,
    { what: 'The recipe could not be read.' },
  );
  readonly versions = new PagedList<Rental.VersionView, bigint>(
    async (from) => {
      const recipeId = this.#recipeId();
      const page = await listVersions(app.actors, { recipeId, from, limit: PAGE_ROWS });
      return { rows: page.rows.map(({ value }) => value), next: page.next[0] };
    },
    { what: 'The versions could not be read.' },
  );
  readonly offers = new Resource<Rental.SearchPage>(
    () => searchOffers(app.actors, { ...NO_FILTER, recipeId: this.#recipeId() }, LIMIT),
    { what: 'The offers of this recipe could not be read.' },
  );
  /** A version that was asked for and is not among those that were read. */
  readonly #other = new Resource<Rental.VersionView>(
    () => fetchVersion(app.actors, { recipeId: this.#recipeId(), number: this.#otherNumber }),
    { what: 'The version could not be read.' },
  );
  #otherNumber = 0;

  async show(numberOrName: string): Promise<void> {
    this.numberOrName = numberOrName;
    await this.view.load();
    if (this.view.value === null || this.view.value === undefined) return;
    await Promise.all([this.versions.reload(), this.offers.load()]);
  }

  /** That version, or the one that the recipe is shown with, or the newest. */
  versionOf(number: number | undefined): Rental.VersionView | undefined {
    const wanted = number ?? this.view.value?.current[0]?.number;
    const { rows } = this.versions;
    if (wanted === undefined) return rows[0];
    const other = this.#other.value;
    return (
      rows.find(({ version }) => version.number === wanted) ??
      (other?.version.number === wanted ? other : undefined)
    );
  }

  /** Reads that version if it is not there yet. */
  async need(number: number | undefined): Promise<void> {
    const wanted = number ?? this.view.value?.current[0]?.number;
    if (wanted === undefined || this.versionOf(wanted) !== undefined) return;
    this.#otherNumber = wanted;
    await this.#other.load();
  }

  #recipeId(): bigint {
    const id = this.view.value?.recipe.id;
    if (id === undefined) throw new Error('BUG: the recipe is not read yet');
    return id;
  }
}

const LIMIT = { limit: SHOWN_OFFERS };

/** A published script, checked against the hash that its version has. */
export function scriptResource(sha256: () => string): Resource<CheckedScript> {
  return new Resource(
    async () => {
      const expected = sha256();
      return checkScript(await fetchScript(app.actors, expected), expected);
    },
    { what: 'The script could not be read.' },
  );
}

/** What lies between two versions. */
export function previewResource(
  asked: () => { readonly recipeId: bigint; readonly from: number; readonly to: number },
): Resource<Rental.UpgradePreview> {
  return new Resource(() => previewUpgrade(app.actors, asked()), {
    what: 'The difference could not be read.',
  });
}

async function cheapestOf(recipeId: bigint): Promise<bigint | null> {
  const { rows } = await searchOffers(app.actors, { ...NO_FILTER, recipeId }, { limit: 1 });
  return rows[0]?.price_per_month_usd_e8 ?? null;
}
