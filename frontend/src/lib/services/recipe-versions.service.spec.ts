import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  isSemver,
  semverSuggestions,
  semverTrouble,
  sortedVersions,
} from './recipe-versions.service.ts';

const semver = fc
  .tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 }), fc.nat({ max: 20 }), fc.boolean())
  .map(([major, minor, patch, isPre]) => `${major}.${minor}.${patch}${isPre ? '-rc.1' : ''}`);

describe('isSemver', () => {
  it.each(['0.0.0', '1.4.2', '2.0.0-rc.1', '1.0.0-alpha', '999999999.0.0'])('takes %s', (text) => {
    expect(isSemver(text)).toBe(true);
  });

  it.each(['', '1', '1.2', '01.2.3', 'v1.2.3', '1.2.3+5', '1.2.3-', '1.0.0-rc..1', '1.0.x'])(
    'refuses %j',
    (text) => {
      expect(isSemver(text)).toBe(false);
    },
  );

  it('has the canister’s limits', () => {
    expect(isSemver('9999999999.0.0')).toBe(false);
    expect(isSemver(`1.0.0-${'a'.repeat(27)}`)).toBe(false);
  });
});

describe('semverSuggestions', () => {
  test.prop([fc.uniqueArray(semver, { maxLength: 8 })])('can all be published', (published) => {
    const ordered = sortedVersions(published.map((text) => ({ semver: text })))
      .map((version) => version.semver)
      .reverse();
    const suggestions = semverSuggestions(ordered);
    expect(suggestions.length).toBeGreaterThan(1);
    for (const { semver: text } of suggestions)
      expect(semverTrouble(text, ordered)).toBeUndefined();
  });

  it('begins with the release of a pre-release', () => {
    expect(semverSuggestions(['1.0.0', '2.0.0-rc.1'])[0]?.semver).toBe('2.0.0');
  });
});

describe('semverTrouble', () => {
  it('wants a number above the last with that first number', () => {
    expect(semverTrouble('1.2.0', ['1.1.0', '2.0.0'])).toBeUndefined();
    expect(semverTrouble('1.0.5', ['1.1.0', '2.0.0'])).toContain('above 1.1.0');
    expect(semverTrouble('2.0.0', ['2.0.0'])).toContain('published already');
    expect(semverTrouble('2.0.0-rc.1', ['2.0.0'])).toContain('above 2.0.0');
    expect(semverTrouble('next', [])).toContain('1.4.2');
  });
});
