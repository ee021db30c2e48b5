import { createHash } from 'node:crypto';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { checkScript, scriptSize, sha256OfText } from './script-check.service.ts';

describe('sha256OfText', () => {
  test.prop([fc.string({ unit: 'grapheme' })])('is what Node says of the UTF-8', async (text) => {
    const expected = createHash('sha256').update(text, 'utf8').digest('hex');
    expect(await sha256OfText(text)).toBe(expected);
  });
});

describe('checkScript', () => {
  it('tells the published text from any other', async () => {
    const text = 'echo hi\n';
    const published = await sha256OfText(text);
    expect((await checkScript(text, published.toUpperCase())).isAsPublished).toBe(true);
    expect((await checkScript(`${text} `, published)).isAsPublished).toBe(false);
  });
});

describe('scriptSize', () => {
  it('counts bytes of UTF-8, and lines as the canister does', () => {
    expect(scriptSize('')).toEqual({ bytes: 0, lines: 1 });
    expect(scriptSize('ä\n📝\n')).toEqual({ bytes: 8, lines: 3 });
  });
});
