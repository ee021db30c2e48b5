import { describe, expect, it } from 'vitest';
import type { VersionRange } from '../../core/market/offering.ts';
import { NO_INPUTS } from '../../core/recipes/inputs.ts';
import type { Recipe } from '../../core/recipes/recipe.ts';
import { fakeCanister, personCalled, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import { accepted, givenRecipe, givenVersion, machineSpec } from '../../testing/recipes.fake.ts';
import { recipeField, recipeInput } from '../../testing/recipes.fake.ts';
import { updateRecipe } from './edit-recipe.flow.ts';
import { heldVersion } from './known-recipe.ts';
import { recipeForRent, recipeForUpgrade } from './recipe-for-rent.ts';
import { yankVersion } from './withdraw-version.flow.ts';

const author = personCalled('author');
const port = recipeField({ name: 'PORT', fieldType: { kind: 'port', default: 8080 } });
const token = recipeField({ name: 'TOKEN', isRequired: true, fieldType: { kind: 'secret' } });
const from: VersionRange = { kind: 'compatible', from: '1.0.0' };
const small = { cores: 1, memoryMb: 512, diskGb: 5, archs: [] };

function rent(c: FakeCanister, recipe: Recipe, range: VersionRange = from) {
  const offered = { recipeId: recipe.id, range };
  return recipeForRent(c, { offered, machines: [machineSpec()], inputs: NO_INPUTS });
}

function yank(c: FakeCanister, recipe: Recipe, number: number): void {
  c.runtime.callerNow = author;
  accepted(yankVersion(c, { recipeId: recipe.id, number, reason: 'It leaks' }));
}

describe('recipeForRent', () => {
  it('freezes the newest compatible version, with complete inputs and the payee', () => {
    const c = fakeCanister();
    const versions = [{}, { semver: '1.1.0', fields: [port] }, { semver: '2.0.0' }];
    const recipe = givenRecipe(c, { versions });
    expect(accepted(rent(c, recipe))).toMatchObject({
      ref: { recipeId: recipe.id, number: 1, name: 'nextcloud', semver: '1.1.0' },
      inputs: { values: [{ name: 'PORT', value: '8080' }], secretNames: [] },
      authorPrincipal: author,
      machines: [machineSpec()],
    });
    expect(accepted(rent(c, recipe, { kind: 'pinned', version: '1.0.0' })).ref.number).toBe(0);
  });

  it('refuses what is yanked, in the words of the author, and falls back to what is not', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c, { versions: [{}, { semver: '1.1.0' }] });
    yank(c, recipe, 1);
    expect(accepted(rent(c, recipe)).ref.semver).toBe('1.0.0');
    yank(c, recipe, 0);
    expect(rent(c, recipe)).toMatchObject({
      error: {
        kind: 'request',
        leaf: { kind: 'recipe-unavailable' },
        message:
          'The author of nextcloud withdrew version 1.1.0: It leaks. Nothing was taken. ' +
          'Choose another offer, or ask its seller to change this one.',
      },
    });
  });

  it('refuses a version or a recipe that is not there', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c);
    expect(rent(c, recipe, { kind: 'pinned', version: '3.0.0' })).toMatchObject({
      error: { leaf: { kind: 'recipe-unavailable', reason: 'There is no nextcloud 3.0.0.' } },
    });
    expect(rent(c, { ...recipe, id: 7 as never })).toMatchObject({
      error: { leaf: { kind: 'not-found' } },
    });
  });

  it('runs on the chosen machine or not at all, and keeps those of the others that fit', () => {
    const c = fakeCanister();
    const minMachine = { ...small, memoryMb: 4_096 };
    const recipe = givenRecipe(c, { versions: [{ minMachine }] });
    const offered = { recipeId: recipe.id, range: from };
    const large = machineSpec();
    const tiny = machineSpec({ machineType: 'cx11', memoryMb: 2_048 });
    const ask = (...machines: (typeof large)[]) =>
      recipeForRent(c, { offered, machines, inputs: NO_INPUTS });
    expect(accepted(ask(large, tiny)).machines).toEqual([large]);
    expect(ask(tiny, large)).toMatchObject({
      error: {
        leaf: {
          kind: 'recipe-unavailable',
          reason:
            'nextcloud 1.0.0 does not run on cx11: it needs 4096 MB of memory, and this has 2048 MB.',
        },
      },
    });
  });

  it('refuses inputs that are not complete', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c, { versions: [{ fields: [token] }] });
    expect(rent(c, recipe)).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'inputs' } },
    });
  });

  it('gives the same for ever to who holds a version, whatever the author does', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c);
    const { ref, version } = accepted(rent(c, recipe));
    givenVersion(c, { recipe, version: { semver: '1.5.0', script: 'rm -rf /' } });
    c.runtime.callerNow = author;
    accepted(updateRecipe(c, { recipeId: recipe.id, input: recipeInput({ description: 'x' }) }));
    yank(c, recipe, 0);
    expect(heldVersion(c, ref)).toEqual({
      ...version,
      status: { kind: 'yanked', reason: 'It leaks' },
    });
  });
});

describe('recipeForUpgrade', () => {
  const machine = machineSpec();

  it('carries over what was said, and asks for what is new', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c, {
      versions: [{ fields: [port] }, { semver: '2.0.0', fields: [port, token] }],
    });
    const current = accepted(rent(c, recipe)).ref;
    const previous = { values: [{ name: 'PORT', value: '9000' }], secretNames: [] };
    const upgrade = (secretNames: readonly string[]) =>
      recipeForUpgrade(c, {
        current,
        toNumber: 1,
        machine,
        previous,
        inputs: { values: [], secretNames },
      });
    expect(upgrade([])).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'inputs' } },
    });
    expect(accepted(upgrade(['TOKEN']))).toMatchObject({
      ref: { number: 1, semver: '2.0.0' },
      inputs: { ...previous, secretNames: ['TOKEN'] },
    });
  });

  it('goes up only, to what is not yanked and runs on the machine', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c, {
      versions: [{ semver: '1.1.0' }, { semver: '1.2.0' }, { semver: '0.9.0' }],
    });
    givenVersion(c, { recipe, version: { semver: '1.3.0', minMachine: { ...small, cores: 9 } } });
    const current = accepted(rent(c, recipe, { kind: 'pinned', version: '1.1.0' })).ref;
    const leafOf = (toNumber: number) => {
      const inputs = NO_INPUTS;
      const asked = { current, toNumber, machine, inputs, previous: NO_INPUTS };
      const upgrade = recipeForUpgrade(c, asked);
      return upgrade.kind === 'err' ? upgrade.error.leaf : upgrade.value.ref.semver;
    };
    expect(leafOf(1)).toBe('1.2.0');
    expect(leafOf(0)).toMatchObject({ kind: 'invalid-argument', argument: 'to' });
    expect(leafOf(2)).toMatchObject({ kind: 'invalid-argument', argument: 'to' });
    expect(leafOf(3)).toMatchObject({ kind: 'recipe-unavailable' });
    expect(leafOf(4)).toMatchObject({ kind: 'not-found' });
    yank(c, recipe, 1);
    expect(leafOf(1)).toMatchObject({ kind: 'recipe-unavailable' });
  });
});
