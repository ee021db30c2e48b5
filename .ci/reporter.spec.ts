import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runStage } from '../scripts/lib/stage.ts';
import type { TestReport } from './test-failures.ts';
import { ROOT } from './tidy/source-files.ts';

const CONFIG = `
import { PlainLineReporter } from '${ROOT}/.ci/reporter.ts';
export default { test: { reporters: [new PlainLineReporter()] } };
`;
const IMPORTS = "import { expect, it } from 'vitest';\n";
const PASSES = `${IMPORTS}it('passes', () => expect(1).toBe(1));\n`;

/** Inside the project, so that packages resolve; ignored by git and by the project's own tests. */
let folder: string;

beforeEach(() => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  folder = mkdtempSync(join(ROOT, '.cache', 'reporter-'));
  writeFileSync(join(folder, 'vitest.config.ts'), CONFIG);
});

afterEach(() => rmSync(folder, { recursive: true }));

async function run(files: Readonly<Record<string, string>>, reportFile = '') {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--root', folder];
  // This run may be part of one whose report must not be overwritten.
  const env = { TEST_REPORT_FILE: reportFile };
  const stage = { name: 'vitest', command: process.execPath, args, env };
  const result = await runStage(stage, 'capture');
  return { isOk: result.isOk, lastLine: result.output.trimEnd().split('\n').at(-1) };
}

describe('PlainLineReporter', () => {
  it('ends a good run with the counts', async () => {
    const skipped = "it.skip('waits', () => undefined);\n";
    expect(await run({ 'a.spec.ts': PASSES + skipped, 'b.spec.ts': PASSES })).toEqual({
      isOk: true,
      lastLine: '2 passed, 0 failed, 1 skipped',
    });
  });

  it('fails and counts a file that does not load', async () => {
    const broken = "import './missing.ts';\n";
    expect(await run({ 'a.spec.ts': PASSES, 'b.spec.ts': broken })).toEqual({
      isOk: false,
      lastLine: '1 passed, 1 failed, 0 skipped',
    });
  });

  it('fails and counts an error that no test caught', async () => {
    const leaks = `${PASSES}it('leaks', () => { void Promise.reject(new Error('lost')); });\n`;
    expect(await run({ 'a.spec.ts': leaks })).toEqual({
      isOk: false,
      lastLine: '2 passed, 1 failed, 0 skipped',
    });
  });

  it('fails and counts a hook that fails before its tests', async () => {
    const hook =
      "import { beforeAll } from 'vitest';\nbeforeAll(() => { throw new Error('no'); });\n";
    const { isOk, lastLine } = await run({ 'a.spec.ts': hook + PASSES });
    expect(isOk).toBe(false);
    expect(lastLine).toMatch(/^0 passed, [1-9]\d* failed/);
  });

  it('fails when no test ran', async () => {
    expect(await run({ 'a.spec.ts': `${IMPORTS}it.skip('waits', () => undefined);\n` })).toEqual({
      isOk: false,
      lastLine: '0 passed, 0 failed, 1 skipped',
    });
    expect(await run({ 'a.spec.ts': '' })).toMatchObject({ isOk: false });
  });
});

describe('the report for a caller', () => {
  async function report(files: Readonly<Record<string, string>>): Promise<TestReport> {
    const file = join(folder, 'report.json');
    await run(files, file);
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport;
  }

  it('names what failed, with the line that says so', async () => {
    const wrong = "describe('sums', () => {\n  it('adds', () => expect(1).toBe(2));\n});\n";
    const imports = "import { describe, expect, it } from 'vitest';\n";
    expect(await report({ 'a.spec.ts': imports + wrong, 'b.spec.ts': PASSES })).toEqual({
      counts: { passed: 1, failed: 1, skipped: 0 },
      failures: [
        {
          name: 'a.spec.ts > sums > adds',
          lines: [
            'AssertionError: expected 1 to be 2 // Object.is equality',
            expect.stringMatching(/^at .*a\.spec\.ts:3$/),
            '- 2',
            '+ 1',
          ],
        },
      ],
    });
  });

  it('holds seed, path and cause of a property that failed', async () => {
    const wrong =
      "import * as fc from 'fast-check';\n" +
      "it('holds', () => {\n" +
      '  const small = fc.property(fc.nat(), (n) => { expect(n < 10).toBe(true); });\n' +
      '  fc.assert(small, { seed: 7, examples: [[500]] });\n' +
      '});\n';
    const { failures } = await report({ 'a.spec.ts': IMPORTS + wrong });
    expect(failures.map(({ lines }) => lines)).toEqual([
      [
        expect.stringMatching(/^Error: Property failed after 1 tests$/),
        expect.stringMatching(/^\{ seed: 7, path: "0[:\d]*", endOnFailure: true \}$/),
        'Counterexample: [10]',
        expect.stringMatching(/^Shrunk \d+ time\(s\)$/),
        expect.stringMatching(/^Hint: /),
        expect.stringMatching(/^at .*a\.spec\.ts:5$/),
        'Caused by: AssertionError: expected false to be true // Object.is equality',
        expect.stringMatching(/^at .*a\.spec\.ts:4$/),
        '- true',
        '+ false',
      ],
    ]);
  });

  it('names files that do not load, hooks and what nobody caught', async () => {
    const hook =
      "import { beforeAll, describe } from 'vitest';\n" +
      "describe('house', () => {\n  beforeAll(() => { throw new Error('no'); });\n" +
      "  it('stands', () => expect(1).toBe(1));\n});\n";
    const leaks = `${PASSES}it('leaks', () => { void Promise.reject(new Error('lost')); });\n`;
    const { failures, counts } = await report({
      'a.spec.ts': "import './missing.ts';\n",
      'b.spec.ts': IMPORTS + hook,
      'c.spec.ts': leaks,
    });
    const told = failures.map(({ name, lines: [first] }) => `${name}: ${first ?? 'nothing'}`);
    expect(told.toSorted()).toEqual([
      expect.stringMatching(/^a\.spec\.ts: Error: Cannot find module '\.\/missing\.ts'/),
      expect.stringMatching(/^an error that no test caught: Error: lost$/),
      expect.stringMatching(/^b\.spec\.ts > house: Error: no$/),
    ]);
    expect(counts.failed).toBe(failures.length);
  });
});
