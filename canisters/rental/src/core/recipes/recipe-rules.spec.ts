import { describe, expect, it } from 'vitest';
import type { BasisPoints } from '@decent-cloud/domain/amount.ts';
import { recipeInput } from '../../testing/recipes.fake.ts';
import { isEmoji } from './emoji.ts';
import { checkRecipeInput, checkRecipeName, checkTag } from './recipe-rules.ts';

describe('checkRecipeName', () => {
  it.each(['abc', 'nextcloud', 'a-b-c', '3cx', 'a'.repeat(40)])('accepts %j', (name) => {
    expect(checkRecipeName(name)).toEqual({ kind: 'ok', value: name });
  });

  it.each(
    [
      ['ab', 'a'.repeat(41), 'Abc', 'a_b', 'a--b', '-abc', 'abc-', 'a b', 'a.b', 'ábc', 'a/../b'],
      ['', 'abc\n'],
    ].flat(),
  )('refuses %j', (name) => {
    expect(checkRecipeName(name)).toMatchObject({ error: { argument: 'name' } });
  });
});

describe('checkTag', () => {
  it('accepts words and refuses anything else', () => {
    expect(checkTag('files').kind).toBe('ok');
    for (const tag of ['', 'x', 'Files', 'a b', 'x'.repeat(25)]) {
      expect(checkTag(tag)).toMatchObject({ error: { argument: 'tag' } });
    }
  });
});

describe('checkRecipeInput', () => {
  it('accepts the ends of what is allowed', () => {
    const tags = Array.from({ length: 8 }, (_, at) => `tag-${at}`);
    const input = recipeInput({ description: 'x\n'.repeat(1_000), icon: '', tags });
    expect(checkRecipeInput({ ...input, authorBps: 1_000 as BasisPoints }).kind).toBe('ok');
    expect(checkRecipeInput({ ...input, authorBps: 0 as BasisPoints }).kind).toBe('ok');
  });

  it.each([
    ['description', { description: 'x'.repeat(2_001) }],
    ['description', { description: 'a\u202eb' }],
    ['description', { description: 'a\u0007b' }],
    ['icon', { icon: 'A' }],
    ['icon', { icon: '🚀🚀' }],
    ['tags', { tags: ['files', 'files'] }],
    ['tags', { tags: Array.from({ length: 9 }, (_, at) => `tag-${at}`) }],
    ['tags', { tags: ['No'] }],
    ['author_bps', { authorBps: 1_001 as BasisPoints }],
  ])('refuses a wrong %s', (argument, change) => {
    expect(checkRecipeInput(recipeInput(change))).toMatchObject({ error: { argument } });
  });
});

describe('isEmoji', () => {
  it.each(['☁️', '🚀', '👩‍💻', '👍🏽', '🇪🇺', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '5️⃣', '⚙', '👨‍👩‍👧‍👦', '©'])('accepts %s', (icon) => {
    expect(isEmoji(icon)).toBe(true);
  });

  it.each(['', 'a', '5', '🚀🚀', '🇪', 'ж', '中', '🚀a', '\u200d', '\ufe0f', '🚀\u200d', '\u202e'])(
    'refuses %j',
    (icon) => {
      expect(isEmoji(icon)).toBe(false);
    },
  );
});
