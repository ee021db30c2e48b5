import type { Principal } from '@dfinity/principal';
import { present } from '@decent-cloud/domain/assert.ts';
import type { CloudAccount } from '../../core/accounts/provider.ts';
import type { CloudAccountId, JobId } from '../../core/ids.ts';
import { backlogSlot } from '../../core/jobs/backlog.ts';
import type { Job } from '../../core/jobs/job.ts';
import { holdsPlace, isLive, QUEUE_CLASSES, queueClassOf } from '../../core/jobs/job-kinds.ts';
import { ended, toReady, toWaiting, type OverState } from '../../core/jobs/job-machine.ts';
import { isStuck } from '../../core/jobs/stuck.ts';
import { agentMay } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { linkNewJob, unlinkOverJob } from './job-lists.ts';

interface Placing {
  readonly job: Job;
  /** As it is stored. */
  readonly before: Job | undefined;
}

const BACKLOG_ROW = 0;
/** Of an account's row. */
const PLACES_SLOT = 0;
const WAITING_SLOT = 1;
/** More are let in when the next place is given back, or when a waiting one is looked at. */
const MAX_LET_IN = 20;

/**
 * Stores a job and keeps everything that is derived from it in step: its one entry in the due queue,
 * the places of its account, the counters, the lists. A place that was given back goes to the next
 * job that waits for one.
 */
export function putJob(
  c: RentalCanister,
  { before, after }: { readonly before: Job | undefined; readonly after: Job },
): void {
  const { jobs } = c.storage;
  jobs.jobs.set(after.id, after);
  if (before === undefined) linkNewJob(jobs, after);
  moveDue(c, before, after);
  countMove(c, before, after);
  if (!isLive(after.state)) unlinkOverJob(jobs, after);
  else markStuck(c, after);
  const isPlaceFree = before !== undefined && holdsPlace(before) && !holdsPlace(after);
  if (isPlaceFree) letWaitingIn(c, after.cloudAccountId);
}

/** Puts a stored job where it can be claimed, or has it wait for a place. */
export function enqueue(c: RentalCanister, job: Job): Job {
  return place(c, { job, before: job });
}

/** The same for a job that is not stored yet. */
export function enqueueNew(c: RentalCanister, job: Job): Job {
  return place(c, { job, before: undefined });
}

function place(c: RentalCanister, put: Placing): Job {
  const { job, before } = put;
  const at = c.runtime.time();
  if (!hasPlace(c, put)) {
    const waiting = toWaiting(job, at);
    c.storage.jobs.queues.push(waitingQueue(job), job.id);
    putJob(c, { before, after: waiting });
    return waiting;
  }
  const ready = toReady(job, { agent: agentFor(c, job), at });
  pushReady(c, ready);
  putJob(c, { before, after: ready });
  return ready;
}

/** Puts a ready job into the queue of `agent` too; an entry that it has elsewhere is dropped there. */
export function reroute(c: RentalCanister, job: Job, agent: Principal | undefined): Job {
  const moved: Job = { ...job, queuedFor: agent };
  pushReady(c, moved);
  c.storage.jobs.jobs.set(moved.id, moved);
  return moved;
}

/** Gives the places that are free at an account to the jobs that wait there. */
export function letWaitingIn(c: RentalCanister, account: CloudAccountId): void {
  const { jobs, queues } = c.storage.jobs;
  if (c.storage.jobs.counts.get(placesRow(account), WAITING_SLOT) === 0) return;
  for (let count = 0; count < MAX_LET_IN && freePlaces(c, account) > 0; count += 1) {
    const id = nextWaiting(c, account);
    if (id === undefined) return;
    const job = jobs.get(id);
    if (job?.state.kind !== 'waiting') continue;
    const ready = toReady(job, { agent: agentFor(c, job), at: c.runtime.time() });
    if (ready.queuedFor !== undefined) queues.push(readyQueue(ready, ready.queuedFor), id);
    putJob(c, { before: job, after: ready });
  }
}

export function endJob(c: RentalCanister, job: Job, state: OverState): Job {
  const over = ended(job, state);
  putJob(c, { before: job, after: over });
  return over;
}

