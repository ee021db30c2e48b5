import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { addCounts, isGood, NO_TESTS, plainLine, type TestCounts } from '../.ci/test-counts.ts';
import type { TestFailure, TestReport } from '../.ci/test-failures.ts';
import { failureText } from '../.ci/failure-text.ts';
import { runStage, secondsText, verdictLine, type Stage, type StageResult } from './lib/stage.ts';

const scratch = mkdtempSync(join(tmpdir(), 'decent-test-'));

/** A stage that failed outside of any test still shows up in the last line. */
const ONE_FAILURE: TestCounts = { passed: 0, failed: 1, skipped: 0 };

interface Outcome {
  readonly result: StageResult;
  readonly counts: TestCounts;
  readonly failures: readonly TestFailure[];
}

async function runPlain(name: string, command: string, ...args: string[]): Promise<Outcome> {
  const result = await announce({ name, command, args });
  return { result, counts: result.isOk ? NO_TESTS : ONE_FAILURE, failures: [] };
}

async function runTests(project: string): Promise<Outcome> {
  const reportFile = join(scratch, `${project}.json`);
  const result = await announce({
    name: `${project} tests`,
    command: 'vitest',
    // It does not print to a terminal itself, and the tests' own processes are to know of none.
    args: ['run', '--project', project, ...(process.stdout.isTTY ? ['--color'] : [])],
    env: { TEST_REPORT_FILE: reportFile },
  });
  const report = readReport(reportFile);
  if (report === undefined) return { result, counts: ONE_FAILURE, failures: [] };
  const { counts, failures } = report;
  const hidesFailure = !result.isOk && counts.failed === 0;
  return { result, counts: hidesFailure ? addCounts(counts, ONE_FAILURE) : counts, failures };
}

async function announce(stage: Stage): Promise<StageResult> {
  process.stdout.write(`\n── ${stage.name}\n`);
  const result = await runStage(stage, 'both');
  process.stdout.write(`${verdictLine(result)}\n`);
  return result;
}

/** Undefined if the run crashed before it could count. */
function readReport(file: string): TestReport | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TestReport) : undefined;
}

async function runEverything(): Promise<Outcome[]> {
  const check = await runPlain('check', 'tsx', 'scripts/check.ts');
  const build = await runPlain('build', 'tsx', 'scripts/build-all.ts');
  const sandbox = await runPlain('find bubblewrap', 'tsx', 'scripts/ensure-bubblewrap.ts');
  const unit = await runTests('unit');
  if (!build.result.isOk) return [check, build, sandbox, unit];
  const canister = await runTests('canister');
  const chromium = await runPlain('find Chromium', 'tsx', 'scripts/ensure-chromium.ts');
  return [check, build, sandbox, unit, canister, chromium, await runTests('e2e')];
}

const startedAtMs = Date.now();
const outcomes = await runEverything();
rmSync(scratch, { recursive: true });

const counts = outcomes.reduce((sum, outcome) => addCounts(sum, outcome.counts), NO_TESTS);
const told = failureText(
  outcomes
    .filter(({ result }) => !result.isOk)
    .map(({ result: { name, output }, failures }) => ({ name, output, failures })),
);
if (told.length > 0) process.stdout.write(`\n── what failed\n${told.join('\n')}\n`);
process.stdout.write('\n');
for (const { result } of outcomes) process.stdout.write(`${verdictLine(result)}\n`);
process.stdout.write(`All stages: ${secondsText(Date.now() - startedAtMs)}\n`);
process.stdout.write(`${plainLine(counts)}\n`);
if (!isGood(counts)) process.exitCode = 1;
