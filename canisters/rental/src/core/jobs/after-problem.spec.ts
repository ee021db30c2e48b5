import { describe, expect, it } from 'vitest';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, JobId } from '../ids.ts';
import { afterProblem, type NextTry } from './after-problem.ts';
import type { ErrorClass, Job, JobTask } from './job.ts';
import { newJob } from './job-machine.ts';

const AT = timestampNs(1_000n);
const RENTAL = 3 as RentalId;

function jobFor(task: JobTask): Job {
  return newJob({
    id: 1 as JobId,
    task,
    provider: 0 as AccountId,
    cloudAccountId: 0 as CloudAccountId,
    deadlineAt: timestampNs(10n ** 15n),
    notBefore: AT,
    at: AT,
  });
}

const provision = jobFor({ kind: 'provision', rentalId: RENTAL });
const terminate = jobFor({ kind: 'terminate', rentalId: RENTAL });

/** What follows each of some problems in a row. */
function follow(
  job: Job,
  classes: readonly ErrorClass[],
  given: { readonly retryAfterMs?: number; readonly choiceCount?: number } = {},
): { readonly next: readonly NextTry[]; readonly choices: readonly number[] } {
  const { retryAfterMs = 0, choiceCount = 3 } = given;
  const next: NextTry[] = [];
  const choices: number[] = [];
  let now = job;
  for (const errorClass of classes) {
    const trouble = { class: errorClass, message: 'as it is', retryAfterMs };
    const met = afterProblem(now, { trouble, choiceCount, at: AT });
    now = met.job;
    next.push(met.next);
    choices.push(now.choiceIndex);
  }
  return { next, choices };
}

const seconds = (count: number): NextTry => ({
  kind: 'retry',
  afterNs: durationNs({ seconds: count }),
});

describe('afterProblem', () => {
  it('goes through the choices at once and begins again after a minute', () => {
    const { next, choices } = follow(provision, Array<ErrorClass>(4).fill('capacity'));
    expect(choices).toEqual([1, 2, 0, 1]);
    expect(next).toEqual([seconds(0), seconds(0), seconds(60), seconds(0)]);
  });

  it('waits a minute each time where there is one choice', () => {
    const { next, choices } = follow(provision, ['capacity', 'capacity'], { choiceCount: 1 });
    expect(choices).toEqual([0, 0]);
    expect(next).toEqual([seconds(60), seconds(60)]);
  });

  it('doubles from 5 s to 5 min while the same passing trouble lasts', () => {
    const { next } = follow(provision, Array<ErrorClass>(8).fill('transient'));
    expect(next).toEqual([5, 10, 20, 40, 80, 160, 300, 300].map(seconds));
    expect(follow(provision, ['transient', 'unknown', 'transient']).next[2]).toEqual(seconds(5));
  });

  it('waits as long as the cloud asks for, within reason', () => {
    expect(follow(provision, ['transient'], { retryAfterMs: 42_000 }).next).toEqual([seconds(42)]);
    const { next } = follow(provision, ['transient'], { retryAfterMs: 86_000_000 });
    expect(next).toEqual([seconds(600)]);
  });

  it('takes an adoption that fails three times for a matter of configuration', () => {
    const { next } = follow(provision, ['exists', 'exists', 'exists']);
    expect(next).toEqual([seconds(0), seconds(0), { kind: 'fail', class: 'config' }]);
    const mixed = follow(provision, ['exists', 'exists', 'transient', 'exists']);
    expect(mixed.next[3]).toEqual(seconds(0));
  });

  it.each([
    ['quota', seconds(120)],
    ['unknown', seconds(10)],
    ['auth', { kind: 'fail', class: 'auth' }],
    ['config', { kind: 'fail', class: 'config' }],
  ] as const)('answers %s', (errorClass, expected) => {
    expect(follow(provision, [errorClass]).next).toEqual([expected]);
  });

  it.each(['config', 'auth', 'quota', 'capacity', 'unknown', 'exists', 'transient'] as const)(
    'never gives a delete up for %s, and never waits more than 5 min',
    (errorClass) => {
      const given = { retryAfterMs: 86_000_000 };
      for (const next of follow(terminate, Array<ErrorClass>(20).fill(errorClass), given).next) {
        expect(next.kind).toBe('retry');
        if (next.kind === 'retry')
          expect(next.afterNs).toBeLessThanOrEqual(durationNs({ minutes: 5 }));
      }
    },
  );

  it('keeps the message for who looks into it', () => {
    const trouble = { class: 'quota', message: 'server limit', retryAfterMs: 0 } as const;
    const { job } = afterProblem(provision, { trouble, choiceCount: 1, at: AT });
    expect(job.lastProblem).toEqual({ at: AT, class: 'quota', message: 'server limit' });
  });
});
