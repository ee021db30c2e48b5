import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliasedBy, aliasesOf, compareKeys, decodedPath, pathSegments } from './asset-paths.ts';

const parts = fc.constantFrom('/', 'a', 'index', '.html', 'index.html', '.');
const keys = fc.array(parts, { minLength: 1, maxLength: 5 }).map((each) => `/${each.join('')}`);

describe('aliases', () => {
  it('look both ways: a path is aliased by exactly the keys that may stand in for it', () => {
    fc.assert(
      fc.property(keys, (key) => {
        for (const alias of aliasesOf(key)) expect(aliasedBy(alias)).toContain(key);
        for (const path of aliasedBy(key)) expect(aliasesOf(path)).toContain(key);
      }),
    );
  });

  it.each([
    ['/', ['/index.html']],
    ['/about', ['/about.html', '/about/index.html']],
    ['/docs/', ['/docs/index.html']],
    ['/page.html', []],
  ])('of %s', (key, aliases) => expect(aliasesOf(key)).toEqual(aliases));
});

describe('pathSegments', () => {
  it.each([
    ['/', ['']],
    ['/a', ['a']],
    ['/a/', ['a', '']],
    ['//a///b', ['a', 'b']],
    ['///', ['']],
  ])('of %s', (path, segments) => expect(pathSegments(path)).toEqual(segments));
});

describe('decodedPath', () => {
  it.each([
    ['/a%20b?x=%20', '/a b'],
    ['/%C3%A9', '/é'],
    ['/100%', '/100%'],
    ['/%zz%2', '/%zz%2'],
    ['/%25', '/%'],
    ['/%ff', undefined],
    ['/%C3?x', undefined],
  ])('of %s is %s', (url, path) => expect(decodedPath(url)).toBe(path));

  it('undoes encoding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodedPath(encodeURIComponent(text))).toBe(text);
      }),
    );
  });
});

describe('compareKeys', () => {
  it('orders by UTF-8 bytes, not by UTF-16 units', () => {
    expect(['\u{1f600}', '\uff5e', 'a'].sort(compareKeys)).toEqual(['a', '\uff5e', '\u{1f600}']);
  });
});
