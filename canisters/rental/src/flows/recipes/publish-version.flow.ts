import { invariant } from '@decent-cloud/domain/assert.ts';
import { andThen, mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import { sha256Hex } from '@decent-cloud/domain/sha256.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { encodeText } from '@decent-cloud/kit/text-host.ts';
import type { RecipeId } from '../../core/ids.ts';
import { countPublish, MAX_VERSIONS } from '../../core/recipes/publish-quota.ts';
import type { Recipe, RecipeVersion, Sha256Hex } from '../../core/recipes/recipe.ts';
import type { VersionInput } from '../../core/recipes/recipe.ts';
import { checkNextSemver, type Versions } from '../../core/recipes/version-index.ts';
import type { VersionIndex } from '../../core/recipes/version-index.ts';
import { checkVersionInput, describedIn } from '../../core/recipes/version-rules.ts';
import { descriptionTrouble, scriptSizeTrouble } from '../../core/recipes/version-rules.ts';
import { scriptsOf } from '../../core/recipes/version-rules.ts';
import { recipeChanged } from '../market/reindex-offers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { storeIndex } from './current-version.ts';
import { ownRecipe, versionIndex } from './known-recipe.ts';

/** A script as it is stored. */
interface HashedScript {
  readonly sha256: Sha256Hex;
  readonly utf8: Uint8Array;
}

/** Adds a version to the caller's own recipe. Nothing ever changes about it but its status. */
export function publishVersion(
  c: RentalCanister,
  asked: { readonly recipeId: RecipeId; readonly input: VersionInput },
): Result<RecipeVersion, RentalError> {
  const { recipeId, input } = asked;
  return andThen(ownRecipe(c, recipeId), (recipe) =>
    andThen(checkInput(input), (checked) => {
      const index = versionIndex(c, recipeId);
      return andThen(checkNext(recipe, { index, semver: checked.semver }), () =>
        mapOk(takeQuota(c, recipe), () => store(c, { recipe, index, input: checked })),
      );
    }),
  );
}

function checkInput(input: VersionInput): Result<VersionInput, RentalError> {
  const checked = checkVersionInput(input);
  if (checked.kind === 'err') return invalidArgument(checked.error);
  for (const { script, argument } of scriptsOf(input)) {
    const trouble = scriptSizeTrouble(encodeText(script).length, argument);
    if (trouble !== undefined) return invalidArgument(trouble);
  }
  const described = descriptionTrouble(encodeText(describedIn(input)).length);
  return described === undefined ? checked : invalidArgument(described);
}

function checkNext(
  { name }: Recipe,
  { index, semver }: { readonly index: VersionIndex; readonly semver: string },
): Result<null, RentalError> {
  const next = checkNextSemver(index, semver);
  if (next.kind === 'ok') return ok(null);
  if (next.error.kind === 'conflict') {
    return refuse(
      { kind: 'conflict' },
      `${name} ${semver} is published already, and a version never changes. ` +
        'Nothing was published. Give this one a higher number.',
    );
  }
  const { last } = next.error;
  return invalidArgument({
    argument: 'semver',
    rule: `must be above ${last}, the last version with that major number. Nothing was published`,
  });
}

function takeQuota(
  { runtime, storage }: RentalCanister,
  recipe: Recipe,
): Result<null, RentalError> {
  const { quotas } = storage.recipes;
  if (recipe.versionCount >= MAX_VERSIONS) {
    return refuse(
      { kind: 'quota-exceeded', limit: MAX_VERSIONS },
      `${recipe.name} has ${MAX_VERSIONS} versions, and that is the most a recipe can have. ` +
        'Nothing was published. Go on under a new name.',
    );
  }
  const counted = countPublish(quotas.get(recipe.author), runtime.time());
  if (counted.kind === 'err') {
    const { limit } = counted.error;
    return refuse(
      { kind: 'quota-exceeded', limit },
      `You published ${limit} versions today, and that is the most for one day. ` +
        'Nothing was published. Try again after midnight UTC.',
    );
  }
  quotas.set(recipe.author, counted.value);
  return ok(null);
}

function store(
  c: RentalCanister,
  asked: {
    readonly recipe: Recipe;
    readonly index: VersionIndex;
    readonly input: VersionInput;
  },
): RecipeVersion {
  const { recipe, index } = asked;
  const { script, rollbackScript, ...input } = asked.input;
  const { recipes } = c.storage;
  const hashed = storeScript(c, script);
  const at = c.runtime.time();
  const version: RecipeVersion = {
    ...input,
    recipeId: recipe.id,
    number: recipe.versionCount,
    scriptSha256: hashed.sha256,
    scriptBytes: hashed.utf8.length,
    rollbackSha256:
      rollbackScript === undefined ? undefined : storeScript(c, rollbackScript).sha256,
    status: { kind: 'published' },
    publishedAt: at,
  };
  const number = recipes.versions.append(recipe.id, version);
  invariant(number === version.number, 'a recipe has more versions than it counts');
  recipes.recipes.set(recipe.id, { ...recipe, versionCount: number + 1, updatedAt: at });
  const versions: Versions = {
    semvers: [...index.semvers, version.semver],
    statuses: [...index.statuses, version.status.kind],
    breaking: [...index.breaking, version.isBreaking],
  };
  storeIndex(c, { recipeId: recipe.id, versions });
  recipeChanged(c, recipe.id);
  return version;
}

function storeScript({ storage }: RentalCanister, script: string): HashedScript {
  const { scripts } = storage.recipes;
  const utf8 = encodeText(script);
  const hash = sha256Hex(utf8);
  if (!scripts.has(hash)) scripts.set(hash, { utf8 });
  return { sha256: hash, utf8 };
}
