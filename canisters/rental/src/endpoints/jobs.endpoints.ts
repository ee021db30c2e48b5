import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { fromWire, nothing } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import { claimJobs } from '../flows/jobs/claim-jobs.flow.ts';
import { getJob } from '../flows/jobs/get-job.flow.ts';
import { releaseJob, renewLeases } from '../flows/jobs/keep-leases.flow.ts';
import { reportStep } from '../flows/jobs/report-step.flow.ts';
import { resultOf } from './wire/error-wire.ts';
import { claimRequest, jobReport } from './wire/job-report-wire.ts';
import { jobWork } from './wire/job-work-wire.ts';
import { claimedJobs, leaseName, leaseNames, leaseRenewals } from './wire/job-wire.ts';
import { reportReceipt } from './wire/job-wire.ts';

const ClaimResult = resultOf(claimedJobs);
const WorkResult = resultOf(jobWork);
const RenewResult = resultOf(leaseRenewals);
const ReceiptResult = resultOf(reportReceipt);
const ReleaseResult = resultOf(nothing);

/** What agents do: take jobs, keep them, tell how they go. */
export class JobEndpoints {
  @update([claimRequest.type], ClaimResult.type)
  claim_jobs(wire: unknown): WireResult<unknown> {
    return ClaimResult.to(claimJobs(canister, fromWire(claimRequest, wire)));
  }

  @query([leaseName.type], WorkResult.type)
  get_job(wire: unknown): WireResult<unknown> {
    return WorkResult.to(getJob(canister, fromWire(leaseName, wire)));
  }

  @update([leaseNames.type], RenewResult.type)
  renew_leases(wire: unknown): WireResult<unknown> {
    return RenewResult.to(renewLeases(canister, fromWire(leaseNames, wire)));
  }

  @update([jobReport.type], ReceiptResult.type)
  report_step(wire: unknown): WireResult<unknown> {
    return ReceiptResult.to(reportStep(canister, fromWire(jobReport, wire)));
  }

  @update([leaseName.type], ReleaseResult.type)
  release_job(wire: unknown): WireResult<unknown> {
    return ReleaseResult.to(releaseJob(canister, fromWire(leaseName, wire)));
  }
}
