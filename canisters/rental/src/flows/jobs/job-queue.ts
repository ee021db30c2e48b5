import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, JobId } from '../../core/ids.ts';
import type { JobTask, StepName } from '../../core/jobs/job.ts';
import { mayActUntil, newJob } from '../../core/jobs/job-machine.ts';
import { isRepeated, isStepKept } from '../../core/jobs/timeline.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { endJob, enqueueNew, putJob, storedJob } from './job-moves.ts';
import { forgetJob } from './job-lists.ts';

const PAGE = 50;

export interface JobOrder {
  readonly task: JobTask;
  readonly provider: AccountId;
  readonly cloudAccountId: CloudAccountId;
  /** The job fails 15 s before it, so that its rental hears why in time; a delete does not. */
  readonly deadlineAt: TimestampNs;
  /** Nobody may work on it earlier. */
  readonly notBefore?: TimestampNs | undefined;
}

/** Makes a job and puts it into the queue of the account's agent. */
export function startJob(c: RentalCanister, order: JobOrder): JobId {
  const { notBefore, ...given } = order;
  const at = c.runtime.time();
  const id = c.storage.jobs.ids.next();
  const job = newJob({ ...given, id, notBefore: notBefore ?? at, at });
  if (notBefore !== undefined && notBefore > at) putJob(c, { before: undefined, after: job });
  else enqueueNew(c, job);
  return id;
}

/**
 * Cancels every job of a rental but deletes. A worker that has one in hand is refused from now on, but
 * may still act on what it read before: nothing that must find the end of its work may start before
 * `workerMayActUntil`.
 */
export function cancelJobs(
  c: RentalCanister,
  rentalId: RentalId,
): { readonly workerMayActUntil: TimestampNs | undefined } {
  const at = c.runtime.time();
  const list = { kind: 'live-of-rental', of: rentalId } as const;
  let workerMayActUntil: TimestampNs | undefined;
  let from: JobId | undefined;
  do {
    const page = c.storage.jobs.links.page(list, { from, limit: PAGE });
    for (const id of page?.ids ?? []) {
      const job = storedJob(c, id);
      if (job.task.kind === 'terminate') continue;
      const until = mayActUntil(job, at);
      if (until !== undefined && (workerMayActUntil ?? until) <= until) workerMayActUntil = until;
      endJob(c, job, { kind: 'cancelled', at });
    }
    from = page?.next;
  } while (from !== undefined);
  return { workerMayActUntil };
}

/** What a rental leaves that nobody needs once it is over: addresses and credentials. Logs stay. */
export function wipeTraces(c: RentalCanister, rentalId: RentalId): void {
  const { connections, credentials } = c.storage.jobs;
  connections.remove(rentalId);
  credentials.remove(rentalId);
}

export interface NewStep {
  readonly step: StepName;
  readonly note: string;
  readonly index?: number;
  readonly of?: number;
}

/** Adds a row to a rental's timeline, unless it only repeats the last one. */
export function addStep(c: RentalCanister, rentalId: RentalId, added: NewStep): void {
  const { timelines } = c.storage.jobs;
  const { step, note, index = 0, of = 0 } = added;
  const rows = timelines.length(rentalId);
  if (!isStepKept(step, rows)) return;
  const row = { step, at: c.runtime.time(), index, of, note };
  if (!isRepeated(timelines.get(rentalId, rows - 1), row)) timelines.append(rentalId, row);
}

/** Removes everything about a rental's jobs, once the archive has it. Live jobs would be a bug. */
export function removeJobRows(c: RentalCanister, rentalId: RentalId): void {
  const { jobs } = c.storage;
  const list = { kind: 'of-rental', of: rentalId } as const;
  const over = { kind: 'over-of-rental', rental: rentalId } as const;
  while (jobs.queues.shift(over) !== undefined);
  for (;;) {
    const [id] = jobs.links.page(list, { from: undefined, limit: 1 })?.ids ?? [];
    if (id === undefined) break;
    forgetJob(jobs, id);
  }
  jobs.timelines.clear(rentalId);
  wipeTraces(c, rentalId);
}
