import type { Principal } from '@dfinity/principal';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import type { JobId } from '../../core/ids.ts';
import type { Job } from '../../core/jobs/job.ts';
import { leaseOf, type LeasedState } from '../../core/jobs/job-machine.ts';
import { agentMay } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

/** A lease as its worker names it. */
export interface LeaseName {
  readonly jobId: JobId;
  readonly epoch: number;
}

/** A job in hand of the caller. */
export interface HeldJob {
  readonly job: Job;
  readonly lease: LeasedState;
}

/** The job, if the provider still lets the agent work. */
export function jobForAgent(
  c: RentalCanister,
  asked: { readonly agent: Principal; readonly jobId: JobId },
): Result<Job, RentalError> {
  return andThen(found(c.storage.jobs.jobs.get(asked.jobId), 'job'), (job) =>
    mayWorkFor(c, { agent: asked.agent, provider: job.provider }) ? ok(job) : refuseAgent(),
  );
}

/** The job, if the caller holds the lease of that epoch and may still work. */
export function heldJob(
  c: RentalCanister,
  asked: LeaseName & { readonly agent: Principal },
): Result<HeldJob, RentalError> {
  const { agent, epoch } = asked;
  return andThen(jobForAgent(c, asked), (job) => {
    const lease = leaseOf(job, { agent, epoch, at: c.runtime.time() });
    return lease === undefined ? refuseStaleLease(job) : ok({ job, lease });
  });
}

export function mayWorkFor(
  c: RentalCanister,
  { agent, provider }: { readonly agent: Principal; readonly provider: AccountId },
): boolean {
  return agentMay(c, { agent, provider, scope: 'provision' });
}

/** Another worker has the job, or nobody does any more. */
export function refuseStaleLease(job: Job): Result<never, RentalError> {
  return refuse(
    { kind: 'stale-lease' },
    `The lease on job ${job.id} is over (it is ${job.state.kind}, epoch ${job.epoch}). ` +
      'Stop working on it at once and change nothing more at the cloud; claim again.',
  );
}

function refuseAgent(): Result<never, RentalError> {
  return refuse(
    { kind: 'not-allowed' },
    'The seller has not granted this agent provisioning, or it was revoked or has expired. ' +
      'Stop working on the job at once. The seller can grant it anew.',
  );
}
