import { describe, expect, it } from 'vitest';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { accepted, givenRecipe } from '../../testing/recipes.fake.ts';
import { refOf } from './known-recipe.ts';
import { noteRecipeRun } from './note-recipe-run.ts';
import { listMyRecipes, listRecipes, listRecipesByTag, listVersions } from './recipe-views.ts';
import { viewRecipe, viewRecipeByName, viewScript, viewVersion } from './recipe-views.ts';

const ALL = { from: undefined, limit: 50 };

describe('lists of recipes', () => {
  it('go from the newest, page by page, without an account', () => {
    const c = fakeCanister();
    for (let at = 0; at < 7; at += 1) givenRecipe(c, { name: `recipe-${at}`, versions: [] });
    const first = accepted(listRecipes(c, { from: undefined, limit: 5 }));
    expect(first.rows.map(({ recipe }) => recipe.id)).toEqual([6, 5, 4, 3, 2]);
    const second = accepted(listRecipes(c, { from: first.next, limit: 5 }));
    expect(second.rows.map(({ recipe }) => recipe.id)).toEqual([1, 0]);
    expect(second.next).toBeUndefined();
  });

  it('show an author their own, and the anonymous caller that they have to sign in', () => {
    const c = fakeCanister();
    givenRecipe(c);
    givenRecipe(c, { author: 'other', name: 'gitea' });
    expect(listMyRecipes(c, ALL)).toMatchObject({ error: { leaf: { kind: 'not-authenticated' } } });
    c.runtime.callerNow = personCalled('other');
    const { rows } = accepted(listMyRecipes(c, ALL));
    expect(rows.map(({ recipe }) => recipe.name)).toEqual(['gitea']);
  });

  it('refuse pages of no rows, of too many, and from what is not in the list', () => {
    const c = fakeCanister();
    givenRecipe(c);
    for (const limit of [0, 51]) {
      expect(listRecipes(c, { from: undefined, limit })).toMatchObject({
        error: { leaf: { kind: 'invalid-argument', argument: 'limit' } },
      });
    }
    expect(listRecipes(c, { from: 9 as never, limit: 5 })).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'from' } },
    });
    expect(listRecipesByTag(c, { tag: 'Not a tag', page: ALL })).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'tag' } },
    });
  });
});

describe('what is shown of a recipe', () => {
  it('is found by its name', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c);
    expect(accepted(viewRecipeByName(c, 'nextcloud')).recipe).toEqual(recipe);
    expect(viewRecipeByName(c, 'other')).toMatchObject({ error: { leaf: { kind: 'not-found' } } });
    expect(viewRecipeByName(c, 'x'.repeat(1_000_000))).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'name' } },
    });
  });

  it('has no numbers before the first run, and then those of real runs, also by version', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c, { versions: [{}, { semver: '1.1.0' }] });
    const recipeId = recipe.id;
    const viewed = [0, 1].map((number) => accepted(viewVersion(c, { recipeId, number })));
    const refs = viewed.map(({ version }) => refOf(recipe, version));
    expect(accepted(viewRecipe(c, recipeId)).stats).toMatchObject({
      runs: 0,
      successes: 0,
      p50Seconds: undefined,
    });
    for (const [at, ref] of refs.entries()) {
      noteRecipeRun(c, { ref, run: { kind: 'ready', readySeconds: 60 + at * 30 } });
    }
    for (const ref of refs.slice(1)) noteRecipeRun(c, { ref, run: { kind: 'failed' } });
    const upgraded = c.upgraded();
    const all = accepted(viewRecipe(upgraded, recipeId)).stats;
    expect(all).toMatchObject({ runs: 3, successes: 2, p50Seconds: 60, p95Seconds: 90 });
    const { rows } = accepted(
      listVersions(upgraded, { recipeId, page: { order: 'newest-first', limit: 20 } }),
    );
    expect(rows.map(({ value }) => [value.version.semver, value.stats.runs])).toEqual([
      ['1.1.0', 2],
      ['1.0.0', 1],
    ]);
  });

  it('includes scripts by their hash', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c);
    const { version } = accepted(viewVersion(c, { recipeId: recipe.id, number: 0 }));
    expect(accepted(viewScript(c, version.scriptSha256))).toContain('echo hello');
    expect(viewScript(c, '0'.repeat(64))).toMatchObject({ error: { leaf: { kind: 'not-found' } } });
    expect(viewScript(c, 'abc')).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'sha256' } },
    });
  });
});
