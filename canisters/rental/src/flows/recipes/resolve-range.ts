import { present } from '@decent-cloud/domain/assert.ts';
import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { OfferedRecipe, VersionRange } from '../../core/market/offering.ts';
import type { Recipe, RecipeVersion } from '../../core/recipes/recipe.ts';
import { numberInRange, type UnresolvedRange } from '../../core/recipes/version-index.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { knownRecipe, versionIndex } from './known-recipe.ts';

/** A recipe and the version of it that an offer runs now. */
export interface ResolvedRecipe {
  readonly recipe: Recipe;
  readonly version: RecipeVersion;
}

/** The version that a new rental of the offer would run: never a yanked one. */
export function resolveRange(
  c: RentalCanister,
  { recipeId, range }: OfferedRecipe,
): Result<ResolvedRecipe, RentalError> {
  return andThen(knownRecipe(c, recipeId), (recipe) => {
    const number = numberInRange(versionIndex(c, recipeId), range);
    if (number.kind === 'err') return refuseRange(c, { recipe, range, why: number.error });
    const version = c.storage.recipes.versions.get(recipeId, number.value);
    return ok({ recipe, version: present(version, 'an index has more versions') });
  });
}

function refuseRange(
  c: RentalCanister,
  asked: {
    readonly recipe: Recipe;
    readonly range: VersionRange;
    readonly why: UnresolvedRange;
  },
) {
  const { recipe, range, why } = asked;
  const wanted = range.kind === 'pinned' ? range.version : `${range.from} or newer`;
  const what = `${recipe.name} ${wanted}`;
  const end = 'Nothing was taken. Choose another offer, or ask its seller to change this one.';
  if (why.kind === 'no-such-version') {
    const reason = `There is no ${what}.`;
    return refuse({ kind: 'recipe-unavailable', reason }, `${reason} ${end}`);
  }
  const version = c.storage.recipes.versions.get(recipe.id, why.number);
  return refuseYanked({ recipe, version: present(version, 'an index has more versions'), end });
}

/** What the author said about a version that must not be used any more. */
export function refuseYanked(asked: ResolvedRecipe & { readonly end: string }) {
  const { recipe, version, end } = asked;
  const { status } = version;
  const words = status.kind === 'published' ? '' : `: ${status.reason}`;
  const reason = `The author of ${recipe.name} withdrew version ${version.semver}${words}`;
  return refuse({ kind: 'recipe-unavailable', reason }, `${ended(reason)} ${end}`);
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
