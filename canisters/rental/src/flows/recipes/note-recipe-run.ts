import { NO_RUNS, withRun, type RecipeRun, type RunStats } from '../../core/recipes/run-stats.ts';
import type { RecipeId } from '../../core/ids.ts';
import type { VersionRef } from '../../core/recipes/recipe.ts';
import { statsKey } from '../../storage/recipes/recipes-storage.ts';
import type { RentalCanister } from '../rental-canister.ts';

/** Counts how a paid order of a recipe came out, for the version and for the recipe. Once each. */
export function noteRecipeRun(
  { storage: { recipes } }: RentalCanister,
  { ref, run }: { readonly ref: VersionRef; readonly run: RecipeRun },
): void {
  for (const key of [statsKey(ref.recipeId, ref.number), statsKey(ref.recipeId)]) {
    recipes.stats.set(key, withRun(recipes.stats.get(key) ?? NO_RUNS, run));
  }
}

/** Of one version, or of all. */
export function runStats(
  { storage: { recipes } }: RentalCanister,
  of: { readonly recipeId: RecipeId; readonly number?: number },
): RunStats {
  return recipes.stats.get(statsKey(of.recipeId, of.number)) ?? NO_RUNS;
}
