import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import type { BasisPoints } from '@decent-cloud/domain/amount.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { RecipeId } from '../../core/ids.ts';
import type { Arch } from '../../core/market/catalogue.ts';
import type { RentalInputs } from '../../core/recipes/inputs.ts';
import type { FieldType, HealthCheck, MinMachine, Recipe } from '../../core/recipes/recipe.ts';
import type { RecipeField, RecipeVersion, VersionInput } from '../../core/recipes/recipe.ts';
import type { VersionStatus } from '../../core/recipes/recipe.ts';
import type { RunStats } from '../../core/recipes/run-stats.ts';
import type { VersionIndex } from '../../core/recipes/version-index.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const nat16 = fc.nat({ max: 65_535 });
const nat32 = fc.nat({ max: 2 ** 32 - 1 });
const counter = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const nat64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const whole = fc.integer({ min: -(10 ** 12), max: 10 ** 12 });
const at = nat64 as fc.Arbitrary<TimestampNs>;
const recipeId = counter as fc.Arbitrary<RecipeId>;
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const principal = fc
  .uint8Array({ maxLength: 29 })
  .map((content) => Principal.fromUint8Array(content));
const statusKind = fc.constantFrom<VersionStatus['kind']>('published', 'deprecated', 'yanked');

/** `kind` and the arm's fields. */
function arm<Kind extends string, T extends object>(
  kind: Kind,
  fields: { [Name in keyof T]: fc.Arbitrary<T[Name]> },
) {
  return fc.record<{ kind: Kind } & T>({ kind: fc.constant(kind), ...fields } as never);
}

export const recipe = fc.record<Recipe>({
  id: recipeId,
  author: counter as fc.Arbitrary<AccountId>,
  payee: principal,
  name: text,
  description: text,
  icon: text,
  tags: fc.array(text, { maxLength: 8 }),
  authorBps: fc.nat({ max: 10_000 }) as fc.Arbitrary<BasisPoints>,
  versionCount: nat32,
  isDeprecated: fc.boolean(),
  createdAt: at,
  updatedAt: at,
});

const fieldType: fc.Arbitrary<FieldType> = fc.oneof(
  arm('text', { default: text, maxLength: nat32 }),
  arm('number', { default: whole, min: whole, max: whole }),
  arm('choice', { options: fc.array(text), default: text }),
  arm('secret', {}),
  arm('generated-secret', { length: nat32 }),
  arm('port', { default: nat16 }),
);
const field = fc.record<RecipeField>({
  name: text,
  label: text,
  help: text,
  isRequired: fc.boolean(),
  fieldType,
});
const health: fc.Arbitrary<HealthCheck> = fc.oneof(
  arm('http', { port: nat16, path: text, status: nat16, contains: text }),
  arm('tcp', { port: nat16 }),
  arm('command', { command: text }),
);
const minMachine = fc.record<MinMachine>({
  cores: nat32,
  memoryMb: nat32,
  diskGb: nat32,
  archs: fc.subarray<Arch>(['x86', 'arm']),
});
const common = {
  semver: text,
  fields: fc.array(field, { maxLength: 4 }),
  minMachine,
  images: fc.array(text, { maxLength: 4 }),
  health,
  serviceUrl: text,
  postInstallNotes: text,
  changelog: text,
  isBreaking: fc.boolean(),
  expectedDowntimeNs: nat64 as fc.Arbitrary<DurationNs>,
};
const status: fc.Arbitrary<VersionStatus> = fc.oneof(
  arm('published', {}),
  arm('deprecated', { reason: text }),
  arm('yanked', { reason: text }),
);

export const versionInput = fc.record<VersionInput>({
  ...common,
  script: text,
  rollbackScript: maybe(text),
});
export const version = fc.record<RecipeVersion>({
  ...common,
  recipeId,
  number: nat32,
  scriptSha256: text,
  scriptBytes: nat32,
  rollbackSha256: maybe(text),
  status,
  publishedAt: at,
});
export const versionIndex = fc.record<VersionIndex>({
  semvers: fc.array(text),
  statuses: fc.array(statusKind),
  breaking: fc.array(fc.boolean()),
  current: maybe(fc.record({ number: nat32, semver: text, publishedAt: at, minMachine })),
});
export const runStats = fc.record<RunStats>({
  runs: counter,
  successes: counter,
  readySeconds: fc.array(counter),
  p50Seconds: maybe(counter),
  p95Seconds: maybe(counter),
});
export const rentalInputs = fc.record<RentalInputs>({
  values: fc.array(fc.record({ name: text, value: text })),
  secretNames: fc.array(text),
});
