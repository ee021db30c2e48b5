import { describe, expect, it } from 'vitest';
import { durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import type { RecipeInput } from '../../core/recipes/recipe.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { accepted, givenRecipe, recipeInput } from '../../testing/recipes.fake.ts';
import { deprecateRecipe, setRecipePayee, updateRecipe } from './edit-recipe.flow.ts';
import { publishRecipe } from './publish-recipe.flow.ts';
import { listRecipes, listRecipesByTag, recipesOfAuthor } from './recipe-views.ts';

const author = personCalled('author');
const other = personCalled('other');
const ALL = { from: undefined, limit: 50 };

function namesWith(c: ReturnType<typeof fakeCanister>, tag: string): readonly string[] {
  return accepted(listRecipesByTag(c, { tag, page: ALL })).rows.map(({ recipe }) => recipe.name);
}

describe('publishRecipe', () => {
  it('keeps a recipe, found by name, author and tag, across an upgrade', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c, { versions: [], input: { tags: ['files', 'office'] } });
    expect(recipe).toMatchObject({ id: 0, name: 'nextcloud', versionCount: 0, payee: author });
    const upgraded = c.upgraded();
    expect(upgraded.storage.recipes.recipes.get(recipe.id)).toEqual(recipe);
    expect(namesWith(upgraded, 'office')).toEqual(['nextcloud']);
    expect(namesWith(upgraded, 'games')).toEqual([]);
    expect(recipesOfAuthor(upgraded, recipe.author)).toBe(1);
    expect(givenRecipe(upgraded, { name: 'gitea', versions: [] }).id).toBe(1);
  });

  it('gives a name once, whoever asks', () => {
    const c = fakeCanister();
    givenRecipe(c);
    c.runtime.callerNow = other;
    expect(publishRecipe(c, { name: 'nextcloud', ...recipeInput() })).toMatchObject({
      error: { kind: 'request', leaf: { kind: 'conflict' } },
    });
    expect(accepted(listRecipes(c, ALL)).rows).toHaveLength(1);
  });

  it('stores nothing for the anonymous caller or a wrong input', () => {
    const c = fakeCanister();
    expect(publishRecipe(c, { name: 'nextcloud', ...recipeInput() })).toMatchObject({
      error: { leaf: { kind: 'not-authenticated' } },
    });
    c.runtime.callerNow = author;
    expect(publishRecipe(c, { name: 'No', ...recipeInput() })).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'name' } },
    });
    expect(publishRecipe(c, { name: 'yes', ...recipeInput({ icon: 'x' }) })).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'icon' } },
    });
    expect(c.storage.recipes.ids.count()).toBe(0);
  });

  it('takes 50 recipes of an author and no more', () => {
    const c = fakeCanister();
    for (let at = 0; at < 50; at += 1) givenRecipe(c, { name: `recipe-${at}`, versions: [] });
    c.runtime.callerNow = author;
    expect(publishRecipe(c, { name: 'one-more', ...recipeInput() })).toMatchObject({
      error: { leaf: { kind: 'quota-exceeded', limit: 50 } },
    });
    expect(givenRecipe(c, { author: 'other', name: 'one-more', versions: [] }).id).toBe(50);
  });
});

describe('updateRecipe', () => {
  it('changes what is shown and where it is found, never the name or the author', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c, { input: { tags: ['files', 'office'] } });
    c.runtime.callerNow = author;
    c.runtime.now = timestampNs(c.runtime.now + 5n);
    const input = recipeInput({ description: 'Better.', tags: ['office', 'team'] });
    expect(accepted(updateRecipe(c, { recipeId: recipe.id, input }))).toEqual({
      ...recipe,
      ...input,
      updatedAt: c.runtime.now,
    });
    expect(namesWith(c, 'files')).toEqual([]);
    expect(namesWith(c, 'office')).toEqual(['nextcloud']);
    expect(namesWith(c, 'team')).toEqual(['nextcloud']);
  });

  it('is for the author alone, as is every other change', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c);
    const { id: recipeId } = recipe;
    c.runtime.callerNow = other;
    const tries = [
      updateRecipe(c, { recipeId, input: recipeInput({ description: 'mine' }) }),
      deprecateRecipe(c, { recipeId, isDeprecated: true }),
      setRecipePayee(c, { recipeId, payee: other }),
    ];
    for (const tried of tries) {
      expect(tried).toMatchObject({ error: { kind: 'request', leaf: { kind: 'not-allowed' } } });
    }
    expect(c.storage.recipes.recipes.get(recipeId)).toEqual(recipe);
    expect(updateRecipe(c, { recipeId: 9 as never, input: recipeInput() })).toMatchObject({
      error: { leaf: { kind: 'not-found' } },
    });
  });

  it('may change what a recipe is found by 20 times a day, and the rest at any time', () => {
    const c = fakeCanister();
    const { id: recipeId } = givenRecipe(c);
    c.runtime.callerNow = author;
    const update = (change: Partial<RecipeInput>) =>
      updateRecipe(c, { recipeId, input: recipeInput(change) });
    for (let at = 0; at < 20; at += 1) expect(update({ tags: [`tag-${at}`] }).kind).toBe('ok');
    expect(update({ tags: ['one-more'] })).toMatchObject({
      error: { leaf: { kind: 'quota-exceeded', limit: 20 } },
    });
    expect(namesWith(c, 'one-more')).toEqual([]);
    expect(update({ tags: ['tag-19'], description: 'x' }).kind).toBe('ok');
    c.runtime.now = timestampNs(c.runtime.now + durationNs({ days: 1 }));
    expect(update({ icon: '🚀' }).kind).toBe('ok');
  });

  it('counts against what one caller may do', () => {
    const c = fakeCanister({ callsPerMinute: 2 });
    const { id: recipeId } = givenRecipe(c, { versions: [] });
    c.runtime.callerNow = author;
    const input = recipeInput();
    expect(updateRecipe(c, { recipeId, input }).kind).toBe('ok');
    expect(updateRecipe(c, { recipeId, input })).toMatchObject({
      error: { kind: 'temporary', leaf: { kind: 'rate-limited' } },
    });
  });
});

describe('deprecateRecipe', () => {
  it('marks a recipe and takes the mark off again', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c);
    c.runtime.callerNow = author;
    const mark = (isDeprecated: boolean) =>
      accepted(deprecateRecipe(c, { recipeId: recipe.id, isDeprecated }));
    expect(mark(true)).toMatchObject({ isDeprecated: true });
    expect(mark(false)).toEqual(recipe);
  });
});

describe('setRecipePayee', () => {
  it('pays to a login of the author and to nobody else', () => {
    const c = fakeCanister();
    const { id: recipeId } = givenRecipe(c);
    c.runtime.callerNow = author;
    expect(accepted(setRecipePayee(c, { recipeId, payee: author })).payee).toEqual(author);
    expect(setRecipePayee(c, { recipeId, payee: other })).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'payee' } },
    });
  });
});
