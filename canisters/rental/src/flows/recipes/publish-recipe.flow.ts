import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Account } from '../../core/accounts/account.ts';
import { MAX_RECIPES_PER_AUTHOR } from '../../core/recipes/publish-quota.ts';
import { checkRecipeInput, checkRecipeName } from '../../core/recipes/recipe-rules.ts';
import type { Recipe, RecipeInput } from '../../core/recipes/recipe.ts';
import { ALL_RECIPES, byAuthor, byTag } from '../../storage/recipes/recipes-storage.ts';
import { actingAccount } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

/** A name that is for ever, and what its author may change later. */
export interface NewRecipe extends RecipeInput {
  readonly name: string;
}

/** A recipe without versions, of the caller's account; its share goes to the caller. */
export function publishRecipe(c: RentalCanister, asked: NewRecipe): Result<Recipe, RentalError> {
  const account = actingAccount(c);
  if (account.kind === 'err') return account;
  const checked = checkNew(asked);
  if (checked.kind === 'err') return checked;
  return andThen(checkFree(c, { author: account.value, name: asked.name }), () =>
    ok(storeNew(c, { author: account.value, asked })),
  );
}

function checkNew({ name, ...input }: NewRecipe): Result<RecipeInput, RentalError> {
  const named = checkRecipeName(name);
  if (named.kind === 'err') return invalidArgument(named.error);
  const checked = checkRecipeInput(input);
  return checked.kind === 'err' ? invalidArgument(checked.error) : checked;
}

function checkFree(
  { storage: { recipes } }: RentalCanister,
  { author, name }: { readonly author: Account; readonly name: string },
): Result<null, RentalError> {
  const limit = MAX_RECIPES_PER_AUTHOR;
  if (recipes.lists.count(byAuthor(author.id)) >= limit) {
    return refuse(
      { kind: 'quota-exceeded', limit },
      `You have ${limit} recipes, and that is the most one author can have. Nothing was published. ` +
        'Publish a version of one of them instead.',
    );
  }
  if (!recipes.names.has(name)) return ok(null);
  return refuse(
    { kind: 'conflict' },
    `There is a recipe called ${name} already. Nothing was published. Choose another name.`,
  );
}

function storeNew(
  { runtime, storage: { recipes } }: RentalCanister,
  { author, asked }: { readonly author: Account; readonly asked: NewRecipe },
): Recipe {
  const at = runtime.time();
  const recipe: Recipe = {
    ...asked,
    id: recipes.ids.next(),
    author: author.id,
    payee: runtime.caller(),
    versionCount: 0,
    isDeprecated: false,
    createdAt: at,
    updatedAt: at,
  };
  recipes.recipes.set(recipe.id, recipe);
  recipes.names.set(recipe.name, { id: recipe.id });
  for (const list of [ALL_RECIPES, byAuthor(author.id), ...recipe.tags.map(byTag)]) {
    recipes.lists.add(list, recipe.id);
  }
  return recipe;
}
