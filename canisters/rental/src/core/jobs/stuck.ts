import { durationNs, elapsed, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Job } from './job.ts';
import { isLive } from './job-kinds.ts';

const UNCLAIMED_NS = durationNs({ minutes: 5 });
const UNDELETED_NS = durationNs({ hours: 1 });
const MANY_ATTEMPTS = 10;

/** True for what an operator should look at: nobody takes it, it goes round, or a delete is late. */
export function isStuck(job: Job, at: TimestampNs): boolean {
  const { state, task, attempts, createdAt } = job;
  if (!isLive(state)) return false;
  if (attempts >= MANY_ATTEMPTS) return true;
  if (task.kind === 'terminate' && elapsed(createdAt, at) >= UNDELETED_NS) return true;
  return state.kind === 'ready' && elapsed(state.since, at) >= UNCLAIMED_NS;
}
