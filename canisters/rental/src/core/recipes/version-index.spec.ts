import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VersionStatus } from './recipe.ts';
import { compareSemver, isCompatible, parseSemver, type Semver } from './semver.ts';
import { checkNextSemver, currentNumber, isAbove, NO_VERSIONS } from './version-index.ts';
import { numberInRange, versionsBetween, type VersionIndex } from './version-index.ts';
import { changedStatus } from './version-status.ts';

type Status = VersionStatus['kind'];

/** `1.2.3`, `1.2.3 deprecated`, … */
function indexOf(...rows: readonly string[]): VersionIndex {
  const parts = rows.map((row) => row.split(' '));
  return {
    ...NO_VERSIONS,
    semvers: parts.map(([semver = '']) => semver),
    statuses: parts.map(([, status = 'published']) => status as Status),
  };
}

function parsed(text: string): Semver {
  return parseSemver(text) ?? expect.fail(`${text} is no version`);
}

describe('checkNextSemver', () => {
  const index = indexOf('1.0.0', '2.0.0', '1.1.0');

  it.each(['1.1.1', '1.2.0', '2.0.1', '3.0.0', '0.1.0', '3.0.0-rc.1'])('takes %s', (semver) => {
    expect(checkNextSemver(index, semver).kind).toBe('ok');
  });

  it.each([
    ['1.1.0', { kind: 'conflict' }],
    ['1.0.0', { kind: 'conflict' }],
    ['1.0.5', { kind: 'not-above', last: '1.1.0' }],
    ['2.0.0-rc.1', { kind: 'not-above', last: '2.0.0' }],
  ])('refuses %s', (semver, error) => {
    expect(checkNextSemver(index, semver)).toEqual({ kind: 'err', error });
  });

  it('lets every major line only go up, whatever is tried', () => {
    const any = fc
      .tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.nat({ max: 2 }))
      .map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (tries) => {
        const semvers: string[] = [];
        for (const semver of tries) {
          const next = checkNextSemver(indexOf(...semvers), semver);
          if (next.kind === 'ok') semvers.push(semver);
        }
        for (const [at, one] of semvers.entries()) {
          for (const other of semvers.slice(at + 1)) {
            const [before, after] = [parsed(one), parsed(other)];
            if (before.major === after.major) {
              expect(compareSemver(before, after)).toBeLessThan(0);
            }
          }
        }
      }),
    );
  });
});

