import { structuredPatch } from 'diff/lib/patch/create.js';

/** What differs between two scripts, in the form of a unified diff. */
export interface ScriptDiff {
  /** False if they differ too much: then one hunk replaces everything between the common ends. */
  readonly isMinimal: boolean;
  readonly hunks: readonly DiffHunk[];
}

/** Lines are numbered from 1; each begins with a space (in both), `-` (old), `+` (new) or `\`. */
export interface DiffHunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly lines: readonly string[];
}

const CONTEXT_LINES = 3;
/** What is spent grows with the square of it: here half a billion instructions. */
const MAX_EDITS = 128;
const NO_END = '\\ No newline at end of file';

/** No hunks if the scripts are the same. */
export function diffScripts(before: string, next: string): ScriptDiff {
  if (before === next) return { isMinimal: true, hunks: [] };
  const options = { context: CONTEXT_LINES, maxEditLength: MAX_EDITS };
  const patch = structuredPatch('', '', before, next, undefined, undefined, options);
  if (patch === undefined) return { isMinimal: false, hunks: [replacement(before, next)] };
  return { isMinimal: true, hunks: patch.hunks };
}

/** Everything between the lines that both begin with and the lines that both end with. */
function replacement(before: string, next: string): DiffHunk {
  const oldLines = linesOf(before);
  const newLines = linesOf(next);
  const shorter = Math.min(oldLines.length, newLines.length);
  let head = 0;
  while (head < shorter && oldLines[head] === newLines[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && oldLines.at(-1 - tail) === newLines.at(-1 - tail)) tail += 1;
  const from = Math.max(0, head - CONTEXT_LINES);
  const kept = Math.min(tail, CONTEXT_LINES);
  const removed = oldLines.slice(head, oldLines.length - tail);
  const added = newLines.slice(head, newLines.length - tail);
  const after = oldLines.slice(oldLines.length - tail, oldLines.length - tail + kept);
  const same = head - from + kept;
  return {
    oldStart: from + 1,
    oldLines: removed.length + same,
    newStart: from + 1,
    newLines: added.length + same,
    lines: [
      ...marked(oldLines.slice(from, head), ' '),
      ...marked(removed, '-'),
      ...marked(added, '+'),
      ...marked(after, ' '),
    ],
  };
}

/** With their ends, so that a missing last one shows. */
function linesOf(script: string): readonly string[] {
  const lines = script.split('\n');
  const last = lines.pop();
  const ended = lines.map((line) => `${line}\n`);
  return last === undefined || last === '' ? ended : [...ended, last];
}

function marked(lines: readonly string[], mark: string): readonly string[] {
  return lines.flatMap((line) =>
    line.endsWith('\n') ? [mark + line.slice(0, -1)] : [mark + line, NO_END],
  );
}
