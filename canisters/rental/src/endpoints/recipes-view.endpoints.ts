import { IDL } from '@dfinity/candid';
import { andThen } from '@decent-cloud/domain/result.ts';
import { query } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { PageArgument, parsePage } from '@decent-cloud/kit/errors/page-argument.ts';
import type { WirePageArgument } from '@decent-cloud/kit/errors/page-argument.ts';
import { pageOf } from '@decent-cloud/kit/wire/page-wire.ts';
import { count, fromWire, text } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import type { RecipeId } from '../core/ids.ts';
import { previewUpgrade } from '../flows/recipes/preview-upgrade.ts';
import { listMyRecipes, listRecipes, listRecipesByTag } from '../flows/recipes/recipe-views.ts';
import { listVersions, MAX_VERSION_PAGE, viewRecipe } from '../flows/recipes/recipe-views.ts';
import { viewRecipeByName, viewScript, viewVersion } from '../flows/recipes/recipe-views.ts';
import { resultOf } from './wire/error-wire.ts';
import { recipePage, recipePageRequest, recipeView, tagRequest } from './wire/recipes-wire.ts';
import { upgradePreview, upgradeRequest, versionAddress } from './wire/recipes-wire.ts';
import { versionView } from './wire/recipes-wire.ts';

const RecipeResult = resultOf(recipeView);
const RecipePageResult = resultOf(recipePage);
const VersionResult = resultOf(versionView);
const VersionPageResult = resultOf(pageOf(versionView));
const ScriptResult = resultOf(text);
const PreviewResult = resultOf(upgradePreview);

/** Recipes, their versions and scripts, open to all. */
export class RecipeViewEndpoints {
  @query([IDL.Nat64], RecipeResult.type)
  get_recipe(raw: bigint): WireResult<unknown> {
    return RecipeResult.to(viewRecipe(canister, recipeIdOf(raw)));
  }

  @query([IDL.Text], RecipeResult.type)
  get_recipe_by_name(name: string): WireResult<unknown> {
    return RecipeResult.to(viewRecipeByName(canister, name));
  }

  @query([recipePageRequest.type], RecipePageResult.type)
  list_recipes(raw: unknown): WireResult<unknown> {
    return RecipePageResult.to(listRecipes(canister, fromWire(recipePageRequest, raw)));
  }

  @query([tagRequest.type], RecipePageResult.type)
  list_recipes_by_tag(raw: unknown): WireResult<unknown> {
    return RecipePageResult.to(listRecipesByTag(canister, fromWire(tagRequest, raw)));
  }

  /** The caller's own. */
  @query([recipePageRequest.type], RecipePageResult.type)
  list_my_recipes(raw: unknown): WireResult<unknown> {
    return RecipePageResult.to(listMyRecipes(canister, fromWire(recipePageRequest, raw)));
  }

  @query([versionAddress.type], VersionResult.type)
  get_version(raw: unknown): WireResult<unknown> {
    return VersionResult.to(viewVersion(canister, fromWire(versionAddress, raw)));
  }

  @query([IDL.Nat64, PageArgument], VersionPageResult.type)
  list_versions(raw: bigint, wire: WirePageArgument): WireResult<unknown> {
    const recipeId = recipeIdOf(raw);
    return VersionPageResult.to(
      andThen(parsePage(wire, MAX_VERSION_PAGE), (page) =>
        listVersions(canister, { recipeId, page }),
      ),
    );
  }

  /** The text of a script by its SHA-256 in hexadecimal. */
  @query([IDL.Text], ScriptResult.type)
  get_script(sha256: string): WireResult<unknown> {
    return ScriptResult.to(viewScript(canister, sha256));
  }

  /** Changelogs, hashes and what differs between two versions. */
  @query([upgradeRequest.type], PreviewResult.type)
  preview_upgrade(raw: unknown): WireResult<unknown> {
    return PreviewResult.to(previewUpgrade(canister, fromWire(upgradeRequest, raw)));
  }
}

function recipeIdOf(raw: bigint): RecipeId {
  return fromWire(count, raw) as RecipeId;
}