describe('numberInRange', () => {
  const index = indexOf(
    '1.0.0',
    '1.1.0',
    '2.0.0',
    '1.2.0 deprecated',
    '1.3.0 yanked',
    '1.4.0-rc.1',
    '3.0.0 deprecated',
    '4.0.0 yanked',
  );
  const from = (version: string) => numberInRange(index, { kind: 'compatible', from: version });
  const pin = (version: string) => numberInRange(index, { kind: 'pinned', version });

  it('takes the highest published release of the line', () => {
    expect(from('1.0.0')).toEqual({ kind: 'ok', value: 1 });
    expect(from('2.0.0')).toEqual({ kind: 'ok', value: 2 });
  });

  it('takes a deprecated one only where nothing else will do', () => {
    expect(from('1.1.5')).toEqual({ kind: 'ok', value: 3 });
    expect(from('3.0.0')).toEqual({ kind: 'ok', value: 6 });
  });

  it('says whether a version is missing or yanked', () => {
    expect(from('1.2.5')).toEqual({ kind: 'err', error: { kind: 'yanked', number: 4 } });
    expect(from('5.0.0')).toEqual({ kind: 'err', error: { kind: 'no-such-version' } });
    expect(from('nonsense')).toEqual({ kind: 'err', error: { kind: 'no-such-version' } });
    expect(pin('4.0.0')).toEqual({ kind: 'err', error: { kind: 'yanked', number: 7 } });
    expect(pin('1.9.0')).toEqual({ kind: 'err', error: { kind: 'no-such-version' } });
  });

  it('takes exactly what is pinned, pre-releases too', () => {
    expect(pin('1.0.0')).toEqual({ kind: 'ok', value: 0 });
    expect(pin('1.4.0-rc.1')).toEqual({ kind: 'ok', value: 5 });
    expect(pin('3.0.0')).toEqual({ kind: 'ok', value: 6 });
  });

  it('gives what a list of all compatible versions ends with', () => {
    const row = fc.record({
      semver: fc
        .tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.nat({ max: 2 }))
        .map((parts) => parts.join('.')),
      status: fc.constantFrom<Status>('published', 'deprecated', 'yanked'),
    });
    const rows = fc.uniqueArray(row, { selector: ({ semver }) => semver, maxLength: 12 });
    fc.assert(
      fc.property(rows, row, (all, { semver: start }) => {
        const index = indexOf(...all.map(({ semver, status }) => `${semver} ${status}`));
        const expected = all
          .filter(({ semver }) => isCompatible(parsed(semver), parsed(start)))
          .filter(({ status }) => status === 'published')
          .map(({ semver }) => semver)
          .sort((one, other) => compareSemver(parsed(one), parsed(other)))
          .at(-1);
        const found = numberInRange(index, { kind: 'compatible', from: start });
        if (expected !== undefined) {
          expect(found).toEqual({ kind: 'ok', value: index.semvers.indexOf(expected) });
        } else if (found.kind === 'ok') {
          expect(index.statuses[found.value]).toBe('deprecated');
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('currentNumber', () => {
  it('is the highest release that can be rented, published ones first', () => {
    expect(currentNumber(indexOf('2.0.0', '1.0.0', '3.0.0-rc.1', '4.0.0 yanked'))).toBe(0);
    expect(currentNumber(indexOf('2.0.0 deprecated', '1.0.0'))).toBe(1);
    expect(currentNumber(indexOf('2.0.0 deprecated', '3.0.0 yanked'))).toBe(0);
    expect(currentNumber(indexOf('3.0.0 yanked', '1.0.0-rc.1'))).toBeUndefined();
    expect(currentNumber(NO_VERSIONS)).toBeUndefined();
  });
});

describe('versionsBetween', () => {
  it('goes from the newest down, without what was yanked on the way', () => {
    const index = indexOf('1.0.0', '2.0.0', '1.1.0', '1.2.0 yanked', '1.3.0', '2.1.0');
    expect(versionsBetween(index, { from: 0, to: 5 })).toEqual([5, 1, 4, 2]);
    expect(versionsBetween(index, { from: 0, to: 4 })).toEqual([4, 2]);
    expect(versionsBetween(index, { from: 2, to: 3 })).toEqual([3]);
    expect(versionsBetween(index, { from: 5, to: 0 })).toEqual([]);
  });
});

describe('isAbove', () => {
  it('compares versions, not the order of publishing', () => {
    const index = indexOf('2.0.0', '1.0.0');
    expect(isAbove(index, { from: 1, to: 0 })).toBe(true);
    expect(isAbove(index, { from: 0, to: 1 })).toBe(false);
    expect(isAbove(index, { from: 0, to: 0 })).toBe(false);
    expect(isAbove(index, { from: 0, to: 2 })).toBe(false);
  });
});

describe('changedStatus', () => {
  const deprecated = { kind: 'deprecated', reason: 'old' } as const;
  const yanked = { kind: 'yanked', reason: 'leaks' } as const;

  it.each([
    [{ kind: 'published' }, deprecated, deprecated],
    [{ kind: 'published' }, yanked, yanked],
    [deprecated, yanked, yanked],
    [deprecated, { kind: 'deprecated', reason: 'other' }, deprecated],
    [yanked, { kind: 'yanked', reason: 'other' }, yanked],
  ] as const)('from %j by %j is %j', (from, to, expected) => {
    expect(changedStatus(from, to)).toEqual({ kind: 'ok', value: expected });
  });

  it('never leads back from yanked', () => {
    expect(changedStatus(yanked, deprecated)).toEqual({
      kind: 'err',
      error: { kind: 'wrong-state', state: 'yanked' },
    });
  });
});
