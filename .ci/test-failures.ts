import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { SerializedError, TestCase, TestModule } from 'vitest/node';
import type { TestCounts } from './test-counts.ts';

/** What failed, and the first lines that say why. */
export interface TestFailure {
  /** `file > describe > it`. */
  readonly name: string;
  /** Plain text, at most 15. */
  readonly lines: readonly string[];
}

/** What one test run tells the caller that adds several up. */
export interface TestReport {
  readonly counts: TestCounts;
  readonly failures: readonly TestFailure[];
}

/** The parts of an error that are told; what Vitest hands to reporters fits. */
export interface ToldError extends Pick<SerializedError, 'name' | 'message' | 'stack'> {
  readonly cause?: ToldError;
  /** Of what was expected and what was there, line by line. */
  readonly diff?: unknown;
}

const LINES_MAX = 15;
/** Leaves room for what caused it. */
const MESSAGE_LINES_MAX = 9;
const WIDTH_MAX = 300;
/** How a property test says which values to try again; useless unless it is whole. */
const SEED_LINE = /^\s*\{ seed: /;
const FRAME = /^\s*at .*?(?:file:\/\/)?(\/[^()]+):(\d+):\d+\)?$/;

/** Everything about a module that counts as a failure, in its order. */
export function failuresOf(module: TestModule, root: string): readonly TestFailure[] {
  const file = module.relativeModuleId;
  const failure = (place: readonly string[], errors: readonly ToldError[]): TestFailure => ({
    name: [file, ...place].join(' > '),
    lines: errorLines(errors, root),
  });
  const loading = module.errors().map((error) => failure([], [error]));
  const hooks = [...module.children.allSuites()].flatMap((suite) =>
    suite.errors().map((error) => failure([suite.fullName], [error])),
  );
  const tests = [...module.children.allTests()]
    .filter(isFailed)
    .map((test) => failure([test.fullName], errorsOf(test)));
  return [...loading, ...hooks, ...tests];
}

/** An error that no test caught. */
export function unhandledFailure(error: ToldError, root: string): TestFailure {
  return { name: 'an error that no test caught', lines: errorLines([error], root) };
}

/**
 * The message of each error, where in the project it was thrown, the same of what caused it, and as
 * far as there is room what differs. Seed and path of a property test are never shortened.
 */
export function errorLines(errors: readonly ToldError[], root: string): readonly string[] {
  const lines = errors.flatMap((error) => linesOf(error, root));
  lines.push(...errors.flatMap(differences));
  return lines.slice(0, LINES_MAX).map(shortened);
}

/** `text`, or as much of it as a line of the report holds. */
export function shortened(text: string): string {
  if (text.length <= WIDTH_MAX || SEED_LINE.test(text)) return text;
  return `${text.slice(0, WIDTH_MAX)}… (${text.length - WIDTH_MAX} more)`;
}

function isFailed(test: TestCase): boolean {
  const { state } = test.result();
  return state === 'failed' || state === 'pending';
}

function errorsOf(test: TestCase): readonly ToldError[] {
  const { errors } = test.result();
  if (errors !== undefined && errors.length > 0) return errors;
  return [{ name: 'Error', message: 'The test never came to an end.' }];
}

function linesOf(error: ToldError, root: string): string[] {
  const { name = 'Error', message, stack = '', cause } = error;
  const text = stripVTControlCharacters(`${name}: ${message}`);
  const told = text.split('\n').filter((line) => line.trim() !== '');
  const place = placeOf(stack, root);
  return [
    ...told.slice(0, MESSAGE_LINES_MAX),
    ...(place === undefined ? [] : [`at ${place}`]),
    ...(cause === undefined ? [] : linesOf(causeOf(cause), root)),
  ];
}

/** Only the lines that are not the same. */
function differences({ diff, cause }: ToldError): readonly string[] {
  const own = typeof diff === 'string' ? stripVTControlCharacters(diff).split('\n') : [];
  return [
    ...own.filter((line) => /^[-+] /.test(line) && !/^[-+] (Expected|Received)/.test(line)),
    ...(cause === undefined ? [] : differences(cause)),
  ];
}

/** Vitest's own reporter may have marked it before. */
function causeOf(cause: ToldError): ToldError {
  const { name = 'Error' } = cause;
  return name.startsWith('Caused by: ') ? cause : { ...cause, name: `Caused by: ${name}` };
}

/** The innermost line of our own code. */
function placeOf(stack: string, root: string): string | undefined {
  for (const line of stack.split('\n')) {
    const [, file, row] = FRAME.exec(line) ?? [];
    if (file === undefined || row === undefined) continue;
    if (!file.startsWith(`${root}/`) || file.includes('/node_modules/')) continue;
    return `${relative(root, file)}:${row}`;
  }
  return undefined;
}
