import { describe, expect, it } from 'vitest';
import { failureText } from './failure-text.ts';

function failures(count: number) {
  return Array.from({ length: count }, (_, n) => ({ name: `test ${n}`, lines: ['Error: no'] }));
}

describe('failureText', () => {
  it('is empty when nothing failed', () => {
    expect(failureText([])).toEqual([]);
  });

  it('names each failed test below its stage, with its lines', () => {
    const failure = { name: 'a.spec.ts > sums > adds', lines: ['Error: no', 'at a.spec.ts:3'] };
    expect(failureText([{ name: 'unit tests', failures: [failure], output: 'much' }])).toEqual([
      '✘ unit tests: a.spec.ts > sums > adds',
      '    Error: no',
      '    at a.spec.ts:3',
    ]);
  });

  it('ends after 20 tests of all stages, and counts the others', () => {
    const text = failureText([
      { name: 'unit tests', failures: failures(15), output: '' },
      { name: 'canister tests', failures: failures(8), output: '' },
      { name: 'e2e tests', failures: failures(2), output: '' },
    ]);
    expect(text.filter((line) => line.includes(': test '))).toHaveLength(20);
    expect(text.slice(-3)).toEqual([
      '    Error: no',
      '✘ canister tests: 3 more failed; see above',
      '✘ e2e tests: 2 more failed; see above',
    ]);
  });

  it('shows the last 30 lines of a stage that failed otherwise, as plain text', () => {
    const output = Array.from({ length: 50 }, (_, n) => `\u001b[31mline ${n}\u001b[39m\n`);
    const text = failureText([{ name: 'check', failures: [], output: `${output.join('')}\n` }]);
    expect(text).toHaveLength(31);
    expect(text[0]).toBe('✘ check: its last lines');
    expect(text[1]).toBe('    line 20');
    expect(text.at(-1)).toBe('    line 49');
  });

  it('says so when a stage failed without a word', () => {
    expect(failureText([{ name: 'check', failures: [], output: '\n' }])).toEqual([
      '✘ check: printed nothing',
    ]);
  });

  it('cuts what is too wide', () => {
    const wide = 'x'.repeat(1_000);
    const [test] = failureText([
      { name: 'unit tests', failures: [{ name: wide, lines: [] }], output: '' },
    ]);
    expect(test?.length).toBeLessThan(400);
    const [, line] = failureText([{ name: 'check', failures: [], output: wide }]);
    expect(line?.length).toBeLessThan(400);
  });
});
