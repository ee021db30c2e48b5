import { findOffer } from '../api/market.api.ts';
import { findRecipe } from '../api/recipe.api.ts';
import type { CompareItem, CompareKey } from '../services/compare.service.ts';
import { app } from './app.state.svelte.ts';
import { Resource } from './resource.state.svelte.ts';

/** The offers that are compared, as they are now. Those that are gone are left out. */
export class Compare {
  keys = $state.raw<readonly CompareKey[]>([]);
  readonly items = new Resource<readonly CompareItem[]>(() => this.#read(), {
    what: 'The offers could not be read.',
  });

  /** Reads them. Never throws. */
  async show(keys: readonly CompareKey[]): Promise<void> {
    this.keys = keys;
    await this.items.load();
  }

  async #read(): Promise<CompareItem[]> {
    const items = await Promise.all(
      this.keys.map(async (key): Promise<CompareItem | undefined> => {
        const view = await findOffer(app.actors, key.offeringId);
        if (view === undefined) return undefined;
        const [offered] = view.offering.recipe;
        const recipe =
          offered && (await findRecipe(app.actors, offered.recipe_id.toString()))?.recipe;
        return { ...key, view, recipeName: recipe?.name };
      }),
    );
    return items.filter((item) => item !== undefined);
  }
}
