import type { JobResult } from '../core/job-report.ts';
import { WorkError } from '../core/work-error.ts';
import type { JobContext } from './job-context.ts';

/** Tries the credentials of an account. What is wrong with them is the job's problem. */
export async function validateAccount({ cloud, signal }: JobContext): Promise<JobResult> {
  const validity = await cloud.validate(signal);
  if (validity.kind === 'invalid') throw new WorkError('auth', validity.problem);
  return { kind: 'done' };
}
