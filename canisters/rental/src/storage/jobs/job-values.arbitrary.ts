import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, JobId, RecipeId } from '../../core/ids.ts';
import type { ConnectionCard, JobEvent, JobReport } from '../../core/jobs/job-report.ts';
import type { ErrorClass, Job, JobState, JobTask, StepName } from '../../core/jobs/job.ts';
import type { TimelineRow } from '../../core/jobs/timeline.ts';
import type { VersionRef } from '../../core/recipes/recipe.ts';

const MAX_NAT32 = 2 ** 32 - 1;

const id = fc.maxSafeNat();
const nat32 = fc.nat(MAX_NAT32);
const time = fc.bigInt({ min: 0n, max: 2n ** 63n }).map(timestampNs);
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const bytes = fc.uint8Array({ maxLength: 60 });
const principal = fc
  .uint8Array({ minLength: 1, maxLength: 29 })
  .map((raw) => Principal.fromUint8Array(raw));
const errorClass = fc.constantFrom<ErrorClass>('config', 'capacity', 'quota', 'auth', 'exists');
const stepName = fc.constantFrom<StepName>('paid', 'recipe-step', 'ssh-reachable', 'closed');

const versionRef: fc.Arbitrary<VersionRef> = fc.record({
  recipeId: id.map((value) => value as RecipeId),
  number: nat32,
  name: text,
  semver: text,
  scriptSha256: text,
});

const rentalId = id.map((value) => value as RentalId);

export const jobTask: fc.Arbitrary<JobTask> = fc.oneof(
  fc.record({ kind: fc.constantFrom('provision', 'terminate', 'rotate-ssh-keys'), rentalId }),
  fc.record({
    kind: fc.constant('upgrade-recipe'),
    rentalId,
    from: versionRef,
    to: versionRef,
  }),
  fc.record({
    kind: fc.constant('power'),
    rentalId,
    action: fc.constantFrom('on', 'off', 'reboot'),
  }),
  fc.record({ kind: fc.constantFrom('validate-account', 'refresh-catalogue') }),
);

const jobState: fc.Arbitrary<JobState> = fc.oneof(
  fc.record({ kind: fc.constantFrom('ready', 'waiting'), since: time }),
  fc.record({
    kind: fc.constant('leased'),
    agent: principal,
    worker: text,
    since: time,
    leaseUntil: time,
  }),
  fc.record({ kind: fc.constant('delayed'), until: time }),
  fc.record({ kind: fc.constantFrom('done', 'cancelled'), at: time }),
  fc.record({ kind: fc.constant('failed'), at: time, class: errorClass, reason: text }),
);

const problem = fc.record({ at: time, class: errorClass, message: text });

export const job: fc.Arbitrary<Job> = fc
  .record({
    id: id.map((value) => value as JobId),
    task: jobTask,
    provider: id.map((value) => value as AccountId),
    cloudAccountId: id.map((value) => value as CloudAccountId),
    state: jobState,
    epoch: nat32,
    reportSeq: nat32,
    attempts: nat32,
    failures: nat32,
    choiceIndex: fc.nat(7),
    createdAt: time,
    deadlineAt: time,
    lastProblem: fc.option(problem, { nil: undefined }),
    queuedFor: fc.option(principal, { nil: undefined }),
    dueAt: fc.option(time, { nil: undefined }),
  })
  .map((one): Job => one);

export const connectionCard: fc.Arbitrary<ConnectionCard> = fc.record({
  ipv4: text,
  ipv6: text,
  sshUser: text,
  sshPort: fc.nat(65_535),
  hostKeyFingerprint: text,
  hostKey: text,
  serviceUrl: text,
});

export const timelineRow: fc.Arbitrary<TimelineRow> = fc.record({
  step: stepName,
  at: time,
  index: nat32,
  of: nat32,
  note: text,
});

const jobEvent = fc.oneof(
  fc.record({
    kind: fc.constant('step'),
    step: stepName,
    index: nat32,
    of: nat32,
    note: text,
  }),
  fc.record({ kind: fc.constant('intent'), choiceIndex: nat32, name: text }),
  fc.record({ kind: fc.constant('server'), externalId: text }),
  fc.record({ kind: fc.constant('connection'), card: connectionCard }),
  fc.record({ kind: fc.constant('credentials'), sealed: bytes }),
  fc.record({ kind: fc.constant('log'), offset: id, bytes }),
  fc.record({
    kind: fc.constant('problem'),
    class: errorClass,
    message: text,
    retryAfterMs: nat32,
  }),
  fc.record({
    kind: fc.constant('succeeded'),
    result: fc.oneof(
      fc.record({ kind: fc.constantFrom('ready', 'gone', 'upgraded', 'done') }),
      fc.record({ kind: fc.constant('rolled-back'), reason: text }),
    ),
  }),
) as fc.Arbitrary<JobEvent>;

export const jobReport: fc.Arbitrary<JobReport> = fc.record({
  jobId: id.map((value) => value as JobId),
  epoch: nat32,
  seq: nat32,
  events: fc.array(jobEvent, { maxLength: 5 }),
});
