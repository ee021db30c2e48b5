import { present } from '@decent-cloud/domain/assert.ts';
import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import { decodeText } from '@decent-cloud/kit/text-host.ts';
import type { RecipeId } from '../../core/ids.ts';
import type { Recipe, RecipeVersion, VersionRef } from '../../core/recipes/recipe.ts';
import { NO_VERSIONS, type VersionIndex } from '../../core/recipes/version-index.ts';
import { actingAccount } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

/** One version of one recipe. */
export interface VersionAddress {
  readonly recipeId: RecipeId;
  readonly number: number;
}

export function knownRecipe(
  { storage }: RentalCanister,
  recipeId: RecipeId,
): Result<Recipe, RentalError> {
  const recipe = storage.recipes.recipes.get(recipeId);
  if (recipe !== undefined) return ok(recipe);
  const message = `There is no recipe ${recipeId}. Nothing was done: choose one of list_recipes.`;
  return refuse({ kind: 'not-found' }, message);
}

/** A recipe that the caller, an account, is the author of. Counts as a call of the account. */
export function ownRecipe(c: RentalCanister, recipeId: RecipeId): Result<Recipe, RentalError> {
  return andThen(actingAccount(c), (account) =>
    andThen(knownRecipe(c, recipeId), (recipe) => {
      if (recipe.author === account.id) return ok(recipe);
      return refuse(
        { kind: 'not-allowed' },
        `Recipe ${recipe.name} is somebody else's: only its author may change it. ` +
          'Nothing was changed. To offer another form of it, publish a recipe of your own.',
      );
    }),
  );
}

export function knownVersion(
  { storage }: RentalCanister,
  { recipeId, number }: VersionAddress,
): Result<RecipeVersion, RentalError> {
  const version = storage.recipes.versions.get(recipeId, number);
  if (version !== undefined) return ok(version);
  const message =
    `There is no version number ${number} of this recipe. Nothing was done: ` +
    'choose one of list_versions.';
  return refuse({ kind: 'not-found' }, message);
}

/** What a rental holds is never taken out of the store. */
export function heldVersion({ storage }: RentalCanister, ref: VersionRef): RecipeVersion {
  const version = storage.recipes.versions.get(ref.recipeId, ref.number);
  return present(version, 'a rental holds a version that is not there');
}

/** A published script; by its hash it is the same for ever. */
export function scriptOf({ storage }: RentalCanister, sha256: string): string | undefined {
  const script = storage.recipes.scripts.get(sha256);
  return script === undefined ? undefined : decodeText(script.utf8);
}

export function versionIndex({ storage }: RentalCanister, recipeId: RecipeId): VersionIndex {
  return storage.recipes.indexes.get(recipeId) ?? NO_VERSIONS;
}

export function refOf(recipe: Recipe, version: RecipeVersion): VersionRef {
  const { number, semver, scriptSha256 } = version;
  return { recipeId: recipe.id, number, name: recipe.name, semver, scriptSha256 };
}
