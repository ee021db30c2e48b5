import { andThen } from '@decent-cloud/domain/result.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import {
  PageArgument,
  parsePage,
  type WirePageArgument,
} from '@decent-cloud/kit/errors/page-argument.ts';
import { count, fromWire } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import type { CloudAccountId } from '../core/ids.ts';
import { refreshCatalogue, validateCloudAccount } from '../flows/jobs/account-jobs.flow.ts';
import {
  jobBacklog,
  listAccountJobs,
  listRentalJobs,
  listStuckJobs,
} from '../flows/jobs/job-views.ts';
import { readConnection, readLog, readTimeline } from '../flows/jobs/run-views.ts';
import { resultOf } from './wire/error-wire.ts';
import { accountJobsRequest, backlog, jobPage, rentalJobsRequest } from './wire/job-wire.ts';
import { jobPageRequest } from './wire/job-wire.ts';
import { connectionView, logRequest, logView, timelineView } from './wire/run-wire.ts';

const MAX_STEPS = 100;

const TimelineResult = resultOf(timelineView);
const LogResult = resultOf(logView);
const ConnectionResult = resultOf(connectionView);
const JobPageResult = resultOf(jobPage);
const BacklogResult = resultOf(backlog);
const JobIdResult = resultOf(count);

/** How the work for rentals and accounts goes, for those whom it concerns. */
export class RunEndpoints {
  @query([count.type, PageArgument], TimelineResult.type)
  get_timeline(id: unknown, wire: WirePageArgument): WireResult<unknown> {
    const rentalId = fromWire(count, id) as RentalId;
    return TimelineResult.to(
      andThen(parsePage(wire, MAX_STEPS), (page) => readTimeline(canister, { rentalId, page })),
    );
  }

  @query([logRequest.type], LogResult.type)
  get_log(wire: unknown): WireResult<unknown> {
    return LogResult.to(readLog(canister, fromWire(logRequest, wire)));
  }

  @query([count.type], ConnectionResult.type)
  get_connection(id: unknown): WireResult<unknown> {
    return ConnectionResult.to(readConnection(canister, fromWire(count, id) as RentalId));
  }

  @query([rentalJobsRequest.type], JobPageResult.type)
  list_rental_jobs(wire: unknown): WireResult<unknown> {
    return JobPageResult.to(listRentalJobs(canister, fromWire(rentalJobsRequest, wire)));
  }

  @query([accountJobsRequest.type], JobPageResult.type)
  list_account_jobs(wire: unknown): WireResult<unknown> {
    return JobPageResult.to(listAccountJobs(canister, fromWire(accountJobsRequest, wire)));
  }

  /** The seller of the account only. */
  @update([count.type], JobIdResult.type)
  validate_cloud_account(id: unknown): WireResult<unknown> {
    const accountId = fromWire(count, id) as CloudAccountId;
    return JobIdResult.to(validateCloudAccount(canister, accountId));
  }

  /** The seller of the account only. */
  @update([count.type], JobIdResult.type)
  refresh_catalogue(id: unknown): WireResult<unknown> {
    const accountId = fromWire(count, id) as CloudAccountId;
    return JobIdResult.to(refreshCatalogue(canister, accountId));
  }

  /** Controllers only. */
  @query([jobPageRequest.type], JobPageResult.type)
  list_stuck_jobs(wire: unknown): WireResult<unknown> {
    return JobPageResult.to(listStuckJobs(canister, fromWire(jobPageRequest, wire)));
  }

  /** Controllers only. */
  @query([], BacklogResult.type)
  job_backlog(): WireResult<unknown> {
    return BacklogResult.to(jobBacklog(canister));
  }
}
