import { describe, expect, it } from 'vitest';
import { addCounts, countTests, isGood, NO_TESTS, plainLine } from './test-counts.ts';

describe('countTests', () => {
  it('tallies tests over modules', () => {
    const counts = countTests(
      [
        { errorCount: 0, states: ['passed', 'skipped'] },
        { errorCount: 0, states: ['failed', 'passed'] },
      ],
      0,
    );
    expect(counts).toEqual({ passed: 2, failed: 1, skipped: 1 });
  });

  it('counts a file that did not load as a failure', () => {
    expect(countTests([{ errorCount: 1, states: [] }], 0).failed).toBe(1);
  });

  it('counts an unhandled error as a failure', () => {
    expect(countTests([{ errorCount: 0, states: ['passed'] }], 1).failed).toBe(1);
  });

  it('counts a test that never ended as a failure', () => {
    expect(countTests([{ errorCount: 0, states: ['pending'] }], 0).failed).toBe(1);
  });
});

describe('isGood', () => {
  it.each([
    { desc: 'nothing ran', counts: NO_TESTS, isExpected: false },
    { desc: 'only skips', counts: { passed: 0, failed: 0, skipped: 3 }, isExpected: false },
    { desc: 'one failure', counts: { passed: 9, failed: 1, skipped: 0 }, isExpected: false },
    { desc: 'all passed', counts: { passed: 9, failed: 0, skipped: 0 }, isExpected: true },
  ])('is $isExpected when $desc', ({ counts, isExpected }) => {
    expect(isGood(counts)).toBe(isExpected);
  });
});

describe('plainLine', () => {
  it('prints the sum of several runs', () => {
    const unit = { passed: 10, failed: 0, skipped: 1 };
    const e2e = { passed: 2, failed: 1, skipped: 0 };
    expect(plainLine(addCounts(unit, e2e))).toBe('12 passed, 1 failed, 1 skipped');
  });
});
