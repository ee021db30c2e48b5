import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { Backend } from '../../core/accounts/provider.ts';
import type { CloudAccountId, JobId } from '../../core/ids.ts';
import type { ConnectionCard } from '../../core/jobs/job-report.ts';
import type { Job, JobTask } from '../../core/jobs/job.ts';
import { rentalOf } from '../../core/jobs/job-kinds.ts';
import type { MachineSpec } from '../../core/market/catalogue.ts';
import { healthWith, NO_INPUTS, type RentalInputs } from '../../core/recipes/inputs.ts';
import type { HealthCheck, VersionRef } from '../../core/recipes/recipe.ts';
import type { RentalConfig, RentalSecrets } from '../../core/rentals/rental-config.ts';
import type { ServerRecord } from '../../core/rentals/rental.ts';
import type { FrozenTerms } from '../../core/rentals/terms.ts';
import { settingsOf } from '../accounts/callers.ts';
import { heldVersion, scriptOf } from '../recipes/known-recipe.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { heldJob, type HeldJob, type LeaseName } from './agent-jobs.ts';
import { accountOf } from './job-moves.ts';

/** Everything that a worker needs for a job in hand. */
export interface JobWork {
  readonly jobId: JobId;
  readonly epoch: number;
  readonly leaseUntil: TimestampNs;
  readonly task: JobTask;
  readonly attempts: number;
  /** A delete has none: it is tried until it is done. */
  readonly deadlineAt: TimestampNs | undefined;
  /** In the labels of every server. */
  readonly installation: string;
  readonly cloudAccountId: CloudAccountId;
  readonly backend: Backend;
  /** Sealed to the agent's age recipient. */
  readonly sealedCredentials: Uint8Array;
  readonly rental: RentalWork | undefined;
}

/** What the job is about, as it was agreed and as it is. */
export interface RentalWork {
  readonly rentalId: RentalId;
  readonly choices: readonly MachineSpec[];
  /** To try now, or what the machine was made of. */
  readonly choiceIndex: number;
  /** A server may exist already: look for it first. */
  readonly server: ServerRecord | undefined;
  readonly sshKeys: readonly string[];
  /** Credentials are sealed to it; without one none can be handed over. */
  readonly renterRecipient: string | undefined;
  readonly card: ConnectionCard | undefined;
  /** Bytes of this job's log that are known: go on from there. */
  readonly logBytes: number;
  readonly recipe: RecipeWork | undefined;
  /** Of an upgrade: what runs now and must run again if the new version is not healthy. */
  readonly previous: RecipeWork | undefined;
  readonly inputs: RentalInputs;
  readonly previousInputs: RentalInputs | undefined;
  /** Sealed to the agent's age recipient; only where a script runs. */
  readonly sealedSecrets: Uint8Array | undefined;
  readonly previousSecrets: Uint8Array | undefined;
}

export interface GeneratedSecret {
  readonly name: string;
  readonly length: number;
}

export interface RecipeWork {
  readonly version: VersionRef;
  readonly script: string;
  readonly rollbackScript: string | undefined;
  readonly generatedSecrets: readonly GeneratedSecret[];
  readonly health: HealthCheck;
  readonly serviceUrl: string;
  readonly expectedDowntimeNs: DurationNs;
}

/** For the worker that holds the lease of that epoch, and for nobody else. */
export function getJob(c: RentalCanister, lease: LeaseName): Result<JobWork, RentalError> {
  return andThen(requireUser(c.runtime), (agent) =>
    andThen(heldJob(c, { agent, ...lease }), (held) =>
      andThen(settingsOf(c), ({ installation }) => ok(workOf(c, { ...held, installation }))),
    ),
  );
}

function workOf(c: RentalCanister, held: HeldJob & { readonly installation: string }): JobWork {
  const { job, lease, installation } = held;
  const { id, epoch, task, attempts, cloudAccountId } = job;
  const account = present(accountOf(c, job), 'a claimed job has no cloud account');
  const rentalId = rentalOf(task);
  return {
    jobId: id,
    epoch,
    leaseUntil: lease.leaseUntil,
    task,
    attempts,
    deadlineAt: task.kind === 'terminate' ? undefined : job.deadlineAt,
    installation,
    cloudAccountId,
    backend: account.backend,
    sealedCredentials: account.sealedCredentials,
    rental: rentalId === undefined ? undefined : rentalWork(c, job, rentalId),
  };
}

function rentalWork(c: RentalCanister, job: Job, rentalId: RentalId): RentalWork {
  const { rentals, jobs, accounts } = c.storage;
  const rental = present(rentals.rentals.get(rentalId), 'a job is about no rental');
  const terms = present(rentals.terms.get(rentalId), 'a rental has no terms');
  const config = rentals.configs.get(rentalId);
  const { task } = job;
  return {
    rentalId,
    choices: terms.choices,
    choiceIndex: task.kind === 'provision' ? job.choiceIndex : rental.choiceIndex,
    server: rental.server,
    sshKeys: config?.sshKeys ?? [],
    renterRecipient: accounts.accounts.get(rental.renter)?.ageRecipient,
    card: jobs.connections.get(rentalId)?.card,
    logBytes: jobs.logs.length(job.id),
    ...scriptsOf(c, { task, terms, config, secrets: rentals.secrets.get(rentalId) }),
  };
}

interface ScriptRun {
  readonly task: JobTask;
  readonly terms: FrozenTerms;
  readonly config: RentalConfig | undefined;
  readonly secrets: RentalSecrets | undefined;
}

type Scripts = Pick<
  RentalWork,
  'recipe' | 'previous' | 'inputs' | 'previousInputs' | 'sealedSecrets' | 'previousSecrets'
>;

/** Jobs that run no script are told nothing that only a script needs. */
function scriptsOf(c: RentalCanister, { task, terms, config, secrets }: ScriptRun): Scripts {
  const inputs = config?.inputs ?? NO_INPUTS;
  const nothing = { recipe: undefined, previous: undefined, previousInputs: undefined };
  const sealed = { sealedSecrets: secrets?.sealed, previousSecrets: undefined };
  if (task.kind === 'provision') {
    const recipe = terms.recipe === undefined ? undefined : recipeWork(c, terms.recipe, inputs);
    return { ...nothing, ...sealed, recipe, inputs };
  }
  if (task.kind !== 'upgrade-recipe') {
    return { ...nothing, inputs: NO_INPUTS, sealedSecrets: undefined, previousSecrets: undefined };
  }
  const previousInputs = config?.inputsBefore ?? inputs;
  return {
    recipe: recipeWork(c, task.to, inputs),
    previous: recipeWork(c, task.from, previousInputs),
    inputs,
    previousInputs,
    sealedSecrets: secrets?.sealed,
    previousSecrets: secrets?.sealedBefore ?? secrets?.sealed,
  };
}

function recipeWork(c: RentalCanister, ref: VersionRef, inputs: RentalInputs): RecipeWork {
  const version = heldVersion(c, ref);
  const { fields, health, serviceUrl, expectedDowntimeNs, rollbackSha256 } = version;
  return {
    version: ref,
    script: present(scriptOf(c, ref.scriptSha256), 'a published script is missing'),
    rollbackScript: rollbackSha256 === undefined ? undefined : scriptOf(c, rollbackSha256),
    generatedSecrets: fields.flatMap(({ name, fieldType: type }) =>
      type.kind === 'generated-secret' ? [{ name, length: type.length }] : [],
    ),
    health: healthWith(health, { fields, values: inputs.values }),
    serviceUrl,
    expectedDowntimeNs,
  };
}
