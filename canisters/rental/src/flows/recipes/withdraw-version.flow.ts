import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { RecipeVersion } from '../../core/recipes/recipe.ts';
import { textTrouble } from '../../core/text-rules.ts';
import { changedStatus } from '../../core/recipes/version-status.ts';
import { recipeChanged } from '../market/reindex-offers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { storeIndex } from './current-version.ts';
import { knownVersion, ownRecipe, versionIndex, type VersionAddress } from './known-recipe.ts';

/** Why a version should not, or must not, be rented any more. */
export interface Withdrawal extends VersionAddress {
  readonly reason: string;
}

const MAX_REASON = 300;

/** Marks a version; it can still be rented where it is pinned or nothing newer will do. */
export function deprecateVersion(
  c: RentalCanister,
  asked: Withdrawal,
): Result<RecipeVersion, RentalError> {
  return withdraw(c, { ...asked, kind: 'deprecated' });
}

/** No new rentals and no upgrades to a version, for ever. What runs with it is not touched. */
export function yankVersion(
  c: RentalCanister,
  asked: Withdrawal,
): Result<RecipeVersion, RentalError> {
  return withdraw(c, { ...asked, kind: 'yanked' });
}

function withdraw(
  c: RentalCanister,
  asked: Withdrawal & { readonly kind: 'deprecated' | 'yanked' },
): Result<RecipeVersion, RentalError> {
  const { reason, kind } = asked;
  return andThen(ownRecipe(c, asked.recipeId), (recipe) => {
    const trouble = textTrouble(reason, { argument: 'reason', min: 1, max: MAX_REASON });
    if (trouble !== undefined) return invalidArgument(trouble);
    return andThen(knownVersion(c, asked), (version) => {
      const status = changedStatus(version.status, { kind, reason });
      if (status.kind === 'ok') {
        const isSame = status.value === version.status;
        return ok(isSame ? version : stored(c, { ...version, status: status.value }));
      }
      return refuse(
        status.error,
        `${recipe.name} ${version.semver} is yanked, which is for ever. Nothing was changed.`,
      );
    });
  });
}

function stored(c: RentalCanister, version: RecipeVersion): RecipeVersion {
  const { recipeId, number, status } = version;
  c.storage.recipes.versions.replace(recipeId, { seq: number, value: version });
  const { semvers, statuses, breaking } = versionIndex(c, recipeId);
  const next = statuses.map((before, at) => (at === number ? status.kind : before));
  storeIndex(c, { recipeId, versions: { semvers, statuses: next, breaking } });
  recipeChanged(c, recipeId);
  return version;
}
