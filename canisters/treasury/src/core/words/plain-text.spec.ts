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

  it('knows every character that hides, reorders or ends code, and no other', () => {
    const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}`]/u;
    const wrong: string[] = [];
    for (let code = 0; code < 0x110000; code += 1) {
      const char = String.fromCodePoint(code);
      const isWrittenOut = plainText(char) !== char;
      if (isWrittenOut !== hidden.test(char)) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });
});
