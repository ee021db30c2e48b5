import {
  blob,
  count,
  list,
  literals,
  nat16,
  nat32,
  record,
  text,
  union,
} from '@decent-cloud/kit/wire/wire.ts';
import type { Claim, ConnectionCard, JobReport, JobResult } from '../../core/jobs/job-report.ts';
import type { JobEvent } from '../../core/jobs/job-report.ts';
import type { StepName } from '../../core/jobs/job.ts';
import { errorClass } from './job-wire.ts';

export const claimRequest = record<Omit<Claim, 'agent'>>({ worker: text, max: nat32 });

export const stepName = literals<StepName>([
  'paid',
  'reserved',
  'server-created',
  'booting',
  'ssh-reachable',
  'recipe-step',
  'health-passed',
  'ready',
  'worker-changed',
  'retrying',
  'power',
  'keys-rotated',
  'upgrade-started',
  'upgrade-done',
  'upgrade-rolled-back',
  'operation-failed',
  'extended',
  'down',
  'up',
  'ending',
  'machine-gone',
  'money-settled',
  'secrets-wiped',
  'closed',
]);

export const connectionCard = record<ConnectionCard>({
  ipv4: text,
  ipv6: text,
  sshUser: text,
  sshPort: nat16,
  hostKeyFingerprint: text,
  hostKey: text,
  serviceUrl: text,
});

const jobResult = union<JobResult>({
  ready: {},
  gone: {},
  upgraded: {},
  'rolled-back': { reason: text },
  done: {},
});

const jobEvent = union<JobEvent>({
  step: { step: stepName, index: nat32, of: nat32, note: text },
  intent: { choiceIndex: nat32, name: text },
  server: { externalId: text },
  connection: { card: connectionCard },
  credentials: { sealed: blob },
  log: { offset: count, bytes: blob },
  problem: { class: errorClass, message: text, retryAfterMs: nat32 },
  succeeded: { result: jobResult },
});

export const jobReport = record<JobReport>({
  jobId: count,
  epoch: nat32,
  seq: nat32,
  events: list(jobEvent),
});
