import { stripVTControlCharacters } from 'node:util';
import { shortened, type TestFailure } from './test-failures.ts';

/** A stage of `npm test` that failed. */
export interface FailedStage {
  readonly name: string;
  readonly failures: readonly TestFailure[];
  /** Everything that it printed; told of if no test says what failed. */
  readonly output: string;
}

const TESTS_MAX = 20;
const OUTPUT_LINES_MAX = 30;
const INDENT = '    ';

/**
 * What failed, short enough for the end of a log: each failed test with the first lines of its error, at
 * most 20 over all stages, and the last 30 lines of a stage that failed otherwise. No lines if
 * nothing failed.
 */
export function failureText(stages: readonly FailedStage[]): readonly string[] {
  const lines: string[] = [];
  let left = TESTS_MAX;
  for (const { name, failures, output } of stages) {
    const told = failures.slice(0, left);
    left -= told.length;
    for (const failure of told) lines.push(...failedTest(name, failure));
    const untold = failures.length - told.length;
    if (untold > 0) lines.push(`✘ ${name}: ${untold} more failed; see above`);
    if (failures.length === 0) lines.push(...lastLines(name, output));
  }
  return lines;
}

function failedTest(stage: string, { name, lines }: TestFailure): readonly string[] {
  return [shortened(`✘ ${stage}: ${name}`), ...lines.map(indented)];
}

function lastLines(stage: string, output: string): readonly string[] {
  const plain = stripVTControlCharacters(output).trimEnd();
  if (plain === '') return [`✘ ${stage}: printed nothing`];
  const lines = plain.split('\n').slice(-OUTPUT_LINES_MAX);
  return [`✘ ${stage}: its last lines`, ...lines.map((line) => indented(shortened(line)))];
}

function indented(line: string): string {
  return `${INDENT}${line}`.trimEnd();
}
