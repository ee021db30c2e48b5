import { describe, expect, it } from 'vitest';
import { acceptedEncodings, chooseEncoding, principalEncoding } from './encoding-choice.ts';

const available = (...names: string[]): Map<string, unknown> =>
  new Map(names.map((name) => [name, {}]));

describe('acceptedEncodings', () => {
  it.each([
    ['gzip, br', ['gzip', 'br']],
    ['gzip;q=0.2, BR;q=0.8 , identity', ['identity', 'br', 'gzip']],
    ['gzip;q=0, br', ['br']],
    ['', []],
    [' , ,', []],
    ['gzip;q=nonsense', []],
  ])('of "%s"', (header, expected) => expect(acceptedEncodings(header)).toEqual(expected));
});

describe('chooseEncoding', () => {
  it.each([
    ['the best liked that exists', ['gzip', 'br'], ['br', 'gzip'], 2, 'br'],
    ['the principal one where nothing fits', ['gzip', 'br'], ['zstd'], 2, 'gzip'],
    [
      'for v1 the principal one if acceptable',
      ['identity', 'br'],
      ['br', 'identity'],
      1,
      'identity',
    ],
    ['for v1 another one if that alone is acceptable', ['identity', 'br'], ['br'], 1, 'br'],
  ] as const)('takes %s', (_, names, accepted, certificateVersion, expected) => {
    const choice = { available: available(...names), accepted, certificateVersion };
    expect(chooseEncoding(choice)).toBe(expected);
  });

  it('has none where there is no content', () => {
    expect(principalEncoding(available())).toBeUndefined();
  });

  it('does not depend on the order of uploads', () => {
    expect(principalEncoding(available('zz', 'aa'))).toBe('aa');
    expect(principalEncoding(available('br', 'gzip'))).toBe('gzip');
  });
});
