import { writeFileSync } from 'node:fs';
import process from 'node:process';
import type { Reporter, SerializedError, TestModule, Vitest } from 'vitest/node';
import { countTests, isGood, plainLine, toFinishedModule } from './test-counts.ts';
import { failuresOf, unhandledFailure, type TestReport } from './test-failures.ts';

/**
 * Ends a run with the plain line `N passed, N failed, N skipped`. With `TEST_REPORT_FILE` set it
 * writes the counts there instead, for the caller to add up over several runs, with what failed.
 */
export class PlainLineReporter implements Reporter {
  #root = process.cwd();

  onInit(vitest: Vitest): void {
    this.#root = vitest.config.root;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const counts = countTests(modules.map(toFinishedModule), unhandled.length);
    if (!isGood(counts)) process.exitCode = 1;
    const reportFile = process.env['TEST_REPORT_FILE'];
    if (reportFile === undefined || reportFile === '') {
      process.on('exit', () => process.stdout.write(`${plainLine(counts)}\n`));
      return;
    }
    const failures = [
      ...modules.flatMap((module) => failuresOf(module, this.#root)),
      ...unhandled.map((error) => unhandledFailure(error, this.#root)),
    ];
    const report: TestReport = { counts, failures };
    writeFileSync(reportFile, JSON.stringify(report));
  }
}
