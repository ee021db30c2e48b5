import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSemver, isCompatible, parseSemver, type Semver } from './semver.ts';

function parsed(text: string): Semver {
  return parseSemver(text) ?? expect.fail(`${text} is no version`);
}

const part = fc.nat({ max: 3 });
const preRelease = fc.array(fc.oneof(part, fc.constantFrom('a', 'rc', 'x-1')), { maxLength: 3 });
const anySemver = fc.record({ major: part, minor: part, patch: part, preRelease });

function textOf({ major, minor, patch, preRelease: parts }: Semver): string {
  return [`${major}.${minor}.${patch}`, ...(parts.length > 0 ? [parts.join('.')] : [])].join('-');
}

describe('parseSemver', () => {
  it('reads back every version', () => {
    fc.assert(
      fc.property(anySemver, (version) => {
        expect(parseSemver(textOf(version))).toEqual(version);
      }),
    );
  });

  it.each(
    [
      [
        '',
        '1',
        '1.2',
        '1.2.3.4',
        'v1.2.3',
        '01.2.3',
        '1.02.3',
        '1.2.03',
        '-1.2.3',
        '1.2.3-',
        '1.2.',
      ],
      ['1.2.3+5', '1.2.3-rc.01', '1.2.3-rc..1', '1.2.3-rc_1', ' 1.2.3', '1.2.3 ', '1.2.x', '1,2,3'],
      ['1.2.1234567890', `1.2.3-${'a'.repeat(40)}`, '1e1.0.0', '٣.2.1', '1.2.3-é'],
    ].flat(),
  )('refuses %j', (text) => {
    expect(parseSemver(text)).toBeUndefined();
  });
});

describe('compareSemver', () => {
  it('orders as semver.org does', () => {
    const ordered = [
      '0.9.9',
      '1.0.0-1',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.1',
      '1.2.0',
      '1.10.0',
      '2.0.0',
    ].map(parsed);
    for (const [at, one] of ordered.entries()) {
      for (const [against, other] of ordered.entries()) {
        expect(Math.sign(compareSemver(one, other))).toBe(Math.sign(at - against));
      }
    }
  });

  it('is a total order in which only equal versions are the same', () => {
    fc.assert(
      fc.property(anySemver, anySemver, anySemver, (a, b, c) => {
        expect(Math.sign(compareSemver(a, b))).toBe(0 - Math.sign(compareSemver(b, a)));
        expect(compareSemver(a, b) === 0).toBe(textOf(a) === textOf(b));
        if (compareSemver(a, b) <= 0 && compareSemver(b, c) <= 0) {
          expect(compareSemver(a, c)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('isCompatible', () => {
  it.each([
    ['1.2.3', '1.2.3', true],
    ['1.3.0', '1.2.3', true],
    ['1.2.2', '1.2.3', false],
    ['2.0.0', '1.2.3', false],
    ['1.3.0-rc.1', '1.2.3', false],
    ['1.2.3', '1.2.3-rc.1', true],
    ['0.2.9', '0.2.3', true],
    ['0.3.0', '0.2.3', false],
    ['0.0.3', '0.0.3', true],
    ['0.0.4', '0.0.3', false],
  ])('says of %s for ^%s: %s', (version, from, expected) => {
    expect(isCompatible(parsed(version), parsed(from))).toBe(expected);
  });
});
