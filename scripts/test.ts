import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { addCounts, isGood, NO_TESTS, plainLine, type TestCounts } from '../.ci/test-counts.ts';
import { runStage, secondsText, verdictLine, type Stage, type StageResult } from './lib/stage.ts';

const scratch = mkdtempSync(join(tmpdir(), 'decent-test-'));

/** A stage that failed outside of any test still shows up in the last line. */
const ONE_FAILURE: TestCounts = { passed: 0, failed: 1, skipped: 0 };

interface Outcome {
  readonly result: StageResult;
  readonly counts: TestCounts;
}

async function runPlain(name: string, command: string, ...args: string[]): Promise<Outcome> {
  const result = await announce({ name, command, args });
  return { result, counts: result.isOk ? NO_TESTS : ONE_FAILURE };
}

async function runTests(project: string): Promise<Outcome> {
  const countsFile = join(scratch, `${project}.json`);
  const result = await announce({
    name: `${project} tests`,
    command: 'vitest',
    args: ['run', '--project', project],
    env: { TEST_COUNTS_FILE: countsFile },
  });
  const counts = readCounts(countsFile);
  if (counts === undefined) return { result, counts: ONE_FAILURE };
  const hidesFailure = !result.isOk && counts.failed === 0;
  return { result, counts: hidesFailure ? addCounts(counts, ONE_FAILURE) : counts };
}

async function announce(stage: Stage): Promise<StageResult> {
  process.stdout.write(`\n── ${stage.name}\n`);
  const result = await runStage(stage, 'show');
  process.stdout.write(`${verdictLine(result)}\n`);
  return result;
}

/** Undefined if the run crashed before it could count. */
function readCounts(file: string): TestCounts | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TestCounts) : undefined;
}

async function runEverything(): Promise<Outcome[]> {
  const check = await runPlain('check', 'tsx', 'scripts/check.ts');
  const build = await runPlain('build canisters', 'tsx', 'scripts/build-canisters.ts');
  const unit = await runTests('unit');
  if (!build.result.isOk) return [check, build, unit];
  const canister = await runTests('canister');
  const chromium = await runPlain('find Chromium', 'tsx', 'scripts/ensure-chromium.ts');
  return [check, build, unit, canister, chromium, await runTests('e2e')];
}

const startedAtMs = Date.now();
const outcomes = await runEverything();
rmSync(scratch, { recursive: true });

const counts = outcomes.reduce((sum, outcome) => addCounts(sum, outcome.counts), NO_TESTS);
process.stdout.write('\n');
for (const { result } of outcomes) process.stdout.write(`${verdictLine(result)}\n`);
process.stdout.write(`All stages: ${secondsText(Date.now() - startedAtMs)}\n`);
process.stdout.write(`${plainLine(counts)}\n`);
if (!isGood(counts)) process.exitCode = 1;
