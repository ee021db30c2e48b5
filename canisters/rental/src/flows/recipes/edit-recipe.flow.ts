import type { Principal } from '@dfinity/principal';
import { andThen, mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { RecipeId } from '../../core/ids.ts';
import { countMove } from '../../core/recipes/publish-quota.ts';
import { checkRecipeInput } from '../../core/recipes/recipe-rules.ts';
import type { Recipe, RecipeInput } from '../../core/recipes/recipe.ts';
import { byTag } from '../../storage/recipes/recipes-storage.ts';
import { callerAccount } from '../accounts/callers.ts';
import { recipeChanged } from '../market/reindex-offers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { ownRecipe } from './known-recipe.ts';

/** Changes what is shown and what new rentals pay; rentals that are there keep what they agreed. */
export function updateRecipe(
  c: RentalCanister,
  change: { readonly recipeId: RecipeId; readonly input: RecipeInput },
): Result<Recipe, RentalError> {
  return andThen(ownRecipe(c, change.recipeId), (recipe) => {
    const checked = checkRecipeInput(change.input);
    if (checked.kind === 'err') return invalidArgument(checked.error);
    const input = checked.value;
    if (!isMoved(recipe, input)) return ok(stored(c, { ...recipe, ...input }));
    return mapOk(takeMove(c, recipe), () => {
      moveTags(c, { recipe, tags: input.tags });
      const changed = stored(c, { ...recipe, ...input });
      recipeChanged(c, recipe.id);
      return changed;
    });
  });
}

/** A deprecated recipe is marked as such and can still be rented. */
export function deprecateRecipe(
  c: RentalCanister,
  change: { readonly recipeId: RecipeId; readonly isDeprecated: boolean },
): Result<Recipe, RentalError> {
  const { recipeId, isDeprecated } = change;
  return mapOk(ownRecipe(c, recipeId), (recipe) =>
    recipe.isDeprecated === isDeprecated ? recipe : stored(c, { ...recipe, isDeprecated }),
  );
}

/** Who gets the author's share of rentals made from now on: one of the author's own logins. */
export function setRecipePayee(
  c: RentalCanister,
  change: { readonly recipeId: RecipeId; readonly payee: Principal },
): Result<Recipe, RentalError> {
  const { recipeId, payee } = change;
  return andThen(ownRecipe(c, recipeId), (recipe) =>
    andThen(callerAccount(c), ({ logins }) => {
      const isOwn = logins.some(({ principal }) => principal.compareTo(payee) === 'eq');
      if (isOwn) return ok(stored(c, { ...recipe, payee }));
      const rule = 'must be one of your own logins; link it first. The share goes where it went';
      return invalidArgument({ argument: 'payee', rule });
    }),
  );
}

/** True if offers that run the recipe are found or shown in another way. */
function isMoved(recipe: Recipe, { icon, tags }: RecipeInput): boolean {
  return icon !== recipe.icon || tags.join() !== recipe.tags.join();
}

function takeMove({ runtime, storage }: RentalCanister, recipe: Recipe): Result<null, RentalError> {
  const { quotas } = storage.recipes;
  const counted = countMove(quotas.get(recipe.author), runtime.time());
  if (counted.kind === 'ok') {
    quotas.set(recipe.author, counted.value);
    return ok(null);
  }
  const { limit } = counted.error;
  return refuse(
    { kind: 'quota-exceeded', limit },
    `You changed tags or icons ${limit} times today, and that is the most for one day. ` +
      'Nothing was changed. Try again after midnight UTC.',
  );
}

function moveTags(
  { storage: { recipes } }: RentalCanister,
  { recipe, tags }: { readonly recipe: Recipe; readonly tags: readonly string[] },
): void {
  for (const tag of recipe.tags) {
    if (!tags.includes(tag)) recipes.lists.remove(byTag(tag), recipe.id);
  }
  for (const tag of tags) recipes.lists.add(byTag(tag), recipe.id);
}

function stored({ runtime, storage: { recipes } }: RentalCanister, recipe: Recipe): Recipe {
  const next = { ...recipe, updatedAt: runtime.time() };
  recipes.recipes.set(next.id, next);
  return next;
}