/** The agent that may work on it now; undefined while none may. */
export function agentFor(c: RentalCanister, job: Job): Principal | undefined {
  const account = accountOf(c, job);
  if (account === undefined) return undefined;
  const { agent, provider } = account;
  return agentMay(c, { agent, provider, scope: 'provision' }) ? agent : undefined;
}

export function accountOf(c: RentalCanister, job: Job): CloudAccount | undefined {
  return c.storage.accounts.cloudAccounts.get(job.cloudAccountId);
}

/** The job of a number that is stored somewhere as live. */
export function storedJob(c: RentalCanister, id: JobId): Job {
  return present(c.storage.jobs.jobs.get(id), `job ${id} is missing`);
}

/** All counters of live jobs by kind and state. */
export function backlogCounts(c: RentalCanister): readonly number[] {
  return c.storage.jobs.counts.all(BACKLOG_ROW);
}

/** How many jobs of an account are ready or in hand, deletes not counted. */
export function placesTaken(c: RentalCanister, account: CloudAccountId): number {
  return c.storage.jobs.counts.get(placesRow(account), PLACES_SLOT);
}

/** One that is in hand goes on in its place. */
function hasPlace(c: RentalCanister, { job, before }: Placing): boolean {
  if (job.task.kind === 'terminate') return true;
  return (before !== undefined && holdsPlace(before)) || freePlaces(c, job.cloudAccountId) > 0;
}

function freePlaces(c: RentalCanister, id: CloudAccountId): number {
  const account = c.storage.accounts.cloudAccounts.get(id);
  return account === undefined ? 0 : account.maxConcurrentJobs - placesTaken(c, id);
}

function nextWaiting(c: RentalCanister, account: CloudAccountId): JobId | undefined {
  for (const queueClass of QUEUE_CLASSES) {
    const queue = { kind: 'waiting', account, class: queueClass } as const;
    const id = c.storage.jobs.queues.shift(queue);
    if (id !== undefined) return id;
  }
  return undefined;
}

function pushReady(c: RentalCanister, job: Job): void {
  if (job.queuedFor === undefined) return;
  c.storage.jobs.queues.push(readyQueue(job, job.queuedFor), job.id);
}

function readyQueue(job: Job, agent: Principal) {
  return { kind: 'ready', agent, class: queueClassOf(job.task) } as const;
}

function waitingQueue({ task, cloudAccountId }: Job) {
  return { kind: 'waiting', account: cloudAccountId, class: queueClassOf(task) } as const;
}

function moveDue(c: RentalCanister, before: Job | undefined, after: Job): void {
  const { due } = c.storage.jobs;
  const from = before?.dueAt;
  if (from === after.dueAt) return;
  if (from !== undefined) due.cancel(after.id, from);
  if (after.dueAt !== undefined) due.schedule(after.id, after.dueAt);
}

function countMove(c: RentalCanister, before: Job | undefined, after: Job): void {
  const { counts } = c.storage.jobs;
  const from = before === undefined ? undefined : backlogSlot(before);
  const to = backlogSlot(after);
  const changes = [
    ...(from === undefined ? [] : [{ slot: from, by: -1 }]),
    ...(to === undefined ? [] : [{ slot: to, by: 1 }]),
  ];
  if (from !== to) counts.add(BACKLOG_ROW, changes);
  const places = Number(holdsPlace(after)) - Number(before !== undefined && holdsPlace(before));
  const waiting = Number(isWaiting(after)) - Number(isWaiting(before));
  if (places === 0 && waiting === 0) return;
  counts.add(placesRow(after.cloudAccountId), [
    { slot: PLACES_SLOT, by: places },
    { slot: WAITING_SLOT, by: waiting },
  ]);
}

function isWaiting(job: Job | undefined): boolean {
  return job?.state.kind === 'waiting';
}

function placesRow(account: CloudAccountId): number {
  return account + 1;
}

function markStuck(c: RentalCanister, job: Job): void {
  const { links } = c.storage.jobs;
  const list = { kind: 'stuck', of: 0 } as const;
  if (isStuck(job, c.runtime.time())) links.add(list, job.id);
  else links.remove(list, job.id);
}
