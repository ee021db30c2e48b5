import type { Lease as WireLease } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import type { ClaimedJob, Lease } from '../core/job-work.ts';
import { CanisterRefusal } from '../ports/canister-errors.ts';
import type { RentalPort } from '../ports/rental.port.ts';
import type { CanisterCalls } from './canister-calls.ts';
import { eventToWire } from './job-report-wire.ts';
import { claimedFromWire, workFromWire } from './job-work-wire.ts';
import { jobIdOf, msOfNs } from './wire-values.ts';

type JobCalls = Pick<
  RentalPort,
  'claimJobs' | 'getJob' | 'renewLeases' | 'reportStep' | 'releaseJob'
>;

/** What agents do with jobs. Jobs of kinds that only newer bridges know are left to their leases. */
export function jobCalls(calls: CanisterCalls): JobCalls {
  const { actor } = calls;
  return {
    claimJobs: async (request) => {
      const rows = await calls.ask('claim_jobs', actor.claim_jobs, request);
      return rows.map(claimedFromWire).filter((row): row is ClaimedJob => row !== undefined);
    },
    getJob: (lease) =>
      unlessStale(undefined, async () =>
        workFromWire(await calls.ask('get_job', actor.get_job, leaseToWire(lease))),
      ),
    renewLeases: async (leases) => {
      const rows = await calls.ask('renew_leases', actor.renew_leases, leases.map(leaseToWire));
      return rows.map(({ job_id, lease_until_ns: [untilNs] }) => ({
        jobId: jobIdOf(job_id),
        leaseUntilMs: untilNs === undefined ? undefined : msOfNs(untilNs),
      }));
    },
    reportStep: ({ jobId, epoch, seq, events }) =>
      unlessStale({ kind: 'stale' } as const, async () => {
        const report = { ...leaseToWire({ jobId, epoch }), seq, events: events.map(eventToWire) };
        const receipt = await calls.ask('report_step', actor.report_step, report);
        const [untilNs] = receipt.lease_until_ns;
        const leaseUntilMs = untilNs === undefined ? undefined : msOfNs(untilNs);
        return { kind: 'taken', leaseUntilMs } as const;
      }),
    releaseJob: async (lease) => {
      await unlessStale(null, () =>
        calls.ask('release_job', actor.release_job, leaseToWire(lease)),
      );
    },
  };
}

function leaseToWire({ jobId, epoch }: Lease): WireLease {
  return { job_id: BigInt(jobId), epoch };
}

/** A lease that is over is no error: the caller stops working. */
async function unlessStale<T, S>(stale: S, ask: () => Promise<T>): Promise<T | S> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CanisterRefusal && error.reason === 'StaleLease') return stale;
    throw error;
  }
}
