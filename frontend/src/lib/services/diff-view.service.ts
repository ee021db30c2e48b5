import type { Rental } from '../api/wire.ts';

export type ScriptDiff = Rental.UpgradePreview['diff'];

/** One line of a diff as it is shown. */
export interface DiffRow {
  readonly kind: 'same' | 'old' | 'new' | 'note';
  readonly oldNumber: number | undefined;
  readonly newNumber: number | undefined;
  /** Without the sign. */
  readonly text: string;
}

export interface DiffPart {
  /** Lines of the new script that are the same and left out before this part. */
  readonly skipped: number;
  readonly rows: readonly DiffRow[];
}

export interface DiffView {
  readonly parts: readonly DiffPart[];
  readonly added: number;
  readonly removed: number;
  readonly isMinimal: boolean;
}

const CONTEXT_LINES = 3;
/** What is spent grows with the square of it. */
const MAX_EDITS = 1_500;
const KINDS: Readonly<Record<string, DiffRow['kind']>> = { ' ': 'same', '-': 'old', '+': 'new' };

/** A unified diff with the numbers of its lines. */
export function diffView({ hunks, is_minimal: isMinimal }: ScriptDiff): DiffView {
  let shownUpTo = 1;
  const parts = hunks.map((hunk): DiffPart => {
    const skipped = Math.max(hunk.new_start - shownUpTo, 0);
    shownUpTo = hunk.new_start + hunk.new_lines;
    return { skipped, rows: rowsOf(hunk) };
  });
  const count = (kind: DiffRow['kind']): number =>
    parts.flatMap(({ rows }) => rows).filter((row) => row.kind === kind).length;
  return { parts, added: count('new'), removed: count('old'), isMinimal };
}

/** A diff as the canister makes it, to a script that is not published yet. */
export async function diffOf(before: string, next: string): Promise<ScriptDiff> {
  const { structuredPatch } = await import('diff');
  const patch = structuredPatch('', '', before, next, undefined, undefined, {
    context: CONTEXT_LINES,
    maxEditLength: MAX_EDITS,
  });
  if (patch === undefined) return { is_minimal: false, hunks: [replacement(before, next)] };
  return {
    is_minimal: true,
    hunks: patch.hunks.map((hunk) => ({
      old_start: hunk.oldStart,
      old_lines: hunk.oldLines,
      new_start: hunk.newStart,
      new_lines: hunk.newLines,
      lines: hunk.lines,
    })),
  };
}

function rowsOf(hunk: ScriptDiff['hunks'][number]): DiffRow[] {
  let oldNumber = hunk.old_start;
  let newNumber = hunk.new_start;
  return hunk.lines.map((line): DiffRow => {
    const kind = KINDS[line.charAt(0)] ?? 'note';
    const row: DiffRow = {
      kind,
      oldNumber: kind === 'same' || kind === 'old' ? oldNumber : undefined,
      newNumber: kind === 'same' || kind === 'new' ? newNumber : undefined,
      text: line.slice(1),
    };
    if (row.oldNumber !== undefined) oldNumber += 1;
    if (row.newNumber !== undefined) newNumber += 1;
    return row;
  });
}

function replacement(before: string, next: string): ScriptDiff['hunks'][number] {
  const [oldLines, newLines] = [before.split('\n'), next.split('\n')];
  return {
    old_start: 1,
    old_lines: oldLines.length,
    new_start: 1,
    new_lines: newLines.length,
    lines: [...oldLines.map((line) => `-${line}`), ...newLines.map((line) => `+${line}`)],
  };
}
