import type { JobId } from '../../core/ids.ts';
import type { Job } from '../../core/jobs/job.ts';
import { rentalOf } from '../../core/jobs/job-kinds.ts';
import { classOfDelay, dueAtOf, isTooLate } from '../../core/jobs/job-machine.ts';
import { failureWords } from '../../core/jobs/failure-words.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { addStep } from './job-queue.ts';
import { agentFor, endJob, enqueue, letWaitingIn, putJob, reroute } from './job-moves.ts';
import { circumstancesOf } from './job-words.ts';

/** Looked at before each claim, so that a job of a dead worker moves on as soon as somebody asks. */
const MAX_RETURNED = 10;

/** Puts jobs whose lease or delay is over back into their queues; deadlines are left to the timer. */
export function returnLostJobs(c: RentalCanister): void {
  const at = c.runtime.time();
  for (const { id } of c.storage.jobs.due.due(at, MAX_RETURNED)) {
    const job = c.storage.jobs.jobs.get(id);
    if (job !== undefined && !isTooLate(job, at)) lookAtJob(c, id);
  }
}

/**
 * Does what the clock asks of one job. Gives the job if it failed of its deadline: the caller tells
 * whom it concerns. Does nothing where nothing is due, so it may run at any time and twice.
 */
export function lookAtJob(c: RentalCanister, id: JobId): Job | undefined {
  const at = c.runtime.time();
  const job = c.storage.jobs.jobs.get(id);
  if (job?.dueAt === undefined || job.dueAt > at) return undefined;
  if (isTooLate(job, at)) return failOfDeadline(c, job);
  switch (job.state.kind) {
    case 'leased':
      if (job.state.leaseUntil > at) lookLater(c, job);
      else returnLost(c, job);
      return undefined;
    case 'delayed':
      enqueue(c, job);
      return undefined;
    case 'ready':
      lookLater(c, inRightQueue(c, job));
      return undefined;
    case 'waiting':
      letWaitingIn(c, job.cloudAccountId);
      lookLaterIfWaiting(c, id);
      return undefined;
    case 'done':
    case 'failed':
    case 'cancelled':
      return undefined;
  }
}

function failOfDeadline(c: RentalCanister, job: Job): Job {
  const at = c.runtime.time();
  const errorClass = classOfDelay(job, at);
  // Every choice was tried: the first one, which the renter chose, stands for all.
  const chosen = errorClass === 'capacity' ? { ...job, choiceIndex: 0 } : job;
  const reason = failureWords(circumstancesOf(c, { job: chosen, class: errorClass }));
  return endJob(c, job, { kind: 'failed', at, class: errorClass, reason });
}

function returnLost(c: RentalCanister, job: Job): void {
  const rentalId = rentalOf(job.task);
  enqueue(c, job);
  if (rentalId === undefined) return;
  const note = 'The worker fell silent. The next one looks at the cloud first and goes on.';
  addStep(c, rentalId, { step: 'worker-changed', note });
}

/** Its account may have another agent by now, or its agent may work again. */
function inRightQueue(c: RentalCanister, job: Job): Job {
  const agent = agentFor(c, job);
  if (agent === undefined) return job;
  const isThere = job.queuedFor !== undefined && job.queuedFor.compareTo(agent) === 'eq';
  return isThere ? job : reroute(c, job, agent);
}

function lookLater(c: RentalCanister, job: Job): void {
  putJob(c, { before: job, after: { ...job, dueAt: dueAtOf(job, c.runtime.time()) } });
}

function lookLaterIfWaiting(c: RentalCanister, id: JobId): void {
  const job = c.storage.jobs.jobs.get(id);
  if (job?.state.kind === 'waiting') lookLater(c, job);
}
