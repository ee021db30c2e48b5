import { findMyAccount, listMyRecipes } from '../api/author.api.ts';
import { findRecipe, listVersions } from '../api/recipe.api.ts';
import type { Rental } from '../api/wire.ts';
import { app } from './app.state.svelte.ts';
import { PagedList } from './paged-list.state.svelte.ts';
import { Resource } from './resource.state.svelte.ts';

const PAGE_ROWS = 20;

/** The recipes of who is signed in. */
export function myRecipes(): PagedList<Rental.RecipeView, bigint> {
  return new PagedList<Rental.RecipeView, bigint>(
    async (from) => {
      const { rows, next } = await listMyRecipes(app.actors, { from, limit: PAGE_ROWS });
      return { rows, next: next[0] };
    },
    { what: 'Your recipes could not be read.' },
  );
}

/** What an author sees of one recipe. */
export interface OwnRecipe {
  readonly view: Rental.RecipeView;
  readonly account: Rental.MyAccount;
}

/** Why a recipe cannot be worked on. */
export type NotOwn = 'no-such-recipe' | 'not-yours';

/** One recipe of who is signed in, with its versions. */
export class AuthorRecipe {
  readonly own: Resource<OwnRecipe | NotOwn>;
  readonly versions: PagedList<Rental.VersionView, bigint>;

  constructor(numberOrName: string) {
    this.own = new Resource(() => readOwn(numberOrName), {
      what: 'The recipe could not be read.',
    });
    this.versions = new PagedList(
      async (from) => {
        const recipeId = this.recipe?.id ?? 0n;
        const page = await listVersions(app.actors, { recipeId, from, limit: PAGE_ROWS });
        return { rows: page.rows.map(({ value }) => value), next: page.next[0] };
      },
      { what: 'The versions could not be read.' },
    );
  }

  get recipe(): Rental.Recipe | undefined {
    const { value } = this.own;
    return typeof value === 'object' ? value.view.recipe : undefined;
  }

  /** Reads all of it. Never throws. */
  async load(): Promise<void> {
    await this.own.load();
    if (this.recipe !== undefined) await this.versions.reload();
  }
}

async function readOwn(numberOrName: string): Promise<OwnRecipe | NotOwn> {
  const [view, account] = await Promise.all([
    findRecipe(app.actors, numberOrName),
    findMyAccount(app.actors),
  ]);
  if (view === undefined) return 'no-such-recipe';
  return account?.id === view.recipe.author ? { view, account } : 'not-yours';
}
