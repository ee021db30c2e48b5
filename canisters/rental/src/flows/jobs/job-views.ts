import { andThen, mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireController } from '@decent-cloud/kit/runtime/callers.ts';
import type { CloudAccountId, JobId } from '../../core/ids.ts';
import { backlogOf, type KindBacklog } from '../../core/jobs/backlog.ts';
import type { Job } from '../../core/jobs/job.ts';
import { rentalOf } from '../../core/jobs/job-kinds.ts';
import type { JobLinks } from '../../storage/jobs/link-key.ts';
import { callerAccount } from '../accounts/callers.ts';
import { pageOfIds, type IdPageRequest } from '../page-of-ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { backlogCounts, storedJob } from './job-moves.ts';
import { rentalForCaller } from '../rentals/rental-party.ts';

export type JobPageRequest = IdPageRequest<JobId>;

export interface RentalJobsRequest {
  readonly rentalId: RentalId;
  readonly page: JobPageRequest;
}

export interface AccountJobsRequest {
  readonly cloudAccountId: CloudAccountId;
  readonly page: JobPageRequest;
}

export interface JobPage {
  readonly rows: readonly Job[];
  readonly next: JobId | undefined;
}

/** The jobs of a rental, the newest first, for its renter, its seller and the operator. */
export function listRentalJobs(
  c: RentalCanister,
  asked: RentalJobsRequest,
): Result<JobPage, RentalError> {
  const { rentalId, page } = asked;
  return andThen(rentalForCaller(c, rentalId), () =>
    jobPage(c, { kind: 'of-rental', of: rentalId }, page),
  );
}

/** The jobs about an account itself, the newest first, for its seller and the operator. */
export function listAccountJobs(
  c: RentalCanister,
  asked: AccountJobsRequest,
): Result<JobPage, RentalError> {
  const { cloudAccountId, page } = asked;
  const account = found(c.storage.accounts.cloudAccounts.get(cloudAccountId), 'cloud account');
  return andThen(account, ({ provider }) =>
    andThen(sellerOrOperator(c, provider), () =>
      jobPage(c, { kind: 'of-account', of: cloudAccountId }, page),
    ),
  );
}

/** What an operator should look at, the newest trouble first. */
export function listStuckJobs(
  c: RentalCanister,
  page: JobPageRequest,
): Result<JobPage, RentalError> {
  return andThen(requireController(c.runtime), () => jobPage(c, { kind: 'stuck', of: 0 }, page));
}

/** How many live jobs there are of each kind. */
export function jobBacklog(c: RentalCanister): Result<readonly KindBacklog[], RentalError> {
  return andThen(requireController(c.runtime), () => ok(backlogOf(backlogCounts(c))));
}

/** A job for whoever may read about what it works on. */
export function jobForCaller(c: RentalCanister, id: JobId): Result<Job, RentalError> {
  return andThen(found(c.storage.jobs.jobs.get(id), 'job'), (job): Result<Job, RentalError> => {
    const rentalId = rentalOf(job.task);
    const allowed =
      rentalId === undefined ? sellerOrOperator(c, job.provider) : rentalForCaller(c, rentalId);
    return andThen(allowed, () => ok(job));
  });
}

function sellerOrOperator(c: RentalCanister, seller: AccountId): Result<null, RentalError> {
  if (c.runtime.isController(c.runtime.caller())) return ok(null);
  return andThen(callerAccount(c), ({ id }): Result<null, RentalError> => {
    if (id === seller) return ok(null);
    return refuse(
      { kind: 'not-allowed' },
      'Only the seller of the cloud account may read about its jobs. Sign in as that seller.',
    );
  });
}

function jobPage(
  c: RentalCanister,
  list: JobLinks,
  page: JobPageRequest,
): Result<JobPage, RentalError> {
  return mapOk(pageOfIds(c.storage.jobs.links, list, page), ({ ids, next }) => ({
    rows: ids.map((id) => storedJob(c, id)),
    next,
  }));
}
