import { describe, expect, it } from 'vitest';
import { errorLines, shortened } from './test-failures.ts';

const ROOT = '/home/ann/project';

function stack(...frames: readonly string[]): string {
  return ['Error: no', ...frames.map((frame) => `    at ${frame}`)].join('\n');
}

describe('errorLines', () => {
  it('tells the message and the innermost line of our own code', () => {
    const error = {
      name: 'AssertionError',
      message: '\u001b[31mexpected 1 to be 2\u001b[39m\n\nbecause',
      stack: stack(
        `fn (${ROOT}/node_modules/a/b.js:1:2)`,
        `Object.<anonymous> (file://${ROOT}/domain/src/ids.ts:12:3)`,
        `${ROOT}/domain/src/ids.spec.ts:40:5`,
      ),
    };
    expect(errorLines([error], ROOT)).toEqual([
      'AssertionError: expected 1 to be 2',
      'because',
      'at domain/src/ids.ts:12',
    ]);
  });

  it.each([
    ['a frame without a function', `${ROOT}/a.spec.ts:4:5`, ['at a.spec.ts:4']],
    ['an asynchronous frame', `async run (${ROOT}/a.ts:4:5)`, ['at a.ts:4']],
    ['another project', `fn (${ROOT}-two/a.ts:4:5)`, []],
    ['Node itself', 'node:internal/process/task_queues:105:5', []],
  ])('finds the place in %s', (_, frame, expected) => {
    const error = { name: 'Error', message: 'no', stack: stack(frame) };
    expect(errorLines([error], ROOT)).toEqual(['Error: no', ...expected]);
  });

  it('tells what caused it, marked once', () => {
    const cause = (name: string) => ({ name, message: 'deep' });
    const error = { name: 'Error', message: 'no' };
    for (const name of ['TypeError', 'Caused by: TypeError']) {
      const lines = errorLines([{ ...error, cause: cause(name) }], ROOT);
      expect(lines).toEqual(['Error: no', 'Caused by: TypeError: deep']);
    }
  });

  it('tells what differs, also of a cause', () => {
    const diff = (name: string) =>
      `\u001b[32m- Expected\u001b[39m\n+ Received\n\n  {\n-   "${name}": 1,\n+   "${name}": 2,\n  }`;
    const cause = { name: 'AssertionError', message: 'deep', diff: diff('b') };
    const error = { name: 'Error', message: 'no', diff: diff('a'), cause };
    expect(errorLines([error], ROOT)).toEqual([
      'Error: no',
      'Caused by: AssertionError: deep',
      '-   "a": 1,',
      '+   "a": 2,',
      '-   "b": 1,',
      '+   "b": 2,',
    ]);
  });

  it('leaves room for the cause of a long message, and ends after 15 lines', () => {
    const long = Array.from({ length: 40 }, (_, n) => `line ${n}`).join('\n');
    const cause = { name: 'TypeError', message: long };
    const lines = errorLines([{ name: 'Error', message: long, cause }], ROOT);
    expect(lines).toHaveLength(15);
    expect(lines[9]).toBe('Caused by: TypeError: line 0');
  });
});

describe('shortened', () => {
  it('cuts long lines, and says so', () => {
    expect(shortened('a'.repeat(300))).toBe('a'.repeat(300));
    expect(shortened('a'.repeat(310))).toBe(`${'a'.repeat(300)}… (10 more)`);
  });

  it('keeps seed and path whole', () => {
    const line = `{ seed: -7, path: "${'1:'.repeat(400)}", endOnFailure: true }`;
    expect(shortened(line)).toBe(line);
  });
});
