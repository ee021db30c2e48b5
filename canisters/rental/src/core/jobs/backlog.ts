import type { Job } from './job.ts';
import { JOB_KINDS, LIVE_STATES, liveIndex, type JobKind } from './job-kinds.ts';

/** Live jobs of one kind. */
export interface KindBacklog {
  readonly job: JobKind;
  readonly ready: number;
  readonly waiting: number;
  readonly leased: number;
  readonly delayed: number;
}

/** Where a live job is counted; undefined once it is over. */
export function backlogSlot({ task, state }: Pick<Job, 'task' | 'state'>): number | undefined {
  const stateIndex = liveIndex(state);
  if (stateIndex === -1) return undefined;
  return JOB_KINDS.indexOf(task.kind) * LIVE_STATES.length + stateIndex;
}

/** The counters of all slots, read by kind. */
export function backlogOf(counts: readonly number[]): readonly KindBacklog[] {
  return JOB_KINDS.map((job, kindIndex) => {
    const [ready = 0, waiting = 0, leased = 0, delayed = 0] = counts.slice(
      kindIndex * LIVE_STATES.length,
    );
    return { job, ready, waiting, leased, delayed };
  });
}
