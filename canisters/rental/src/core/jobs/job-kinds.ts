import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { durationNs, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { JobResult } from './job-report.ts';
import type { Job, JobState, JobTask } from './job.ts';

export type JobKind = JobTask['kind'];

/** Part of the stored form of counters: append, never reorder. */
export const JOB_KINDS: readonly JobKind[] = [
  'provision',
  'terminate',
  'upgrade-recipe',
  'power',
  'rotate-ssh-keys',
  'validate-account',
  'refresh-catalogue',
];

/** What a live job may be in. Part of the stored form of counters: append, never reorder. */
export const LIVE_STATES = ['ready', 'waiting', 'leased', 'delayed'] as const;

/** Which jobs a worker gets first: deletes, what a person asked for, the rest. */
export const QUEUE_CLASSES = [0, 1, 2] as const;
export type QueueClass = (typeof QUEUE_CLASSES)[number];

export function queueClassOf(task: JobTask): QueueClass {
  switch (task.kind) {
    case 'terminate':
      return 0;
    case 'provision':
    case 'upgrade-recipe':
    case 'power':
    case 'rotate-ssh-keys':
    case 'validate-account':
      return 1;
    case 'refresh-catalogue':
      return 2;
  }
}

/** Undefined for work on an account. */
export function rentalOf(task: JobTask): RentalId | undefined {
  return task.kind === 'validate-account' || task.kind === 'refresh-catalogue'
    ? undefined
    : task.rentalId;
}

/** How long it may take. Provisioning has until the rental's own deadline, deleting is for ever. */
export const TIME_FOR: Readonly<Record<Exclude<JobKind, 'provision' | 'terminate'>, DurationNs>> = {
  'upgrade-recipe': durationNs({ minutes: 30 }),
  power: durationNs({ minutes: 10 }),
  'rotate-ssh-keys': durationNs({ minutes: 10 }),
  'validate-account': durationNs({ minutes: 5 }),
  'refresh-catalogue': durationNs({ minutes: 5 }),
};

const HEARD_NS = durationNs({ seconds: 15 });

/**
 * When a job fails that is ordered until `deadlineAt`. A rental ends what is late by itself, so its
 * jobs end a moment earlier: they know why.
 */
export function jobDeadline(task: JobTask, deadlineAt: TimestampNs): TimestampNs {
  if (rentalOf(task) === undefined || task.kind === 'terminate') return deadlineAt;
  return deadlineAt > HEARD_NS ? ((deadlineAt - HEARD_NS) as TimestampNs) : deadlineAt;
}

const RESULTS: Readonly<Record<JobKind, readonly JobResult['kind'][]>> = {
  provision: ['ready'],
  terminate: ['gone'],
  'upgrade-recipe': ['upgraded', 'rolled-back'],
  power: ['done'],
  'rotate-ssh-keys': ['done'],
  'validate-account': ['done'],
  'refresh-catalogue': ['done'],
};

/** How a job of this kind can succeed. */
export function resultsOf(kind: JobKind): readonly JobResult['kind'][] {
  return RESULTS[kind];
}

/** True until it is done, failed or cancelled; from then on nothing changes about it. */
export function isLive(state: JobState): boolean {
  return liveIndex(state) !== -1;
}

/** -1 once it is over. */
export function liveIndex(state: JobState): number {
  return LIVE_STATES.findIndex((kind) => kind === state.kind);
}

/** Takes one of the account's places. Deletes take none, so that they never wait for one. */
export function holdsPlace({ task, state }: Pick<Job, 'task' | 'state'>): boolean {
  return task.kind !== 'terminate' && (state.kind === 'ready' || state.kind === 'leased');
}
