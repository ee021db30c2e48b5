import type { Principal } from '@dfinity/principal';
import type { BasisPoints } from '@decent-cloud/domain/amount.ts';
import { InvariantError } from '@decent-cloud/domain/assert.ts';
import type { Result } from '@decent-cloud/domain/result.ts';
import { durationNs } from '@decent-cloud/domain/time.ts';
import type { MachineSpec } from '../core/market/catalogue.ts';
import type { Recipe, RecipeInput, RecipeVersion } from '../core/recipes/recipe.ts';
import type { RecipeField, VersionInput } from '../core/recipes/recipe.ts';
import { publishRecipe } from '../flows/recipes/publish-recipe.flow.ts';
import { publishVersion } from '../flows/recipes/publish-version.flow.ts';
import { personCalled, type FakeCanister } from './fake-canister.fake.ts';
import { CX23 } from './terms.fake.ts';

/** What an author says about a recipe of which nothing else matters. */
export function recipeInput(changes: Partial<RecipeInput> = {}): RecipeInput {
  return {
    description: 'A cloud of your own.',
    icon: '☁️',
    tags: ['files'],
    authorBps: 500 as BasisPoints,
    ...changes,
  };
}

/** A version that asks for nothing and runs anywhere. */
export function versionInput(changes: Partial<VersionInput> = {}): VersionInput {
  return {
    semver: '1.0.0',
    script: '#!/bin/sh\necho hello\n',
    rollbackScript: undefined,
    fields: [],
    minMachine: { cores: 1, memoryMb: 512, diskGb: 5, archs: [] },
    images: [],
    health: { kind: 'tcp', port: 22 },
    serviceUrl: '',
    postInstallNotes: '',
    changelog: 'First.',
    isBreaking: false,
    expectedDowntimeNs: durationNs({ minutes: 2 }),
    ...changes,
  };
}

export function recipeField(changes: Partial<RecipeField> = {}): RecipeField {
  const type = { kind: 'text', default: '', maxLength: 100 } as const;
  return {
    name: 'DOMAIN',
    label: 'Domain',
    help: '',
    isRequired: false,
    fieldType: type,
    ...changes,
  };
}

export function machineSpec(changes: Partial<MachineSpec> = {}): MachineSpec {
  return { ...CX23, ...changes };
}

/** A published recipe with versions, by default 1.0.0 alone. */
export function givenRecipe(
  c: FakeCanister,
  given: {
    readonly author?: string;
    readonly name?: string;
    readonly input?: Partial<RecipeInput>;
    readonly versions?: readonly Partial<VersionInput>[];
  } = {},
): Recipe {
  const { author = 'author', name = 'nextcloud', input, versions = [{}] } = given;
  const recipe = as(c, personCalled(author), () =>
    accepted(publishRecipe(c, { name, ...recipeInput(input) })),
  );
  for (const version of versions) givenVersion(c, { recipe, author, version });
  return c.storage.recipes.recipes.get(recipe.id) ?? recipe;
}

export function givenVersion(
  c: FakeCanister,
  given: {
    readonly recipe: Recipe;
    readonly author?: string;
    readonly version?: Partial<VersionInput>;
  },
): RecipeVersion {
  const { recipe, author = 'author', version = {} } = given;
  return as(c, personCalled(author), () =>
    accepted(publishVersion(c, { recipeId: recipe.id, input: versionInput(version) })),
  );
}

/** What was not refused. */
export function accepted<T>(result: Result<T, { readonly message: string }>): T {
  if (result.kind === 'ok') return result.value;
  throw new InvariantError(`refused: ${result.error.message}`);
}

function as<T>(c: FakeCanister, caller: Principal, act: () => T): T {
  const before = c.runtime.callerNow;
  c.runtime.callerNow = caller;
  try {
    return act();
  } finally {
    c.runtime.callerNow = before;
  }
}
