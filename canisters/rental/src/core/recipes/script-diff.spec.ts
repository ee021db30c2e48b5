import { applyPatch } from 'diff';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffScripts, type ScriptDiff } from './script-diff.ts';

/** What a reader of the hunks would make of the old script. */
function applied(before: string, { hunks }: ScriptDiff): string | false {
  const patch = {
    oldFileName: 'a',
    newFileName: 'b',
    oldHeader: '',
    newHeader: '',
    hunks: hunks.map((hunk) => ({ ...hunk, lines: [...hunk.lines] })),
  };
  return applyPatch(before, patch);
}

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}\n`).join('');

describe('diffScripts', () => {
  it('shows a change with three lines around it', () => {
    const before = numbered('line ', 20);
    const next = before.replace('line 10\n', 'other\nmore\n');
    expect(diffScripts(before, next)).toEqual({
      isMinimal: true,
      hunks: [
        {
          oldStart: 8,
          oldLines: 7,
          newStart: 8,
          newLines: 8,
          lines: [
            ' line 7',
            ' line 8',
            ' line 9',
            '-line 10',
            '+other',
            '+more',
            ' line 11',
            ' line 12',
            ' line 13',
          ],
        },
      ],
    });
  });

  it('shows nothing for the same script and everything for a first line', () => {
    expect(diffScripts('a\n', 'a\n')).toEqual({ isMinimal: true, hunks: [] });
    expect(diffScripts('', 'a\n').hunks[0]?.lines).toEqual(['+a']);
  });

  it('shows that the end of the last line is missing', () => {
    const { hunks } = diffScripts('a\nb', 'a\nb\n');
    expect(hunks[0]?.lines).toContain('\\ No newline at end of file');
  });

  it('leads from one script to the other', () => {
    const line = fc.constantFrom('a\n', 'b\n', 'c\n', '\n');
    const script = fc
      .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('', 'end'))
      .map(([lines, end]) => lines.join('') + end);
    fc.assert(
      fc.property(script, script, (before, next) => {
        const diff = diffScripts(before, next);
        expect(diff.isMinimal).toBe(true);
        expect(applied(before, diff)).toBe(next);
      }),
      { numRuns: 500 },
    );
  });

  it('replaces the middle of scripts that have little in common, and says so', () => {
    const ends = { head: numbered('head ', 10), tail: numbered('tail ', 10) };
    const before = ends.head + numbered('old ', 1_500) + ends.tail;
    const next = ends.head + numbered('new ', 1_400) + ends.tail;
    const diff = diffScripts(before, next);
    expect(diff).toMatchObject({
      isMinimal: false,
      hunks: [{ oldStart: 8, oldLines: 1_506, newStart: 8, newLines: 1_406 }],
    });
    expect(applied(before, diff)).toBe(next);
  });

  it.each([
    ['without common ends', '', ''],
    ['without an end of the last line', '', 'last'],
    ['with a short head', 'head\n', ''],
  ])('replaces whole scripts %s', (_what, head, tail) => {
    const before = head + numbered('old ', 300) + tail;
    const next = head + numbered('new ', 300) + tail;
    const diff = diffScripts(before, next);
    expect(diff.isMinimal).toBe(false);
    expect(applied(before, diff)).toBe(next);
  });
});
