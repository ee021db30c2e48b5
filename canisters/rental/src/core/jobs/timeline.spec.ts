import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import type { StepName } from './job.ts';
import { isRepeated, isStepKept, usualSample, type TimelineRow } from './timeline.ts';
import { median, withSample, type UsualTime } from './usual-time.ts';

const SECOND = 1_000_000_000n;
const row = (step: StepName, atSeconds: number): TimelineRow => ({
  step,
  at: timestampNs(BigInt(atSeconds) * SECOND),
  index: 0,
  of: 0,
  note: '',
});

describe('isStepKept', () => {
  it('leaves out what repeats once a timeline is long, and never the end', () => {
    expect(isStepKept('retrying', 999)).toBe(true);
    expect(isStepKept('retrying', 1_000)).toBe(false);
    expect(isStepKept('power', 1_000)).toBe(true);
    expect(isStepKept('down', 4_000)).toBe(false);
    expect(isStepKept('closed', 1_000_000)).toBe(true);
  });
});

describe('isRepeated', () => {
  it('is true of the same step, number and note', () => {
    const told = { step: 'recipe-step', index: 2, of: 5, note: 'packages' } as const;
    const last = { ...told, at: timestampNs(1n) };
    expect(isRepeated(last, told)).toBe(true);
    expect(isRepeated(last, { ...told, index: 3 })).toBe(false);
    expect(isRepeated(undefined, told)).toBe(false);
  });
});

describe('usualSample', () => {
  it.each([
    ['paid', 'reserved', 12],
    ['server-created', 'booting', 12],
    ['ssh-reachable', 'health-passed', 12],
    ['retrying', 'booting', undefined],
    ['worker-changed', 'ready', undefined],
    ['health-passed', 'booting', undefined],
    ['recipe-step', 'recipe-step', undefined],
    ['ready', 'power', undefined],
  ] as const)('from %s to %s is %s', (from, to, expected) => {
    expect(usualSample(row(from, 100), row(to, 112))).toBe(expected);
  });

  it('is nothing without a step before, and nothing of a day or more', () => {
    expect(usualSample(undefined, row('reserved', 1))).toBeUndefined();
    expect(usualSample(row('paid', 0), row('reserved', 86_401))).toBeUndefined();
  });
});

describe('withSample', () => {
  it('keeps the last 50 and tells the middle', () => {
    let usual: UsualTime | undefined;
    for (let sample = 1; sample <= 60; sample += 1) usual = withSample(usual, sample);
    expect(usual?.recent).toHaveLength(50);
    expect(usual?.recent[0]).toBe(11);
    expect(usual?.seconds).toBe(35);
    expect(median([])).toBe(0);
  });
});
