import type { TestModule } from 'vitest/node';

/** What a test run, or several added up, came to. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NO_TESTS: TestCounts = { passed: 0, failed: 0, skipped: 0 };

/** The parts of a finished run that are counted; Vitest's own objects fit. */
export interface FinishedModule {
  readonly errorCount: number;
  readonly states: readonly ('passed' | 'failed' | 'skipped' | 'pending')[];
}

export function toFinishedModule(module: TestModule): FinishedModule {
  const suiteErrors = [...module.children.allSuites()].flatMap((suite) => suite.errors());
  return {
    errorCount: module.errors().length + suiteErrors.length,
    states: [...module.children.allTests()].map((test) => test.result().state),
  };
}

/**
 * Counts tests so that no trouble is lost: a file that fails to load, a failing suite hook and an
 * unhandled error each count as one failure, and so does a test that never came to an end.
 */
export function countTests(
  modules: readonly FinishedModule[],
  unhandledErrorCount: number,
): TestCounts {
  const states = modules.flatMap((module) => module.states);
  const troubles = modules.reduce((sum, module) => sum + module.errorCount, unhandledErrorCount);
  const tally = (state: string) => states.filter((other) => other === state).length;
  return {
    passed: tally('passed'),
    failed: tally('failed') + tally('pending') + troubles,
    skipped: tally('skipped'),
  };
}

export function addCounts(left: TestCounts, right: TestCounts): TestCounts {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}

/** A run is good only if something ran and nothing failed. */
export function isGood(counts: TestCounts): boolean {
  return counts.passed > 0 && counts.failed === 0;
}

/** `12 passed, 0 failed, 1 skipped`. */
export function plainLine(counts: TestCounts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}
