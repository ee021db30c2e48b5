import type { Principal } from '@dfinity/principal';
import type { Actors } from './actors.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental } from './wire.ts';

type Caller = Pick<Actors, 'rental'>;

/** The caller's own recipes, the newest first; none for who has no account yet. */
export async function listMyRecipes(
  { rental }: Caller,
  page: { readonly from: bigint | undefined; readonly limit: number },
): Promise<Rental.RecipePage> {
  const from: [] | [bigint] = page.from === undefined ? [] : [page.from];
  const result = await rental.list_my_recipes({ from, limit: page.limit });
  return okUnless('NotFound', result) ?? { rows: [], next: [] };
}

/** The caller's account; undefined before the first thing that they do. */
export async function findMyAccount({ rental }: Caller): Promise<Rental.MyAccount | undefined> {
  return okUnless('NotFound', await rental.get_my_account());
}

export async function publishRecipe(
  { rental }: Caller,
  recipe: Rental.NewRecipe,
): Promise<Rental.Recipe> {
  return okOf(await rental.publish_recipe(recipe));
}

export async function updateRecipe(
  { rental }: Caller,
  change: { readonly recipeId: bigint; readonly input: Rental.RecipeInput },
): Promise<Rental.Recipe> {
  return okOf(await rental.update_recipe({ recipe_id: change.recipeId, input: change.input }));
}

export async function deprecateRecipe(
  { rental }: Caller,
  change: { readonly recipeId: bigint; readonly isDeprecated: boolean },
): Promise<Rental.Recipe> {
  const { recipeId, isDeprecated } = change;
  return okOf(await rental.deprecate_recipe({ recipe_id: recipeId, is_deprecated: isDeprecated }));
}

/** `payee` has to be one of the author's own logins. */
export async function setRecipePayee(
  { rental }: Caller,
  change: { readonly recipeId: bigint; readonly payee: Principal },
): Promise<Rental.Recipe> {
  return okOf(await rental.set_recipe_payee({ recipe_id: change.recipeId, payee: change.payee }));
}

/** For ever: a version never changes. */
export async function publishVersion(
  { rental }: Caller,
  asked: { readonly recipeId: bigint; readonly input: Rental.VersionInput },
): Promise<Rental.RecipeVersion> {
  return okOf(await rental.publish_version({ recipe_id: asked.recipeId, input: asked.input }));
}

export interface Withdrawal {
  readonly kind: 'deprecate' | 'yank';
  readonly recipeId: bigint;
  readonly number: number;
  readonly reason: string;
}

/** A yank is for ever. What runs with the version is not touched by either. */
export async function withdrawVersion(
  { rental }: Caller,
  { kind, recipeId, number, reason }: Withdrawal,
): Promise<Rental.RecipeVersion> {
  const change = { recipe_id: recipeId, number, reason };
  if (kind === 'yank') return okOf(await rental.yank_version(change));
  return okOf(await rental.deprecate_version(change));
}
