import { invariant } from '@decent-cloud/domain/assert.ts';
import type { Job } from '../../core/jobs/job.ts';
import { isLive, rentalOf } from '../../core/jobs/job-kinds.ts';
import type { JobStorage } from '../../storage/jobs/jobs-storage.ts';
import type { JobLinks } from '../../storage/jobs/link-key.ts';
import type { JobQueue } from '../../storage/jobs/queue-key.ts';
import type { JobId } from '../../core/ids.ts';

/** So many jobs that are over are kept for each rental and each account. */
const KEPT_OVER = 20;

/** Puts a new job into the lists of its rental or its account. */
export function linkNewJob({ links }: JobStorage, job: Job): void {
  links.add(listOf(job, 'all'), job.id);
  links.add(listOf(job, 'live'), job.id);
}

/**
 * Takes a job that is over out of the lists of live ones. Old operations are forgotten, so that
 * nobody fills the store by repeating one; how a rental began and how it ended stay until it moves to
 * the archive.
 */
export function unlinkOverJob(jobs: JobStorage, job: Job): void {
  const { links, queues } = jobs;
  links.remove(listOf(job, 'live'), job.id);
  links.remove({ kind: 'stuck', of: 0 }, job.id);
  if (job.task.kind === 'provision' || job.task.kind === 'terminate') return;
  const over = overQueue(job);
  queues.push(over, job.id);
  if (queues.size(over) <= KEPT_OVER) return;
  const oldest = queues.shift(over);
  if (oldest !== undefined) forgetJob(jobs, oldest);
}

/** Removes a job that is over, with its log. */
export function forgetJob({ jobs, links, logs }: JobStorage, id: JobId): void {
  const job = jobs.get(id);
  if (job === undefined) return;
  invariant(!isLive(job.state), `job ${id} is forgotten while it is live`);
  links.remove(listOf(job, 'all'), id);
  logs.clear(id);
  jobs.remove(id);
}

function overQueue({ task, cloudAccountId }: Job): JobQueue {
  const rental = rentalOf(task);
  return rental === undefined
    ? { kind: 'over-of-account', account: cloudAccountId }
    : { kind: 'over-of-rental', rental };
}

function listOf({ task, cloudAccountId }: Job, which: 'all' | 'live'): JobLinks {
  const rental = rentalOf(task);
  if (rental !== undefined) {
    return { kind: which === 'all' ? 'of-rental' : 'live-of-rental', of: rental };
  }
  return { kind: which === 'all' ? 'of-account' : 'live-of-account', of: cloudAccountId };
}
