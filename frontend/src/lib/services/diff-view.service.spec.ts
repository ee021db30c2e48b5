import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { diffOf, diffView, type DiffRow } from './diff-view.service.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 30 });

/** Lines with their numbers, as the rows have them. */
function numbered(rows: readonly DiffRow[], side: 'oldNumber' | 'newNumber'): [number, string][] {
  return rows.flatMap((row) => (row[side] === undefined ? [] : [[row[side], row.text]]));
}

describe('diffView', () => {
  test.prop([lines, lines])('has the right line at every number of both scripts', async (a, b) => {
    const [before, next] = [a.join('\n'), b.join('\n')];
    const view = diffView(await diffOf(before, next));
    const rows = view.parts.flatMap((part) => part.rows);
    const [oldLines, newLines] = [before.split('\n'), next.split('\n')];
    for (const [number, text] of numbered(rows, 'oldNumber')) {
      expect(oldLines[number - 1]).toBe(text);
    }
    for (const [number, text] of numbered(rows, 'newNumber')) {
      expect(newLines[number - 1]).toBe(text);
    }
    expect(view.parts.length === 0).toBe(before === next);
  });

  it('numbers lines, counts them, and says what is left out', () => {
    const view = diffView({
      is_minimal: true,
      hunks: [
        {
          old_start: 5,
          old_lines: 2,
          new_start: 5,
          new_lines: 3,
          lines: [' same', '-old', '+new', '+more', '\\ No newline at end of file'],
        },
      ],
    });
    expect(view).toMatchObject({ added: 2, removed: 1 });
    expect(view.parts[0]?.skipped).toBe(4);
    expect(view.parts[0]?.rows).toEqual([
      { kind: 'same', oldNumber: 5, newNumber: 5, text: 'same' },
      { kind: 'old', oldNumber: 6, newNumber: undefined, text: 'old' },
      { kind: 'new', oldNumber: undefined, newNumber: 6, text: 'new' },
      { kind: 'new', oldNumber: undefined, newNumber: 7, text: 'more' },
      {
        kind: 'note',
        oldNumber: undefined,
        newNumber: undefined,
        text: ' No newline at end of file',
      },
    ]);
  });

  it('replaces all of a script that has nothing in common with the one before', async () => {
    const before = Array.from({ length: 1_000 }, (_, at) => `a${at}`).join('\n');
    const next = Array.from({ length: 1_000 }, (_, at) => `b${at}`).join('\n');
    expect(diffView(await diffOf(before, next))).toMatchObject({
      isMinimal: false,
      added: 1_000,
      removed: 1_000,
    });
  });
});
