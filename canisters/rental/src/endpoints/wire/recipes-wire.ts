import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { bool, count, list, literals, nanoseconds } from '@decent-cloud/kit/wire/wire.ts';
import { nat16, nat32, optional, principal, record } from '@decent-cloud/kit/wire/wire.ts';
import { text, union, type Wire } from '@decent-cloud/kit/wire/wire.ts';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';
import type { Arch } from '../../core/market/catalogue.ts';
import type { RecipeId } from '../../core/ids.ts';
import type { FieldType, HealthCheck, MinMachine, Recipe } from '../../core/recipes/recipe.ts';
import type { RecipeField, RecipeInput, RecipeVersion } from '../../core/recipes/recipe.ts';
import type { VersionInput, VersionStatus } from '../../core/recipes/recipe.ts';
import type { RunStats } from '../../core/recipes/run-stats.ts';
import type { DiffHunk, ScriptDiff } from '../../core/recipes/script-diff.ts';
import type { CurrentVersion } from '../../core/recipes/version-index.ts';
import type { VersionAddress } from '../../flows/recipes/known-recipe.ts';
import type { UpgradePreview, VersionChange } from '../../flows/recipes/preview-upgrade.ts';
import type { NewRecipe } from '../../flows/recipes/publish-recipe.flow.ts';
import type { RecipePage, RecipePageRequest } from '../../flows/recipes/recipe-views.ts';
import type { RecipeView, VersionView } from '../../flows/recipes/recipe-views.ts';
import type { Withdrawal } from '../../flows/recipes/withdraw-version.flow.ts';

/** A whole number that may be negative. Beyond 2^53, where the core refuses it, it is not exact. */
const integer: Wire<number> = {
  type: lazy(() => IDL.Int64),
  to: (value) => BigInt(value),
  from: (raw) => Number(raw),
};

const recipeInputFields = {
  description: text,
  icon: text,
  tags: list(text),
  authorBps: nat16,
};

const recipeInput = record<RecipeInput>(recipeInputFields);

export const newRecipe = record<NewRecipe>({ name: text, ...recipeInputFields });
export const recipeChange = record<{
  readonly recipeId: RecipeId;
  readonly input: RecipeInput;
}>({ recipeId: count, input: recipeInput });
export const deprecation = record<{
  readonly recipeId: RecipeId;
  readonly isDeprecated: boolean;
}>({ recipeId: count, isDeprecated: bool });
export const payeeChange = record<{ readonly recipeId: RecipeId; readonly payee: Principal }>({
  recipeId: count,
  payee: principal,
});

export const recipe = record<Recipe>({
  id: count,
  author: count,
  payee: principal,
  name: text,
  ...recipeInputFields,
  versionCount: nat32,
  isDeprecated: bool,
  createdAt: nanoseconds,
  updatedAt: nanoseconds,
});

const minMachine = record<MinMachine>({
  cores: nat32,
  memoryMb: nat32,
  diskGb: nat32,
  archs: list(literals<Arch>(['x86', 'arm'])),
});

const recipeField = record<RecipeField>({
  name: text,
  label: text,
  help: text,
  isRequired: bool,
  fieldType: union<FieldType>({
    text: { default: text, maxLength: nat32 },
    number: { default: integer, min: integer, max: integer },
    choice: { options: list(text), default: text },
    secret: {},
    'generated-secret': { length: nat32 },
    port: { default: nat16 },
  }),
});

/** When a machine counts as working. */
export const healthCheck = union<HealthCheck>({
  http: { port: nat16, path: text, status: nat16, contains: text },
  tcp: { port: nat16 },
  command: { command: text },
});

const commonVersionFields = {
  semver: text,
  fields: list(recipeField),
  minMachine,
  images: list(text),
  health: healthCheck,
  serviceUrl: text,
  postInstallNotes: text,
  changelog: text,
  isBreaking: bool,
  expectedDowntimeNs: nanoseconds,
};

const versionInput = record<VersionInput>({
  ...commonVersionFields,
  script: text,
  rollbackScript: optional(text),
});

export const newVersion = record<{
  readonly recipeId: RecipeId;
  readonly input: VersionInput;
}>({ recipeId: count, input: versionInput });

export const versionAddress = record<VersionAddress>({ recipeId: count, number: nat32 });
export const withdrawal = record<Withdrawal>({ recipeId: count, number: nat32, reason: text });

const versionStatus = union<VersionStatus>({
  published: {},
  deprecated: { reason: text },
  yanked: { reason: text },
});

export const version = record<RecipeVersion>({
  recipeId: count,
  number: nat32,
  ...commonVersionFields,
  scriptSha256: text,
  scriptBytes: nat32,
  rollbackSha256: optional(text),
  status: versionStatus,
  publishedAt: nanoseconds,
});

const runStats = record<Omit<RunStats, 'readySeconds'>>({
  runs: count,
  successes: count,
  p50Seconds: optional(count),
  p95Seconds: optional(count),
});

export const recipeView = record<RecipeView>({
  recipe,
  current: optional(
    record<CurrentVersion>({ number: nat32, semver: text, publishedAt: nanoseconds, minMachine }),
  ),
  stats: runStats,
});
export const versionView = record<VersionView>({ version, stats: runStats });

export const recipePageRequest = record<RecipePageRequest>({ from: optional(count), limit: nat32 });
export const tagRequest = record<{ readonly tag: string; readonly page: RecipePageRequest }>({
  tag: text,
  page: recipePageRequest,
});
export const recipePage = record<RecipePage>({ rows: list(recipeView), next: optional(count) });

export const upgradeRequest = record<{
  readonly recipeId: RecipeId;
  readonly from: number;
  readonly to: number;
}>({ recipeId: count, from: nat32, to: nat32 });

export const upgradePreview = record<UpgradePreview>({
  fromSemver: text,
  toSemver: text,
  fromSha256: text,
  toSha256: text,
  status: versionStatus,
  isBreaking: bool,
  expectedDowntimeNs: nanoseconds,
  hasRollbackScript: bool,
  versions: list(
    record<VersionChange>({ number: nat32, semver: text, changelog: text, isBreaking: bool }),
  ),
  versionsLeftOut: nat32,
  newFields: list(recipeField),
  diff: record<ScriptDiff>({
    isMinimal: bool,
    hunks: list(
      record<DiffHunk>({
        oldStart: nat32,
        oldLines: nat32,
        newStart: nat32,
        newLines: nat32,
        lines: list(text),
      }),
    ),
  }),
});
