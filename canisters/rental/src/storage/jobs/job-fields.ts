import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import {
  bigint,
  bytes,
  list,
  number,
  optional,
  plainAs,
  principal,
  record,
  text,
  union,
  type Fields,
} from '@decent-cloud/kit/values/field.ts';
import type { CloudAccountId, JobId, RecipeId } from '../../core/ids.ts';
import type { ConnectionCard } from '../../core/jobs/job-report.ts';
import type { ErrorClass, Job, JobState, JobTask, Problem, StepName } from '../../core/jobs/job.ts';
import type { TimelineRow } from '../../core/jobs/timeline.ts';
import type { UsualTime } from '../../core/jobs/usual-time.ts';
import type { VersionRef } from '../../core/recipes/recipe.ts';
import type { PowerAction } from '../../core/rentals/rental.ts';

const time = bigint<TimestampNs>();
const rentalId = plainAs<RentalId>();
const errorClass = plainAs<ErrorClass>();

const versionRef = record<VersionRef>({
  recipeId: plainAs<RecipeId>(),
  number,
  name: text,
  semver: text,
  scriptSha256: text,
});

const task = union<JobTask>({
  provision: { rentalId },
  terminate: { rentalId },
  'upgrade-recipe': { rentalId, from: versionRef, to: versionRef },
  power: { rentalId, action: plainAs<PowerAction>() },
  'rotate-ssh-keys': { rentalId },
  'validate-account': {},
  'refresh-catalogue': {},
});

const state = union<JobState>({
  ready: { since: time },
  waiting: { since: time },
  leased: { agent: principal, worker: text, since: time, leaseUntil: time },
  delayed: { until: time },
  done: { at: time },
  failed: { at: time, class: errorClass, reason: text },
  cancelled: { at: time },
});

export const jobFields: Fields<Job> = {
  id: plainAs<JobId>(),
  task,
  provider: plainAs<AccountId>(),
  cloudAccountId: plainAs<CloudAccountId>(),
  state,
  epoch: number,
  reportSeq: number,
  attempts: number,
  failures: number,
  lastProblem: optional(record<Problem>({ at: time, class: errorClass, message: text })),
  choiceIndex: number,
  queuedFor: optional(principal),
  createdAt: time,
  deadlineAt: time,
  dueAt: optional(time),
};

export const timelineFields: Fields<TimelineRow> = {
  step: plainAs<StepName>(),
  at: time,
  index: number,
  of: number,
  note: text,
};

/** How to reach a machine, as last told. */
export interface StoredConnection {
  readonly card: ConnectionCard;
  readonly at: TimestampNs;
}

export const connectionFields: Fields<StoredConnection> = {
  card: record<ConnectionCard>({
    ipv4: text,
    ipv6: text,
    sshUser: text,
    sshPort: number,
    hostKeyFingerprint: text,
    hostKey: text,
    serviceUrl: text,
  }),
  at: time,
};

/** Sealed to the renter's age recipient. */
export interface StoredCredentials {
  readonly sealed: Uint8Array;
  readonly at: TimestampNs;
}

export const credentialFields: Fields<StoredCredentials> = { sealed: bytes, at: time };

export const usualTimeFields: Fields<UsualTime> = { recent: list(number), seconds: number };
