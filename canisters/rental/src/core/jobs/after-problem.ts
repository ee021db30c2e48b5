import { durationNs, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { ErrorClass, Job } from './job.ts';

/** What a worker ran into. */
export interface Trouble {
  readonly class: ErrorClass;
  readonly message: string;
  /** What the cloud asked for; 0 if it asked for nothing. */
  readonly retryAfterMs: number;
}

export type NextTry =
  | { readonly kind: 'retry'; readonly afterNs: DurationNs }
  /** `class` is what it failed of: an adoption that never works is a matter of configuration. */
  | { readonly kind: 'fail'; readonly class: ErrorClass };

const AT_ONCE = durationNs({});
const FULL_CAPACITY_NS = durationNs({ seconds: 60 });
const QUOTA_NS = durationNs({ minutes: 2 });
const LOOK_FIRST_NS = durationNs({ seconds: 10 });
const FIRST_BACKOFF_NS = durationNs({ seconds: 5 });
const LONGEST_NS = durationNs({ minutes: 5 });
/** The cloud may ask for more patience, but not for the whole time that a renter has. */
const LONGEST_ASKED_NS = durationNs({ minutes: 10 });
const NS_PER_MS = 1_000_000n;
const MAX_ADOPTIONS = 3;

/**
 * The class decides, never the message. Deletes are never given up: what fails for good elsewhere is
 * tried again every 5 minutes, and nothing of theirs waits longer.
 */
export function afterProblem(
  job: Job,
  met: { readonly trouble: Trouble; readonly choiceCount: number; readonly at: TimestampNs },
): { readonly job: Job; readonly next: NextTry } {
  const { trouble, choiceCount, at } = met;
  const isSame = job.lastProblem?.class === trouble.class;
  const failures = isSame ? job.failures + 1 : 1;
  const choiceIndex = trouble.class === 'capacity' ? nextChoice(job, choiceCount) : job.choiceIndex;
  const next = nextTry({ trouble, failures, isFirstChoice: choiceIndex === 0 });
  const lastProblem = { at, class: trouble.class, message: trouble.message };
  return {
    job: { ...job, failures, choiceIndex, lastProblem },
    next: job.task.kind === 'terminate' ? neverGivenUp(next) : next,
  };
}

function nextChoice({ task, choiceIndex }: Job, choiceCount: number): number {
  if (task.kind !== 'provision') return 0;
  return choiceIndex + 1 < choiceCount ? choiceIndex + 1 : 0;
}

function nextTry(met: {
  readonly trouble: Trouble;
  readonly failures: number;
  readonly isFirstChoice: boolean;
}): NextTry {
  const { trouble, failures, isFirstChoice } = met;
  switch (trouble.class) {
    case 'capacity':
      return retry(isFirstChoice ? FULL_CAPACITY_NS : AT_ONCE);
    case 'quota':
      return retry(QUOTA_NS);
    case 'transient':
      return retry(trouble.retryAfterMs > 0 ? asked(trouble.retryAfterMs) : backoff(failures));
    case 'unknown':
      return retry(LOOK_FIRST_NS);
    case 'exists':
      return failures < MAX_ADOPTIONS ? retry(AT_ONCE) : { kind: 'fail', class: 'config' };
    case 'auth':
    case 'config':
      return { kind: 'fail', class: trouble.class };
  }
}

function neverGivenUp(next: NextTry): NextTry {
  if (next.kind === 'fail') return retry(LONGEST_NS);
  return retry(next.afterNs < LONGEST_NS ? next.afterNs : LONGEST_NS);
}

function retry(afterNs: DurationNs): NextTry {
  return { kind: 'retry', afterNs };
}

function asked(retryAfterMs: number): DurationNs {
  const wanted = (BigInt(retryAfterMs) * NS_PER_MS) as DurationNs;
  return wanted < LONGEST_ASKED_NS ? wanted : LONGEST_ASKED_NS;
}

function backoff(failures: number): DurationNs {
  const doublings = Math.min(failures - 1, 10);
  const wanted = (FIRST_BACKOFF_NS << BigInt(doublings)) as DurationNs;
  return wanted < LONGEST_NS ? wanted : LONGEST_NS;
}
