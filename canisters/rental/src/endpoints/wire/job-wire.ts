import {
  bool,
  count,
  literals,
  nanoseconds,
  nat32,
  optional,
  principal,
  record,
  text,
  union,
  list,
  type Wire,
} from '@decent-cloud/kit/wire/wire.ts';
import type { KindBacklog } from '../../core/jobs/backlog.ts';
import type { ErrorClass, Job, JobState, JobTask, Problem } from '../../core/jobs/job.ts';
import { JOB_KINDS } from '../../core/jobs/job-kinds.ts';
import type { VersionRef } from '../../core/recipes/recipe.ts';
import type { LeaseName } from '../../flows/jobs/agent-jobs.ts';
import type { ClaimedJob } from '../../flows/jobs/claim-jobs.flow.ts';
import type {
  AccountJobsRequest,
  JobPage,
  JobPageRequest,
  RentalJobsRequest,
} from '../../flows/jobs/job-views.ts';
import type { LeaseRenewal } from '../../flows/jobs/keep-leases.flow.ts';
import type { ReportReceipt } from '../../flows/jobs/report-step.flow.ts';

const jobKind = literals(JOB_KINDS);
export const errorClass = literals<ErrorClass>([
  'config',
  'capacity',
  'quota',
  'auth',
  'exists',
  'transient',
  'unknown',
]);

export const versionRef = record<VersionRef>({
  recipeId: count,
  number: nat32,
  name: text,
  semver: text,
  scriptSha256: text,
});

export const jobTask = union<JobTask>({
  provision: { rentalId: count },
  terminate: { rentalId: count },
  'upgrade-recipe': { rentalId: count, from: versionRef, to: versionRef },
  power: { rentalId: count, action: literals(['on', 'off', 'reboot']) },
  'rotate-ssh-keys': { rentalId: count },
  'validate-account': {},
  'refresh-catalogue': {},
});

const jobState = union<JobState>({
  ready: { since: nanoseconds },
  waiting: { since: nanoseconds },
  leased: { agent: principal, worker: text, since: nanoseconds, leaseUntil: nanoseconds },
  delayed: { until: nanoseconds },
  done: { at: nanoseconds },
  failed: { at: nanoseconds, class: errorClass, reason: text },
  cancelled: { at: nanoseconds },
});

/** A job as people read it. */
type JobView = Omit<Job, 'provider' | 'reportSeq' | 'queuedFor' | 'dueAt'>;

const job: Wire<Job> = record<JobView>({
  id: count,
  task: jobTask,
  cloudAccountId: count,
  state: jobState,
  epoch: nat32,
  attempts: nat32,
  failures: nat32,
  lastProblem: optional(record<Problem>({ at: nanoseconds, class: errorClass, message: text })),
  choiceIndex: nat32,
  createdAt: nanoseconds,
  deadlineAt: nanoseconds,
});

export const jobPageRequest = record<JobPageRequest>({ from: optional(count), limit: nat32 });
export const rentalJobsRequest = record<RentalJobsRequest>({
  rentalId: count,
  page: jobPageRequest,
});
export const accountJobsRequest = record<AccountJobsRequest>({
  cloudAccountId: count,
  page: jobPageRequest,
});

export const jobPage = record<JobPage>({ rows: list(job), next: optional(count) });

export const claimedJobs = list(
  record<ClaimedJob>({
    jobId: count,
    job: jobKind,
    rentalId: optional(count),
    cloudAccountId: count,
    epoch: nat32,
    leaseUntil: nanoseconds,
    attempts: nat32,
  }),
);

export const leaseName = record<LeaseName>({ jobId: count, epoch: nat32 });
export const leaseNames = list(leaseName);
export const leaseRenewals = list(
  record<LeaseRenewal>({ jobId: count, leaseUntil: optional(nanoseconds) }),
);

export const reportReceipt = record<ReportReceipt>({
  isDuplicate: bool,
  leaseUntil: optional(nanoseconds),
});

export const backlog = list(
  record<KindBacklog>({
    job: jobKind,
    ready: nat32,
    waiting: nat32,
    leased: nat32,
    delayed: nat32,
  }),
);
