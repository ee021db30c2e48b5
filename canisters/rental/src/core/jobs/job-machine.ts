import type { Principal } from '@dfinity/principal';
import { invariant } from '@decent-cloud/domain/assert.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, elapsed, type DurationNs } from '@decent-cloud/domain/time.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, JobId } from '../ids.ts';
import type { ErrorClass, Job, JobState, JobTask } from './job.ts';
import { jobDeadline } from './job-kinds.ts';

/*
 * (new) ──▶ delayed ──time──▶ ready ◀──place──▶ waiting
 *              ▲                │ claim: epoch + 1
 *              │ problem        ▼
 *              └───────────── leased ──succeeded──▶ done
 *   lease over: leased ──▶ ready       any live ──problem, deadline──▶ failed ──cancel──▶ cancelled
 *
 * 1. One lease at a time: a job in hand is `leased` to one worker, and the next claim is possible only
 *    after that state was left.
 * 2. The epoch rises by one with each claim and never else. What carries another epoch, or comes after
 *    `leaseUntil`, is stale, whether or not the canister has looked at the job since.
 * 3. Reports of an epoch are taken in as 1, 2, 3, …, each once.
 * 4. No lease lasts beyond the deadline; deletes have none.
 * 5. Nothing changes about a job that is done, failed or cancelled.
 */

/** A worker that is silent for so long has lost the job. */
const LEASE_NS = durationNs({ seconds: 25 });
const ABANDONED_NS = durationNs({ minutes: 2 });
const FIRST_RECHECK_NS = durationNs({ seconds: 60 });
const LAST_RECHECK_NS = durationNs({ minutes: 10 });
/** The longer nothing happens, the more rarely it is looked at. */
const RECHECKS_PER_AGE = 8n;

export type LeasedState = Extract<JobState, { readonly kind: 'leased' }>;
export type OverState = Extract<JobState, { readonly kind: 'done' | 'failed' | 'cancelled' }>;

export interface NewJob {
  readonly id: JobId;
  readonly task: JobTask;
  readonly provider: AccountId;
  readonly cloudAccountId: CloudAccountId;
  /** Of who ordered it. */
  readonly deadlineAt: TimestampNs;
  /** Nobody may work on it earlier. */
  readonly notBefore: TimestampNs;
  readonly at: TimestampNs;
}

/** A job before it is put into a queue. */
export function newJob({ notBefore, at, ...given }: NewJob): Job {
  const job: Job = {
    ...given,
    deadlineAt: jobDeadline(given.task, given.deadlineAt),
    state: { kind: 'delayed', until: notBefore > at ? notBefore : at },
    epoch: 0,
    reportSeq: 0,
    attempts: 0,
    failures: 0,
    lastProblem: undefined,
    choiceIndex: 0,
    queuedFor: undefined,
    createdAt: at,
    dueAt: undefined,
  };
  return { ...job, dueAt: dueAtOf(job, at) };
}

/** True from the deadline on; a delete never is. */
export function isTooLate({ task, deadlineAt }: Job, at: TimestampNs): boolean {
  return task.kind !== 'terminate' && at >= deadlineAt;
}

/** In the queue of `agent`; in none while no agent may work on it. */
export function toReady(
  job: Job,
  to: { readonly agent: Principal | undefined; readonly at: TimestampNs },
): Job {
  return withState({ ...job, queuedFor: to.agent }, { kind: 'ready', since: to.at }, to.at);
}

/** No place is free at its account. */
export function toWaiting(job: Job, at: TimestampNs): Job {
  return withState({ ...job, queuedFor: undefined }, { kind: 'waiting', since: at }, at);
}

export function toDelayed(
  job: Job,
  delay: { readonly until: TimestampNs; readonly at: TimestampNs },
): Job {
  const { until, at } = delay;
  return withState({ ...job, queuedFor: undefined }, { kind: 'delayed', until }, at);
}

