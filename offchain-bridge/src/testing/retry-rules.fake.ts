import type { ErrorClass } from '../core/job-report.ts';
import type { JobKind } from '../core/job-work.ts';

export interface Trouble {
  readonly class: ErrorClass;
  readonly retryAfterMs: number;
}

interface Troubled {
  readonly task: { readonly kind: JobKind };
  readonly failures: number;
  readonly lastClass: ErrorClass | undefined;
  readonly choiceIndex: number;
}

type Next =
  | { readonly kind: 'retry'; readonly afterMs: number }
  | { readonly kind: 'fail'; readonly class: ErrorClass };

const LONGEST_MS = 300_000;
const LONGEST_ASKED_MS = 600_000;
const MAX_ADOPTIONS = 3;

/** What the canister does about a problem: the class decides. */
export function afterProblem(
  job: Troubled,
  trouble: Trouble,
  choiceCount: number,
): Next & { readonly failures: number; readonly choiceIndex: number } {
  const failures = job.lastClass === trouble.class ? job.failures + 1 : 1;
  const choiceIndex = trouble.class === 'capacity' ? nextChoice(job, choiceCount) : job.choiceIndex;
  const next = nextTry(trouble, failures, choiceIndex === 0);
  return { ...(job.task.kind === 'terminate' ? neverGivenUp(next) : next), failures, choiceIndex };
}

function nextChoice({ task, choiceIndex }: Troubled, choiceCount: number): number {
  if (task.kind !== 'provision') return 0;
  return choiceIndex + 1 < choiceCount ? choiceIndex + 1 : 0;
}

function nextTry(trouble: Trouble, failures: number, isFirstChoice: boolean): Next {
  switch (trouble.class) {
    case 'capacity':
      return { kind: 'retry', afterMs: isFirstChoice ? 60_000 : 0 };
    case 'quota':
      return { kind: 'retry', afterMs: 120_000 };
    case 'unknown':
      return { kind: 'retry', afterMs: 10_000 };
    case 'transient': {
      const backoffMs = Math.min(5_000 * 2 ** Math.min(failures - 1, 10), LONGEST_MS);
      const askedMs = Math.min(trouble.retryAfterMs, LONGEST_ASKED_MS);
      return { kind: 'retry', afterMs: askedMs > 0 ? askedMs : backoffMs };
    }
    case 'exists':
      return failures < MAX_ADOPTIONS
        ? { kind: 'retry', afterMs: 0 }
        : { kind: 'fail', class: 'config' };
    case 'auth':
    case 'config':
      return { kind: 'fail', class: trouble.class };
  }
}

function neverGivenUp(next: Next): Next {
  if (next.kind === 'fail') return { kind: 'retry', afterMs: LONGEST_MS };
  return { ...next, afterMs: Math.min(next.afterMs, LONGEST_MS) };
}
