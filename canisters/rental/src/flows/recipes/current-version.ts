import { present } from '@decent-cloud/domain/assert.ts';
import type { RecipeId } from '../../core/ids.ts';
import { currentNumber, type CurrentVersion } from '../../core/recipes/version-index.ts';
import type { Versions } from '../../core/recipes/version-index.ts';
import type { RentalCanister } from '../rental-canister.ts';

/** Stores what is known of all versions, and which of them the recipe is shown with now. */
export function storeIndex(
  { storage: { recipes } }: RentalCanister,
  { recipeId, versions }: { readonly recipeId: RecipeId; readonly versions: Versions },
): void {
  const shown = currentNumber(versions);
  const current = shown === undefined ? undefined : currentVersion(shown);
  recipes.indexes.set(recipeId, { ...versions, current });

  function currentVersion(number: number): CurrentVersion {
    const version = present(recipes.versions.get(recipeId, number), 'an index has more versions');
    const { semver, publishedAt, minMachine } = version;
    return { number, semver, publishedAt, minMachine };
  }
}
