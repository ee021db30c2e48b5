import { describe, expect, it } from 'vitest';
import { findableBy, wordsOf } from './words.ts';

describe('words of a search', () => {
  it('are lower case, without what stands between them, each once', () => {
    expect(wordsOf('Nextcloud, fast & SAFE: nextcloud-30!')).toEqual([
      'nextcloud',
      'fast',
      'safe',
      '30',
    ]);
    expect(wordsOf(' -- ')).toEqual([]);
    expect(wordsOf('Ünï 東京')).toEqual(['ünï', '東京']);
  });

  it('are bounded in number and length, and never cut a character in two', () => {
    expect(wordsOf(Array.from({ length: 99 }, (_, n) => `w${n}`).join(' '))).toHaveLength(24);
    expect(wordsOf('𝒳'.repeat(99))).toEqual(['𝒳'.repeat(32)]);
  });

  it('are found by themselves and by their beginnings', () => {
    expect(findableBy('ab')).toEqual(['ab']);
    expect(findableBy('abcd')).toEqual(['abcd', 'abc']);
    expect(findableBy('nextcloudy')).toEqual([
      'nextcloudy',
      'nex',
      'next',
      'nextc',
      'nextcl',
      'nextclo',
      'nextclou',
    ]);
  });
});