/** Hands a ready job to a worker: the only place where an epoch begins. */
export function claimed(
  job: Job,
  by: { readonly agent: Principal; readonly worker: string; readonly at: TimestampNs },
): Job {
  invariant(job.state.kind === 'ready' && !isTooLate(job, by.at), 'only a ready job is claimed');
  const { agent, worker, at } = by;
  const leaseUntil = leaseEnd(job, at);
  const taken: Job = {
    ...job,
    epoch: job.epoch + 1,
    reportSeq: 0,
    attempts: job.attempts + 1,
    queuedFor: undefined,
  };
  return withState(taken, { kind: 'leased', agent, worker, since: at, leaseUntil }, at);
}

/** The lease, if the caller holds it; undefined is stale: stop working at once. */
export function leaseOf(
  job: Job,
  caller: { readonly agent: Principal; readonly epoch: number; readonly at: TimestampNs },
): LeasedState | undefined {
  const { state } = job;
  if (state.kind !== 'leased' || job.epoch !== caller.epoch) return undefined;
  if (state.leaseUntil <= caller.at) return undefined;
  return state.agent.compareTo(caller.agent) === 'eq' ? state : undefined;
}

/** True for a report that was taken in already, also if it ended its lease. */
export function isKnownReport(
  job: Job,
  report: { readonly epoch: number; readonly seq: number },
): boolean {
  const isSameEpoch = report.epoch === job.epoch && report.epoch > 0;
  return isSameEpoch && report.seq >= 1 && report.seq <= job.reportSeq;
}

/** Takes report `reportSeq + 1` in, or only renews. The due entry stays and is looked at later. */
export function renewed(
  job: Job,
  lease: LeasedState,
  seen: { readonly at: TimestampNs; readonly reportSeq?: number },
): Job {
  const { at, reportSeq = job.reportSeq } = seen;
  return { ...job, reportSeq, state: { ...lease, leaseUntil: leaseEnd(job, at) } };
}

/** Is not live any more. */
export function ended(job: Job, state: OverState): Job {
  return { ...job, state, dueAt: undefined, queuedFor: undefined };
}

/**
 * What a job that ran out of time failed of: what was in its way last, unless nobody has taken it for
 * a while.
 */
export function classOfDelay({ lastProblem, state }: Job, at: TimestampNs): ErrorClass {
  const isQueued = state.kind === 'ready' || state.kind === 'waiting';
  if (isQueued && elapsed(state.since, at) >= ABANDONED_NS) return 'unknown';
  return lastProblem?.class ?? 'unknown';
}

/** Until when a worker may still act on it; undefined if none may. */
export function mayActUntil({ state }: Job, at: TimestampNs): TimestampNs | undefined {
  return state.kind === 'leased' && state.leaseUntil > at ? state.leaseUntil : undefined;
}

/** When the canister looks at a live job by itself. */
export function dueAtOf(job: Job, at: TimestampNs): TimestampNs | undefined {
  const next = nextLookAt(job, at);
  if (next === undefined || job.task.kind === 'terminate') return next;
  return next < job.deadlineAt ? next : job.deadlineAt;
}

function nextLookAt({ state }: Job, at: TimestampNs): TimestampNs | undefined {
  switch (state.kind) {
    case 'ready':
    case 'waiting':
      return after(at, recheckNs(elapsed(state.since, at)));
    case 'leased':
      return state.leaseUntil;
    case 'delayed':
      return state.until;
    case 'done':
    case 'failed':
    case 'cancelled':
      return undefined;
  }
}

function recheckNs(ageNs: DurationNs): DurationNs {
  const part = (ageNs / RECHECKS_PER_AGE) as DurationNs;
  if (part <= FIRST_RECHECK_NS) return FIRST_RECHECK_NS;
  return part < LAST_RECHECK_NS ? part : LAST_RECHECK_NS;
}

function leaseEnd(job: Job, at: TimestampNs): TimestampNs {
  const end = after(at, LEASE_NS);
  if (job.task.kind === 'terminate') return end;
  return end < job.deadlineAt ? end : job.deadlineAt;
}

function withState(job: Job, state: JobState, at: TimestampNs): Job {
  const changed: Job = { ...job, state };
  return { ...changed, dueAt: dueAtOf(changed, at) };
}
