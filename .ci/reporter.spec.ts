import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runStage } from '../scripts/lib/stage.ts';
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

async function run(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--root', folder];
  // This run may be part of one whose counts must not be overwritten.
  const env = { TEST_COUNTS_FILE: '' };
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
