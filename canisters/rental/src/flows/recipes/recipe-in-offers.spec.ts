import { describe, expect, it } from 'vitest';
import type { SearchFilter } from '../../core/market/search/search-offers.ts';
import { asPerson } from '../../testing/accounts.fake.ts';
import { fakeCanister, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import { givenOffering } from '../../testing/market.fake.ts';
import { accepted, givenRecipe, givenVersion, recipeInput } from '../../testing/recipes.fake.ts';
import { searchOfferings } from '../market/search-offerings.ts';
import { updateRecipe } from './edit-recipe.flow.ts';
import { deprecateVersion, yankVersion } from './withdraw-version.flow.ts';

const range = { kind: 'compatible', from: '1.0.0' } as const;

function countOf(c: FakeCanister, filter: Partial<SearchFilter> = {}): number {
  const asked = { words: '', isBare: false, sort: 'price', limit: 20, ...filter } as const;
  return accepted(searchOfferings(c, asked)).rows.length;
}

describe('the offers of a recipe', () => {
  it('are found by its new tags and no longer by the old ones', () => {
    const c = fakeCanister();
    const { id: recipeId } = givenRecipe(c, { input: { tags: ['files'] } });
    givenOffering(c, { input: { recipe: { recipeId, range } } });
    const input = recipeInput({ tags: ['office'] });
    accepted(asPerson(c, 'author', () => updateRecipe(c, { recipeId, input })));
    expect(countOf(c, { words: 'files' })).toBe(0);
    expect(countOf(c, { words: 'office' })).toBe(1);
  });

  it('are gone while no version can be rented, and back with the next', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c);
    const recipeId = recipe.id;
    givenOffering(c, { input: { recipe: { recipeId, range } } });
    const withdrawal = { recipeId, number: 0, reason: 'It leaks.' };
    accepted(asPerson(c, 'author', () => deprecateVersion(c, withdrawal)));
    expect(countOf(c, { recipeId })).toBe(1);
    accepted(asPerson(c, 'author', () => yankVersion(c, withdrawal)));
    expect(countOf(c, { recipeId })).toBe(0);
    givenVersion(c, { recipe, version: { semver: '2.0.0' } });
    expect(countOf(c, { recipeId })).toBe(0);
    givenVersion(c, { recipe, version: { semver: '1.0.1' } });
    expect(countOf(c, { recipeId })).toBe(1);
  });
});
