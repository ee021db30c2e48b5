import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after } from '@decent-cloud/domain/time.ts';
import { afterProblem, type Trouble } from '../../core/jobs/after-problem.ts';
import { failureWords, retryWords } from '../../core/jobs/failure-words.ts';
import type { JobEvent, JobResult } from '../../core/jobs/job-report.ts';
import type { Job, StepName } from '../../core/jobs/job.ts';
import { rentalOf } from '../../core/jobs/job-kinds.ts';
import { toDelayed } from '../../core/jobs/job-machine.ts';
import { newsOf } from '../../core/jobs/rental-news.ts';
import { usualSample } from '../../core/jobs/timeline.ts';
import { withSample } from '../../core/jobs/usual-time.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { noteInvalidAccount, setValidity } from './account-validity.ts';
import { tellOfFailure, tellRental } from './job-ends.ts';
import { accountOf, endJob, enqueue, putJob, storedJob } from './job-moves.ts';
import { addStep } from './job-queue.ts';
import { choicesOf, circumstancesOf } from './job-words.ts';

/** Does what the events of a checked report ask for, in order; gives the job as it is then. */
export function takeEvents(c: RentalCanister, job: Job, events: readonly JobEvent[]): Job {
  const rentalId = rentalOf(job.task);
  let now = job;
  for (const event of events) {
    // What the rental did with the news before may have ended the job: then the rest is for nobody.
    if (now.state.kind !== 'leased') break;
    if (event.kind === 'problem') now = meetProblem(c, now, event);
    else if (event.kind === 'succeeded') now = succeed(c, now, event.result);
    else if (rentalId !== undefined) {
      noteEvent(c, { job: now, rentalId, event });
      now = storedJob(c, job.id);
    }
  }
  return now;
}

type NotedEvent = Exclude<JobEvent, { readonly kind: 'problem' | 'succeeded' }>;

function noteEvent(
  c: RentalCanister,
  noted: { readonly job: Job; readonly rentalId: RentalId; readonly event: NotedEvent },
): void {
  const { job, rentalId, event } = noted;
  const { jobs } = c.storage;
  const at = c.runtime.time();
  switch (event.kind) {
    case 'step':
      noteUsualTime(c, { job, rentalId, step: event.step });
      addStep(c, rentalId, event);
      break;
    case 'server':
      noteUsualTime(c, { job, rentalId, step: 'server-created' });
      tellRental(c, rentalId, present(newsOf(job, event), 'a server is news'));
      break;
    case 'intent':
      tellRental(c, rentalId, present(newsOf(job, event), 'an intent is news'));
      break;
    case 'connection':
      jobs.connections.set(rentalId, { card: event.card, at });
      break;
    case 'credentials':
      jobs.credentials.set(rentalId, { sealed: event.sealed, at });
      break;
    case 'log':
      jobs.logs.append(job.id, event);
      break;
  }
}

/** The job ends first: what the rental does then must not find it alive. */
function succeed(c: RentalCanister, job: Job, result: JobResult): Job {
  const at = c.runtime.time();
  const rentalId = rentalOf(job.task);
  if (rentalId !== undefined && job.task.kind === 'provision') {
    noteUsualTime(c, { job, rentalId, step: 'ready' });
  }
  const done = endJob(c, job, { kind: 'done', at });
  const news = newsOf(job, { kind: 'succeeded', result });
  if (rentalId !== undefined && news !== undefined) tellRental(c, rentalId, news);
  const account = accountOf(c, job);
  if (job.task.kind === 'validate-account' && account !== undefined) {
    setValidity(c, account, { kind: 'valid', checkedAt: at });
  }
  return done;
}

function meetProblem(c: RentalCanister, job: Job, trouble: Trouble): Job {
  const at = c.runtime.time();
  const choiceCount = choicesOf(c, job).length;
  const { job: troubled, next } = afterProblem(job, { trouble, choiceCount, at });
  const tried = circumstancesOf(c, { job, class: trouble.class });
  const isCheck = job.task.kind === 'validate-account' && next.kind === 'fail';
  if (trouble.class === 'auth' || isCheck) noteBadAccount(c, job, trouble);
  if (next.kind === 'fail') {
    const reason = failureWords({ ...tried, class: next.class });
    const failed = endJob(c, troubled, { kind: 'failed', at, class: next.class, reason });
    tellOfFailure(c, failed);
    return failed;
  }
  const rentalId = rentalOf(job.task);
  if (rentalId !== undefined) addStep(c, rentalId, { step: 'retrying', note: retryWords(tried) });
  if (next.afterNs === 0n) return enqueue(c, troubled);
  const delayed = toDelayed(troubled, { until: after(at, next.afterNs), at });
  putJob(c, { before: job, after: delayed });
  return delayed;
}

function noteBadAccount(c: RentalCanister, job: Job, trouble: Trouble): void {
  const account = accountOf(c, job);
  if (account === undefined) return;
  const reason =
    trouble.class === 'auth'
      ? 'The cloud refuses the credentials of this account.'
      : 'The credentials of this account are accepted, but do not allow what is needed.';
  noteInvalidAccount(c, account, reason);
}

/** What is usual is measured where it happens; told with each timeline. */
function noteUsualTime(
  c: RentalCanister,
  { job, rentalId, step }: { readonly job: Job; readonly rentalId: RentalId; step: StepName },
): void {
  const { timelines, usualTimes } = c.storage.jobs;
  const last = timelines.get(rentalId, timelines.length(rentalId) - 1);
  const sample = usualSample(last, { step, at: c.runtime.time() });
  const backend = accountOf(c, job)?.backend;
  if (sample === undefined || backend === undefined) return;
  const key = [backend, step] as const;
  usualTimes.set(key, withSample(usualTimes.get(key), sample));
}
