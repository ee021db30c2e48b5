import { describe, expect, it } from 'vitest';
import {
  bpsOf,
  EMPTY_RECIPE,
  recipeInputOf,
  recipeTroubles,
  shareOfMonth,
  tagsOf,
  type RecipeDraft,
} from './author-recipe.service.ts';

const SOUND: RecipeDraft = { ...EMPTY_RECIPE, name: 'my-blog', icon: '📝', tags: 'web, #blog' };

function troubles(change: Partial<RecipeDraft>): string[] {
  return [...recipeTroubles({ ...SOUND, ...change }).keys()];
}

describe('recipeTroubles', () => {
  it.each<Partial<RecipeDraft>>([
    {},
    { icon: '' },
    { icon: '👩‍💻' },
    { icon: '🇪🇺' },
    { icon: '5️⃣' },
    { share: '10' },
    { share: '0' },
    { tags: '' },
  ])('takes %j', (change) => {
    expect(troubles(change)).toEqual([]);
  });

  it.each<[string, Partial<RecipeDraft>]>([
    ['name', { name: 'ab' }],
    ['name', { name: 'My-Blog' }],
    ['name', { name: 'a--b' }],
    ['name', { name: '-blog' }],
    ['description', { description: 'x'.repeat(2_001) }],
    ['icon', { icon: 'A' }],
    ['icon', { icon: '🚀🚀' }],
    ['tags', { tags: 'web web' }],
    ['tags', { tags: 'x' }],
    ['tags', { tags: 'aa bb cc dd ee ff gg hh ii' }],
    ['share', { share: '10.01' }],
    ['share', { share: '2.555' }],
    ['share', { share: '' }],
  ])('finds a wrong %s', (key, change) => {
    expect(troubles(change)).toEqual([key]);
  });
});

describe('recipeInputOf', () => {
  it('speaks the canister’s units', () => {
    expect(recipeInputOf({ ...SOUND, share: '2.5' })).toMatchObject({
      author_bps: 250,
      tags: ['web', 'blog'],
      icon: '📝',
    });
    expect(tagsOf(' a,, b\nc ')).toEqual(['a', 'b', 'c']);
    expect(bpsOf('10')).toBe(1_000);
    expect(shareOfMonth(1_000_000_000n, 500)).toBe(50_000_000n);
  });
});
