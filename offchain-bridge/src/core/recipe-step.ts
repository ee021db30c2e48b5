/** A step that a recipe says it is at. */
export interface RecipeStep {
  /** From 1. */
  readonly index: number;
  readonly of: number;
  /** One line. */
  readonly text: string;
}

/** Longer lines are no steps. In bytes, without the line end. */
export const STEP_LINE_BYTES = 512;
const MAX_TEXT = 200;
const MAX_STEPS = 1_000;
const STEP = /^#dc-step ([1-9][0-9]{0,3})\/([1-9][0-9]{0,3}) /;

/**
 * Reads a line `#dc-step 2/5 Installing nginx`. `shown` is the same line with secrets covered: the text
 * is taken from it. Undefined for every other line.
 */
export function parseStep(line: string, shown: string): RecipeStep | undefined {
  const match = STEP.exec(line);
  if (match === null) return undefined;
  const [start, index, of] = [match[0], Number(match[1]), Number(match[2])];
  if (index > of || of > MAX_STEPS) return undefined;
  const text = plainText(shown.slice(start.length)).trim().slice(0, MAX_TEXT).trim();
  return text === '' ? undefined : { index, of, text };
}

/** Without colours and without anything else that a terminal obeys. */
export function plainText(text: string): string {
  return text
    .replaceAll(new RegExp(String.raw`\u001b\[[0-9;?]*[ -/]*[@-~]`, 'g'), '')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ');
}

/** The last lines that are not empty, at most `maxLength` characters, for an error message. */
export function lastLines(text: string, maxLength: number): string {
  const lines = text
    .split('\n')
    .map((line) => plainText(line).trim())
    .filter((line) => line !== '');
  const all = lines.join(' | ');
  return all.length <= maxLength ? all : `…${all.slice(1 - maxLength)}`;
}
