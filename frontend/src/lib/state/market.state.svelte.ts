import { listRecipes } from '../api/recipe.api.ts';
import { searchOffers } from '../api/market.api.ts';
import type { Rental } from '../api/wire.ts';
import { MARKET_PRESETS, type MarketPreset } from '../services/market-presets.service.ts';
import { isSameFilter, NO_FILTER, type MarketFilter } from '../services/market-filter.service.ts';
import { bestRelaxation, type Counted, type Relaxation } from '../services/market-relax.service.ts';
import { app } from './app.state.svelte.ts';
import { PagedList } from './paged-list.state.svelte.ts';
import { Resource } from './resource.state.svelte.ts';

const PAGE_ROWS = 20;
const MAX_ROWS = 50;

/** What filters can choose from. */
export interface MarketNames {
  readonly recipes: ReadonlyMap<bigint, string>;
  readonly countries: readonly string[];
  readonly locations: readonly string[];
  readonly presets: readonly MarketPreset[];
}

/** What to ask less for when nothing was found. */
export type Relief =
  | { readonly kind: 'searching' }
  | { readonly kind: 'found'; readonly relaxation: Relaxation }
  /** Leaving out one thing does not help. */
  | { readonly kind: 'none' }
  /** It could not be found out. */
  | { readonly kind: 'unknown' };

/** The open offers that fit a filter, and what to ask less for when there are none. */
export class Market {
  filter = $state.raw<MarketFilter>(NO_FILTER);
  relief = $state.raw<Relief>({ kind: 'searching' });
  readonly list = new PagedList<Rental.SearchRow, Rental.SearchCursor>(
    async (from) => {
      const { rows, next } = await searchOffers(app.actors, this.filter, {
        from,
        limit: PAGE_ROWS,
      });
      this.#needNames();
      return { rows, next: next[0] };
    },
    { what: 'The offers could not be read.' },
  );
  readonly names = new Resource(() => readNames(), { what: 'The filters could not be read.' });

  /** Reads what fits. Never throws. */
  async show(filter: MarketFilter): Promise<void> {
    this.filter = filter;
    this.relief = { kind: 'searching' };
    await this.list.reload();
    if (this.list.trouble !== undefined || this.list.rows.length > 0) return;
    const relief = await this.#findRelief(filter);
    if (isSameFilter(this.filter, filter)) this.relief = relief;
  }

  /** What filters choose from comes after the offers, and again if it failed before. */
  #needNames(): void {
    if (this.names.value === undefined && !this.names.isLoading) void this.names.load();
  }

  async #findRelief(filter: MarketFilter): Promise<Relief> {
    try {
      const relaxation = await bestRelaxation(filter, {
        names: this.names.value,
        count: (relaxed) => countOffers(relaxed, MAX_ROWS),
      });
      return relaxation === undefined ? { kind: 'none' } : { kind: 'found', relaxation };
    } catch {
      return { kind: 'unknown' };
    }
  }
}

/** How many fit, up to a limit. */
export async function countOffers(filter: MarketFilter, limit = PAGE_ROWS): Promise<Counted> {
  const { rows, next } = await searchOffers(app.actors, filter, { limit });
  return { count: rows.length, hasMore: next.length > 0 };
}

async function readNames(): Promise<MarketNames> {
  const [{ rows }, recipes, counts] = await Promise.all([
    searchOffers(app.actors, NO_FILTER, { limit: MAX_ROWS }),
    listRecipes(app.actors, { tag: undefined, from: undefined, limit: MAX_ROWS }),
    Promise.all(MARKET_PRESETS.map(({ filter }) => countOffers(filter, 1))),
  ]);
  const machines = rows.map(({ machine }) => machine);
  return {
    recipes: new Map(recipes.rows.map(({ recipe: { id, name } }) => [id, name])),
    countries: [...new Set(machines.map(({ country }) => country))].sort(),
    locations: [...new Set(machines.map(({ location }) => location))].sort(),
    presets: MARKET_PRESETS.filter((_, at) => (counts[at]?.count ?? 0) > 0),
  };
}
