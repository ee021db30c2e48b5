import type { Actors } from './actors.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental } from './wire.ts';

type Caller = Pick<Actors, 'rental'>;

export interface RecipeListRequest {
  readonly tag: string | undefined;
  readonly from: bigint | undefined;
  readonly limit: number;
}

/** The newest first. */
export async function listRecipes(
  { rental }: Caller,
  { tag, from, limit }: RecipeListRequest,
): Promise<Rental.RecipePage> {
  const page: Rental.ListRequest = { from: from === undefined ? [] : [from], limit };
  if (tag === undefined) return okOf(await rental.list_recipes(page));
  return okOf(await rental.list_recipes_by_tag({ tag, page }));
}

/** By its number or its name. A name of digits only means the name if there is no such number. */
export async function findRecipe(
  { rental }: Caller,
  numberOrName: string,
): Promise<Rental.RecipeView | undefined> {
  if (/^\d{1,19}$/.test(numberOrName)) {
    const view = okUnless('NotFound', await rental.get_recipe(BigInt(numberOrName)));
    if (view !== undefined) return view;
  }
  if (!/^[a-z0-9-]{3,40}$/.test(numberOrName)) return undefined;
  return okUnless('NotFound', await rental.get_recipe_by_name(numberOrName));
}

/** The newest first. */
export async function listVersions(
  { rental }: Caller,
  asked: {
    readonly recipeId: bigint;
    readonly from: bigint | undefined;
    readonly limit: number;
  },
): Promise<Rental.VersionPage> {
  const { recipeId, from, limit } = asked;
  const start: [] | [bigint] = from === undefined ? [] : [from];
  return okOf(await rental.list_versions(recipeId, { from: start, limit, newest_first: true }));
}

export async function fetchVersion(
  { rental }: Caller,
  asked: { readonly recipeId: bigint; readonly number: number },
): Promise<Rental.VersionView> {
  const { recipeId, number } = asked;
  return okOf(await rental.get_version({ recipe_id: recipeId, number }));
}

export async function fetchScript({ rental }: Caller, sha256: string): Promise<string> {
  return okOf(await rental.get_script(sha256));
}

/** What lies between two versions, the lower one first. */
export async function previewUpgrade(
  { rental }: Caller,
  asked: { readonly recipeId: bigint; readonly from: number; readonly to: number },
): Promise<Rental.UpgradePreview> {
  const { recipeId, from, to } = asked;
  return okOf(await rental.preview_upgrade({ recipe_id: recipeId, from, to }));
}
