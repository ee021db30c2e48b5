import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { JobId } from '../core/ids.ts';
import type { JobEvent } from '../core/jobs/job-report.ts';
import type { ErrorClass, JobTask } from '../core/jobs/job.ts';

export const AGENTS = ['alpha', 'beta'] as const;
export type AgentName = (typeof AGENTS)[number];
const LEASE_NS = 25_000_000_000n;
/** Jobs of a rental end so long before what was ordered. */
const EARLY_NS = 15_000_000_000n;

export interface TrueLease {
  readonly agent: AgentName;
  until: TimestampNs;
}

/** What the rules say about one job. */
export interface JobTruth {
  readonly deadlineAt: TimestampNs;
  readonly task: JobTask;
  epoch: number;
  seqTaken: number;
  lease: TrueLease | undefined;
  isCancelled: boolean;
}

/** Who holds which lease, by the rules alone: kept apart from what the canister says and stores. */
export class LeaseTruths {
  readonly #truths = new Map<JobId, JobTruth>();

  add(id: JobId, given: Pick<JobTruth, 'deadlineAt' | 'task'>): void {
    const nothing = { epoch: 0, seqTaken: 0, lease: undefined, isCancelled: false };
    const { task } = given;
    const isEarly = 'rentalId' in task && task.kind !== 'terminate';
    const deadlineAt = timestampNs(given.deadlineAt - (isEarly ? EARLY_NS : 0n));
    this.#truths.set(id, { task, deadlineAt, ...nothing });
  }

  of(id: JobId): JobTruth {
    return present(this.#truths.get(id), 'a job of the world');
  }

  ids(): readonly JobId[] {
    return [...this.#truths.keys()];
  }

  isHeldBy(
    agent: AgentName,
    lease: { readonly jobId: JobId; readonly epoch: number; readonly now: TimestampNs },
  ): boolean {
    const known = this.of(lease.jobId);
    const isSame = known.lease?.agent === agent && known.epoch === lease.epoch;
    return isSame && known.lease !== undefined && known.lease.until > lease.now;
  }

  /** Where a lease ends that is given or renewed now. */
  leaseEnd(id: JobId, now: TimestampNs): TimestampNs {
    const { task, deadlineAt } = this.of(id);
    const end = timestampNs(now + LEASE_NS);
    return task.kind !== 'terminate' && deadlineAt < end ? deadlineAt : end;
  }

  /** Gives until when a worker may still act on a job of the rental. */
  cancel(rentalId: RentalId, now: TimestampNs): TimestampNs | undefined {
    const concerned = [...this.#truths.values()].filter(
      ({ task }) => 'rentalId' in task && task.rentalId === rentalId && task.kind !== 'terminate',
    );
    let last: TimestampNs | undefined;
    for (const truth of concerned) {
      const until = truth.lease?.until;
      if (until !== undefined && until > now && until > (last ?? 0n)) last = until;
      truth.isCancelled = true;
      truth.lease = undefined;
    }
    return last;
  }
}

/** How a job ends in a world without rentals: theirs only meet what is tried again. */
export function endingOf(task: JobTask, errorClass: ErrorClass | 'none'): JobEvent {
  const isOfAccount = task.kind === 'validate-account' || task.kind === 'refresh-catalogue';
  if (errorClass === 'none' && isOfAccount) {
    return { kind: 'succeeded', result: { kind: 'done' } };
  }
  const isFinal = errorClass === 'config' || errorClass === 'auth' || errorClass === 'exists';
  const mayFail = isOfAccount || task.kind === 'terminate';
  const met = errorClass === 'none' || (isFinal && !mayFail) ? 'transient' : errorClass;
  return { kind: 'problem', class: met, message: 'as it is', retryAfterMs: 0 };
}
