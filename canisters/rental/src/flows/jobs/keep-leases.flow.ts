import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { JobId } from '../../core/ids.ts';
import { renewed } from '../../core/jobs/job-machine.ts';
import { actingAgent } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { heldJob, type LeaseName } from './agent-jobs.ts';
import { enqueue } from './job-moves.ts';

const MAX_RENEWED = 50;

/** Until when a lease is held now; undefined: stop working on the job at once. */
export interface LeaseRenewal {
  readonly jobId: JobId;
  readonly leaseUntil: TimestampNs | undefined;
}

/** Renews the leases that the caller still holds; one that is over does not keep the others. */
export function renewLeases(
  c: RentalCanister,
  leases: readonly LeaseName[],
): Result<readonly LeaseRenewal[], RentalError> {
  if (leases.length > MAX_RENEWED) {
    const rule = `at most ${MAX_RENEWED} at once; none was renewed`;
    return invalidArgument({ argument: 'leases', rule });
  }
  return andThen(actingAgent(c), (agent) =>
    ok(
      leases.map(({ jobId, epoch }): LeaseRenewal => {
        const held = heldJob(c, { agent, jobId, epoch });
        if (held.kind === 'err') return { jobId, leaseUntil: undefined };
        const kept = renewed(held.value.job, held.value.lease, { at: c.runtime.time() });
        c.storage.jobs.jobs.set(jobId, kept);
        return {
          jobId,
          leaseUntil: kept.state.kind === 'leased' ? kept.state.leaseUntil : undefined,
        };
      }),
    ),
  );
}

/** Gives a job back that nothing is wrong with: the worker is shut down. Another may claim it at once. */
export function releaseJob(c: RentalCanister, lease: LeaseName): Result<null, RentalError> {
  return andThen(actingAgent(c), (agent) =>
    andThen(heldJob(c, { agent, ...lease }), ({ job }): Result<null, RentalError> => {
      enqueue(c, job);
      return ok(null);
    }),
  );
}
