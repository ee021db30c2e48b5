import type {
  ClaimedJob as WireClaimed,
  ConnectionCard as WireCard,
  HealthCheck as WireCheck,
  JobTask as WireTask,
  JobWork as WireWork,
  MachineSpec as WireSpec,
  RecipeWork as WireRecipe,
  RentalInputs as WireInputs,
  RentalWork as WireRental,
  VersionRef as WireVersion,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';
import type {
  Arch,
  Backend,
  ClaimedJob,
  ConnectionCard,
  HealthCheck,
  JobKind,
  JobTask,
  JobWork,
  MachineSpec,
  PowerAction,
  RecipeWork,
  RentalInputs,
  RentalWork,
  VersionRef,
} from '../core/job-work.ts';
import {
  accountIdOf,
  jobIdOf,
  known,
  mapped,
  msOfNs,
  notUnderstood,
  rentalIdOf,
} from './wire-values.ts';

const KINDS: Readonly<Record<string, JobKind>> = {
  Provision: 'provision',
  Terminate: 'terminate',
  UpgradeRecipe: 'upgrade-recipe',
  Power: 'power',
  RotateSshKeys: 'rotate-ssh-keys',
  ValidateAccount: 'validate-account',
  RefreshCatalogue: 'refresh-catalogue',
};
const BACKENDS: Readonly<Record<string, Backend>> = {
  Hetzner: 'hetzner',
  Digitalocean: 'digitalocean',
  Vultr: 'vultr',
  Docker: 'docker',
  Proxmox: 'proxmox',
};
const ARCHS: Readonly<Record<string, Arch>> = { X86: 'x86', Arm: 'arm' };
const ACTIONS: Readonly<Record<string, PowerAction>> = { On: 'on', Off: 'off', Reboot: 'reboot' };

/** Undefined for a job of a kind that only newer bridges know. */
export function claimedFromWire(row: WireClaimed): ClaimedJob | undefined {
  const kind = mapped(KINDS, row.job);
  if (kind === undefined) return undefined;
  const [rentalId] = row.rental_id;
  return {
    jobId: jobIdOf(row.job_id),
    epoch: row.epoch,
    kind,
    rentalId: rentalId === undefined ? undefined : rentalIdOf(rentalId),
    cloudAccountId: accountIdOf(row.cloud_account_id),
    leaseUntilMs: msOfNs(row.lease_until_ns),
    attempts: row.attempts,
  };
}

/** Throws `CanisterRefusal` for work that only newer bridges know. */
export function workFromWire(wire: WireWork): JobWork {
  const [deadlineAtNs] = wire.deadline_at_ns;
  const [rental] = wire.rental;
  return {
    jobId: jobIdOf(wire.job_id),
    epoch: wire.epoch,
    leaseUntilMs: msOfNs(wire.lease_until_ns),
    task: taskFromWire(wire.task),
    attempts: wire.attempts,
    deadlineAtMs: deadlineAtNs === undefined ? undefined : msOfNs(deadlineAtNs),
    installation: wire.installation,
    cloudAccountId: accountIdOf(wire.cloud_account_id),
    backend: known(backendFromWire(wire.backend), 'a cloud'),
    sealedCredentials: Uint8Array.from(wire.sealed_credentials),
    rental: rental === undefined ? undefined : rentalFromWire(rental),
  };
}

/** Undefined for a cloud that only newer bridges know. */
export function backendFromWire(backend: object): Backend | undefined {
  return mapped(BACKENDS, backend);
}

export function cardFromWire(card: WireCard): ConnectionCard {
  return {
    ipv4: card.ipv4,
    ipv6: card.ipv6,
    sshUser: card.ssh_user,
    sshPort: card.ssh_port,
    hostKeyFingerprint: card.host_key_fingerprint,
    hostKey: card.host_key,
    serviceUrl: card.service_url,
  };
}

/** Undefined for a check that only newer bridges know. */
export function checkFromWire(check: WireCheck): HealthCheck | undefined {
  if ('Http' in check) return { kind: 'http', ...check.Http };
  if ('Tcp' in check) return { kind: 'tcp', port: check.Tcp.port };
  // A case that this bridge does not know is read as an object without any.
  const { Command: given } = check as Partial<typeof check>;
  return given === undefined ? undefined : { kind: 'command', command: given.command };
}

function taskFromWire(task: WireTask): JobTask {
  if ('ValidateAccount' in task) return { kind: 'validate-account' };
  if ('RefreshCatalogue' in task) return { kind: 'refresh-catalogue' };
  if ('UpgradeRecipe' in task) {
    const { rental_id, from, to } = task.UpgradeRecipe;
    const rentalId = rentalIdOf(rental_id);
    return {
      kind: 'upgrade-recipe',
      rentalId,
      from: versionFromWire(from),
      to: versionFromWire(to),
    };
  }
  if ('Power' in task) {
    const { rental_id, action } = task.Power;
    const rentalId = rentalIdOf(rental_id);
    return { kind: 'power', rentalId, action: known(mapped(ACTIONS, action), 'an action') };
  }
  if ('Provision' in task) return aboutRental('provision', task.Provision);
  if ('Terminate' in task) return aboutRental('terminate', task.Terminate);
  const { RotateSshKeys: rotated } = task as Partial<typeof task>;
  if (rotated !== undefined) return aboutRental('rotate-ssh-keys', rotated);
  throw notUnderstood('a kind of work');
}

function aboutRental(
  kind: 'provision' | 'terminate' | 'rotate-ssh-keys',
  { rental_id }: { readonly rental_id: bigint },
): JobTask {
  return { kind, rentalId: rentalIdOf(rental_id) };
}

function rentalFromWire(wire: WireRental): RentalWork {
  const [server] = wire.server;
  const [card] = wire.card;
  const [recipe] = wire.recipe;
  const [previous] = wire.previous;
  const [previousInputs] = wire.previous_inputs;
  return {
    rentalId: rentalIdOf(wire.rental_id),
    choices: wire.choices.map(specFromWire),
    choiceIndex: wire.choice_index,
    server: server && {
      name: server.name,
      externalId: server.external_id[0],
      intendedAtMs: msOfNs(server.intended_at_ns),
    },
    sshKeys: wire.ssh_keys,
    renterRecipient: wire.renter_recipient[0],
    card: card && cardFromWire(card),
    logBytes: Number(wire.log_bytes),
    recipe: recipe && recipeFromWire(recipe),
    previous: previous && recipeFromWire(previous),
    inputs: inputsFromWire(wire.inputs),
    previousInputs: previousInputs && inputsFromWire(previousInputs),
    sealedSecrets: bytesFromWire(wire.sealed_secrets),
    previousSecrets: bytesFromWire(wire.previous_secrets),
  };
}

function recipeFromWire(wire: WireRecipe): RecipeWork {
  return {
    version: versionFromWire(wire.version),
    script: wire.script,
    rollbackScript: wire.rollback_script[0],
    generatedSecrets: wire.generated_secrets,
    health: known(checkFromWire(wire.health), 'a health check'),
    serviceUrl: wire.service_url,
    expectedDowntimeMs: msOfNs(wire.expected_downtime_ns),
  };
}

function versionFromWire({ recipe_id, script_sha256, ...rest }: WireVersion): VersionRef {
  return { recipeId: Number(recipe_id), scriptSha256: script_sha256, ...rest };
}

function specFromWire({ machine_type, memory_mb, disk_gb, arch, ...rest }: WireSpec): MachineSpec {
  const processor = known(mapped(ARCHS, arch), 'a kind of processor');
  return {
    machineType: machine_type,
    memoryMb: memory_mb,
    diskGb: disk_gb,
    arch: processor,
    ...rest,
  };
}

function inputsFromWire({ values, secret_names }: WireInputs): RentalInputs {
  return { values, secretNames: secret_names };
}

function bytesFromWire([bytes]: [] | [Uint8Array]): Uint8Array | undefined {
  return bytes && Uint8Array.from(bytes);
}
