import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

describe('plainText', () => {
  it('leaves words of any language as they are', () => {
    for (const words of ['it is slow', 'Größe 5 €', '東京のサーバー', 'сервер', '100 % <b>*_#']) {
      expect(plainText(words)).toBe(words);
    }
  });

  it.each([
    ['a\nb', 'a\\u{a}b'],
    ['`rm`', '\\u{60}rm\\u{60}'],
    ['pay \u202e001', 'pay \\u{202e}001'],
    ['a\u200bb', 'a\\u{200b}b'],
    ['\ud800', '\\u{d800}'],
    ['\u{e0041}', '\\u{e0041}'],
  ])('writes out what is not seen: %j', (words, shown) => {
    expect(plainText(words)).toBe(shown);
  });

  it('never lets through a character that hides, reorders or ends code', () => {
    const any = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(any, (words) => {
        expect(plainText(words)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}`]/u);
      }),
      { numRuns: 2_000 },
    );
  });
});
