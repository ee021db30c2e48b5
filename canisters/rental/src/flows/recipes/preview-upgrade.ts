import { present } from '@decent-cloud/domain/assert.ts';
import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { DurationNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { RecipeId } from '../../core/ids.ts';
import type { RecipeField, RecipeVersion, Sha256Hex } from '../../core/recipes/recipe.ts';
import type { VersionStatus } from '../../core/recipes/recipe.ts';
import { diffScripts, type ScriptDiff } from '../../core/recipes/script-diff.ts';
import { isAbove, versionsBetween } from '../../core/recipes/version-index.ts';
import type { VersionIndex } from '../../core/recipes/version-index.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { knownRecipe, knownVersion, scriptOf, versionIndex } from './known-recipe.ts';

/** What a renter reads before an upgrade. Nothing happens by reading it. */
export interface UpgradePreview {
  readonly fromSemver: string;
  readonly toSemver: string;
  readonly fromSha256: Sha256Hex;
  readonly toSha256: Sha256Hex;
  readonly status: VersionStatus;
  /** One of the versions on the way is breaking. */
  readonly isBreaking: boolean;
  readonly expectedDowntimeNs: DurationNs;
  /** Without one the script of the version before is run again if the new one is not healthy. */
  readonly hasRollbackScript: boolean;
  /** From the newest, which is the one upgraded to; those left out are the oldest. */
  readonly versions: readonly VersionChange[];
  readonly versionsLeftOut: number;
  /** What the new version asks for and the old one did not, or asked otherwise. */
  readonly newFields: readonly RecipeField[];
  readonly diff: ScriptDiff;
}

export interface VersionChange {
  readonly number: number;
  readonly semver: string;
  readonly changelog: string;
  readonly isBreaking: boolean;
}

/** Each is a stored value of up to 32 KiB. */
const MAX_VERSIONS_SHOWN = 30;

/** What lies between two versions of a recipe, the lower one first. */
export function previewUpgrade(
  c: RentalCanister,
  asked: { readonly recipeId: RecipeId; readonly from: number; readonly to: number },
): Result<UpgradePreview, RentalError> {
  const { recipeId, from, to } = asked;
  return andThen(knownRecipe(c, recipeId), () =>
    andThen(knownVersion(c, { recipeId, number: from }), (before) =>
      andThen(knownVersion(c, { recipeId, number: to }), (next) => {
        const index = versionIndex(c, recipeId);
        if (!isAbove(index, { from, to })) {
          return invalidArgument({ argument: 'to', rule: `must be above ${before.semver}` });
        }
        return ok(preview(c, { before, next, index }));
      }),
    ),
  );
}

function preview(
  c: RentalCanister,
  asked: {
    readonly before: RecipeVersion;
    readonly next: RecipeVersion;
    readonly index: VersionIndex;
  },
): UpgradePreview {
  const { before, next, index } = asked;
  const numbers = versionsBetween(index, { from: before.number, to: next.number });
  const shown = numbers.slice(0, MAX_VERSIONS_SHOWN);
  const versions = shown.map((number) => changeOf(c, { recipeId: next.recipeId, number }));
  return {
    fromSemver: before.semver,
    toSemver: next.semver,
    fromSha256: before.scriptSha256,
    toSha256: next.scriptSha256,
    status: next.status,
    isBreaking: numbers.some((number) => index.breaking[number] === true),
    expectedDowntimeNs: next.expectedDowntimeNs,
    hasRollbackScript: next.rollbackSha256 !== undefined,
    versions,
    versionsLeftOut: numbers.length - shown.length,
    newFields: next.fields.filter((field) => !isAskedBy(before, field)),
    diff: diffScripts(textOf(c, before), textOf(c, next)),
  };
}

function isAskedBy({ fields }: RecipeVersion, field: RecipeField): boolean {
  const same = fields.find(({ name }) => name === field.name);
  return same !== undefined && JSON.stringify(same.fieldType) === JSON.stringify(field.fieldType);
}

function changeOf(
  { storage }: RentalCanister,
  { recipeId, number }: { readonly recipeId: RecipeId; readonly number: number },
): VersionChange {
  const version = storage.recipes.versions.get(recipeId, number);
  const { semver, changelog, isBreaking } = present(version, 'an index has more versions');
  return { number, semver, changelog, isBreaking };
}

function textOf(c: RentalCanister, { scriptSha256 }: RecipeVersion): string {
  return present(scriptOf(c, scriptSha256), 'a version has lost its script');
}
