import type { Principal } from '@dfinity/principal';
import type { BasisPoints } from '@decent-cloud/domain/amount.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import { bigint, bool, list, number, optional, plainAs } from '@decent-cloud/kit/values/field.ts';
import { principal, record, text, union } from '@decent-cloud/kit/values/field.ts';
import type { Field, Fields } from '@decent-cloud/kit/values/field.ts';
import type { Arch } from '../../core/market/catalogue.ts';
import type { RecipeId } from '../../core/ids.ts';
import type { FieldType, HealthCheck, MinMachine } from '../../core/recipes/recipe.ts';
import type { Recipe, RecipeField, RecipeVersion } from '../../core/recipes/recipe.ts';
import type { VersionRef, VersionStatus } from '../../core/recipes/recipe.ts';
import type { InputValue, RentalInputs } from '../../core/recipes/inputs.ts';
import type { RunStats } from '../../core/recipes/run-stats.ts';
import type { CurrentVersion, VersionIndex } from '../../core/recipes/version-index.ts';

const at: Field<TimestampNs> = bigint<TimestampNs>();
const recipeId = plainAs<RecipeId>();
const owner: Field<Principal> = principal;

export const recipeFields: Fields<Recipe> = {
  id: recipeId,
  author: plainAs<AccountId>(),
  payee: owner,
  name: text,
  description: text,
  icon: text,
  tags: list(text),
  authorBps: plainAs<BasisPoints>(),
  versionCount: number,
  isDeprecated: bool,
  createdAt: at,
  updatedAt: at,
};

const fieldType = union<FieldType>({
  text: { default: text, maxLength: number },
  number: { default: number, min: number, max: number },
  choice: { options: list(text), default: text },
  secret: {},
  'generated-secret': { length: number },
  port: { default: number },
});

const recipeField = record<RecipeField>({
  name: text,
  label: text,
  help: text,
  isRequired: bool,
  fieldType,
});

const minMachine = record<MinMachine>({
  cores: number,
  memoryMb: number,
  diskGb: number,
  archs: list(plainAs<Arch>()),
});

const health = union<HealthCheck>({
  http: { port: number, path: text, status: number, contains: text },
  tcp: { port: number },
  command: { command: text },
});

const status = union<VersionStatus>({
  published: {},
  deprecated: { reason: text },
  yanked: { reason: text },
});

export const versionFields: Fields<RecipeVersion> = {
  recipeId,
  number,
  semver: text,
  scriptSha256: text,
  scriptBytes: number,
  rollbackSha256: optional(text),
  fields: list(recipeField),
  minMachine,
  images: list(text),
  health,
  serviceUrl: text,
  postInstallNotes: text,
  changelog: text,
  isBreaking: bool,
  expectedDowntimeNs: bigint<DurationNs>(),
  status,
  publishedAt: at,
};

export const indexFields: Fields<VersionIndex> = {
  semvers: list(text),
  statuses: list(plainAs<VersionStatus['kind']>()),
  breaking: list(bool),
  current: optional(record<CurrentVersion>({ number, semver: text, publishedAt: at, minMachine })),
};

export const statsFields: Fields<RunStats> = {
  runs: number,
  successes: number,
  readySeconds: list(number),
  p50Seconds: optional(number),
  p95Seconds: optional(number),
};

/** For whoever stores a version that a rental holds. */
export const versionRef: Field<VersionRef> = record<VersionRef>({
  recipeId,
  number,
  name: text,
  semver: text,
  scriptSha256: text,
});

/** For whoever stores what a renter said to a recipe's fields. */
export const rentalInputs: Field<RentalInputs> = record<RentalInputs>({
  values: list(record<InputValue>({ name: text, value: text })),
  secretNames: list(text),
});
