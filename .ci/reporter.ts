import { writeFileSync } from 'node:fs';
import process from 'node:process';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { countTests, isGood, plainLine, toFinishedModule } from './test-counts.ts';

/**
 * Ends a run with the plain line `N passed, N failed, N skipped`. With `TEST_COUNTS_FILE` set it
 * writes the counts there instead, for the caller to add up over several runs.
 */
export class PlainLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const counts = countTests(modules.map(toFinishedModule), unhandled.length);
    if (!isGood(counts)) process.exitCode = 1;
    const countsFile = process.env['TEST_COUNTS_FILE'];
    if (countsFile === undefined || countsFile === '') {
      process.on('exit', () => process.stdout.write(`${plainLine(counts)}\n`));
    } else {
      writeFileSync(countsFile, JSON.stringify(counts));
    }
  }
}
