import {
  blob,
  count,
  list,
  nanoseconds,
  nat16,
  nat32,
  optional,
  record,
  text,
  union,
} from '@decent-cloud/kit/wire/wire.ts';
import type { InputValue, RentalInputs } from '../../core/recipes/inputs.ts';
import type { HealthCheck } from '../../core/recipes/recipe.ts';
import type { ServerRecord } from '../../core/rentals/rental.ts';
import type {
  GeneratedSecret,
  JobWork,
  RecipeWork,
  RentalWork,
} from '../../flows/jobs/get-job.flow.ts';
import { machineSpec } from './catalogue-wire.ts';
import { connectionCard } from './job-report-wire.ts';
import { jobTask, versionRef } from './job-wire.ts';
import { backend } from './provider-wire.ts';

const recipeWork = record<RecipeWork>({
  version: versionRef,
  script: text,
  rollbackScript: optional(text),
  generatedSecrets: list(record<GeneratedSecret>({ name: text, length: nat32 })),
  health: union<HealthCheck>({
    http: { port: nat16, path: text, status: nat16, contains: text },
    tcp: { port: nat16 },
    command: { command: text },
  }),
  serviceUrl: text,
  expectedDowntimeNs: nanoseconds,
});

const rentalInputs = record<RentalInputs>({
  values: list(record<InputValue>({ name: text, value: text })),
  secretNames: list(text),
});

const rentalWork = record<RentalWork>({
  rentalId: count,
  choices: list(machineSpec),
  choiceIndex: nat32,
  server: optional(
    record<ServerRecord>({ name: text, externalId: optional(text), intendedAt: nanoseconds }),
  ),
  sshKeys: list(text),
  renterRecipient: optional(text),
  card: optional(connectionCard),
  logBytes: count,
  recipe: optional(recipeWork),
  previous: optional(recipeWork),
  inputs: rentalInputs,
  previousInputs: optional(rentalInputs),
  sealedSecrets: optional(blob),
  previousSecrets: optional(blob),
});

export const jobWork = record<JobWork>({
  jobId: count,
  epoch: nat32,
  leaseUntil: nanoseconds,
  task: jobTask,
  attempts: nat32,
  deadlineAt: optional(nanoseconds),
  installation: text,
  cloudAccountId: count,
  backend,
  sealedCredentials: blob,
  rental: optional(rentalWork),
});
