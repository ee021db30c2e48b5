import { present } from '@decent-cloud/domain/assert.ts';
import { andThen, mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Page, PageRequest } from '@decent-cloud/kit/store/page.ts';
import type { RecipeId } from '../../core/ids.ts';
import { checkRecipeName, checkTag } from '../../core/recipes/recipe-rules.ts';
import type { Recipe, RecipeVersion } from '../../core/recipes/recipe.ts';
import type { RunStats } from '../../core/recipes/run-stats.ts';
import type { CurrentVersion } from '../../core/recipes/version-index.ts';
import { ALL_RECIPES, byAuthor, byTag } from '../../storage/recipes/recipes-storage.ts';
import { callerAccount } from '../accounts/callers.ts';
import { pageOfIds, type IdPageRequest } from '../page-of-ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { knownRecipe, knownVersion, scriptOf, versionIndex } from './known-recipe.ts';
import type { VersionAddress } from './known-recipe.ts';
import { runStats } from './note-recipe-run.ts';

/** A recipe with what a card shows. */
export interface RecipeView {
  readonly recipe: Recipe;
  /** Undefined while nothing can be rented: no version, or all yanked. */
  readonly current: CurrentVersion | undefined;
  readonly stats: RunStats;
}

export interface VersionView {
  readonly version: RecipeVersion;
  readonly stats: RunStats;
}

/** The newest first; `next` is the `from` of the page after it. */
export interface RecipePage {
  readonly rows: readonly RecipeView[];
  readonly next: RecipeId | undefined;
}

export type RecipePageRequest = IdPageRequest<RecipeId>;

/** A version may be 32 KiB. */
export const MAX_VERSION_PAGE = 20;
const SHA256_HEX_LENGTH = 64;

export function viewRecipe(c: RentalCanister, id: RecipeId): Result<RecipeView, RentalError> {
  return mapOk(knownRecipe(c, id), (recipe) => viewOf(c, recipe));
}

export function viewRecipeByName(c: RentalCanister, name: string): Result<RecipeView, RentalError> {
  const checked = checkRecipeName(name);
  if (checked.kind === 'err') return invalidArgument(checked.error);
  const known = c.storage.recipes.names.get(name);
  if (known !== undefined) return viewRecipe(c, known.id);
  const message = `There is no recipe called ${name}. Choose one of list_recipes.`;
  return refuse({ kind: 'not-found' }, message);
}

export function listRecipes(
  c: RentalCanister,
  page: RecipePageRequest,
): Result<RecipePage, RentalError> {
  return pageOfList(c, { list: ALL_RECIPES, page });
}

export function listRecipesByTag(
  c: RentalCanister,
  asked: { readonly tag: string; readonly page: RecipePageRequest },
): Result<RecipePage, RentalError> {
  const tag = checkTag(asked.tag);
  if (tag.kind === 'err') return invalidArgument(tag.error);
  return pageOfList(c, { list: byTag(tag.value), page: asked.page });
}

export function listMyRecipes(
  c: RentalCanister,
  page: RecipePageRequest,
): Result<RecipePage, RentalError> {
  return andThen(callerAccount(c), ({ id }) => pageOfList(c, { list: byAuthor(id), page }));
}

export function viewVersion(
  c: RentalCanister,
  address: VersionAddress,
): Result<VersionView, RentalError> {
  return andThen(knownRecipe(c, address.recipeId), () =>
    mapOk(knownVersion(c, address), (version) => ({ version, stats: runStats(c, address) })),
  );
}

/** In the order of publishing, or the other way round; at most `MAX_VERSION_PAGE`. */
export function listVersions(
  c: RentalCanister,
  asked: { readonly recipeId: RecipeId; readonly page: PageRequest },
): Result<Page<VersionView>, RentalError> {
  const { recipeId } = asked;
  return mapOk(knownRecipe(c, recipeId), () => {
    const { rows, next } = c.storage.recipes.versions.page(recipeId, asked.page);
    const views = rows.map(({ seq, value }) => ({
      seq,
      value: { version: value, stats: runStats(c, { recipeId, number: seq }) },
    }));
    return { rows: views, next };
  });
}

/** The text of a published script. */
export function viewScript(c: RentalCanister, sha256: string): Result<string, RentalError> {
  if (sha256.length !== SHA256_HEX_LENGTH) {
    const rule = `must be a SHA-256 in ${SHA256_HEX_LENGTH} small hexadecimal digits`;
    return invalidArgument({ argument: 'sha256', rule });
  }
  const script = scriptOf(c, sha256);
  if (script !== undefined) return ok(script);
  const message =
    'No published version has a script with that hash. Take the hash from get_version.';
  return refuse({ kind: 'not-found' }, message);
}

/** How many recipes an account is the author of. */
export function recipesOfAuthor({ storage }: RentalCanister, author: Recipe['author']): number {
  return storage.recipes.lists.count(byAuthor(author));
}

function viewOf(c: RentalCanister, recipe: Recipe): RecipeView {
  const { current } = versionIndex(c, recipe.id);
  return { recipe, current, stats: runStats(c, { recipeId: recipe.id }) };
}

function pageOfList(
  c: RentalCanister,
  { list, page }: { readonly list: string; readonly page: RecipePageRequest },
): Result<RecipePage, RentalError> {
  const { recipes, lists } = c.storage.recipes;
  return mapOk(pageOfIds(lists, list, page), ({ ids, next }) => ({
    rows: ids.map((id) => viewOf(c, present(recipes.get(id), 'a list has lost a recipe'))),
    next,
  }));
}
