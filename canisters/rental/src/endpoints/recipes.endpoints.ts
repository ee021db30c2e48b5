import { update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { fromWire } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import {
  deprecateRecipe,
  setRecipePayee,
  updateRecipe,
} from '../flows/recipes/edit-recipe.flow.ts';
import { publishRecipe } from '../flows/recipes/publish-recipe.flow.ts';
import { publishVersion } from '../flows/recipes/publish-version.flow.ts';
import { deprecateVersion, yankVersion } from '../flows/recipes/withdraw-version.flow.ts';
import { resultOf } from './wire/error-wire.ts';
import { deprecation, newRecipe, newVersion, payeeChange } from './wire/recipes-wire.ts';
import { recipe, recipeChange, version, withdrawal } from './wire/recipes-wire.ts';

const RecipeResult = resultOf(recipe);
const VersionResult = resultOf(version);

/** What authors do. Every method but `publish_recipe` is for the recipe's author alone. */
export class RecipeEndpoints {
  @update([newRecipe.type], RecipeResult.type)
  publish_recipe(raw: unknown): WireResult<unknown> {
    return RecipeResult.to(publishRecipe(canister, fromWire(newRecipe, raw)));
  }

  @update([recipeChange.type], RecipeResult.type)
  update_recipe(raw: unknown): WireResult<unknown> {
    return RecipeResult.to(updateRecipe(canister, fromWire(recipeChange, raw)));
  }

  @update([deprecation.type], RecipeResult.type)
  deprecate_recipe(raw: unknown): WireResult<unknown> {
    return RecipeResult.to(deprecateRecipe(canister, fromWire(deprecation, raw)));
  }

  @update([payeeChange.type], RecipeResult.type)
  set_recipe_payee(raw: unknown): WireResult<unknown> {
    return RecipeResult.to(setRecipePayee(canister, fromWire(payeeChange, raw)));
  }

  @update([newVersion.type], VersionResult.type)
  publish_version(raw: unknown): WireResult<unknown> {
    return VersionResult.to(publishVersion(canister, fromWire(newVersion, raw)));
  }

  @update([withdrawal.type], VersionResult.type)
  deprecate_version(raw: unknown): WireResult<unknown> {
    return VersionResult.to(deprecateVersion(canister, fromWire(withdrawal, raw)));
  }

  @update([withdrawal.type], VersionResult.type)
  yank_version(raw: unknown): WireResult<unknown> {
    return VersionResult.to(yankVersion(canister, fromWire(withdrawal, raw)));
  }
}
