import type { CloudAccountId, JobId, RentalId } from './ids.ts';

/** The clouds that the market knows; a bridge may support fewer. */
export type Backend = 'hetzner' | 'digitalocean' | 'vultr' | 'docker' | 'proxmox';

export type Arch = 'x86' | 'arm';

/** A machine as a cloud sells it. */
export interface MachineSpec {
  readonly machineType: string;
  readonly location: string;
  readonly image: string;
  readonly arch: Arch;
  readonly cores: number;
  readonly memoryMb: number;
  readonly diskGb: number;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

export type JobKind =
  | 'provision'
  | 'terminate'
  | 'upgrade-recipe'
  | 'power'
  | 'rotate-ssh-keys'
  | 'validate-account'
  | 'refresh-catalogue';

export type PowerAction = 'on' | 'off' | 'reboot';

/** Which version of a recipe; the hash is of the script, in hexadecimal. */
export interface VersionRef {
  readonly recipeId: number;
  readonly number: number;
  readonly name: string;
  readonly semver: string;
  readonly scriptSha256: string;
}

export type JobTask =
  | { readonly kind: 'provision'; readonly rentalId: RentalId }
  | { readonly kind: 'terminate'; readonly rentalId: RentalId }
  | {
      readonly kind: 'upgrade-recipe';
      readonly rentalId: RentalId;
      readonly from: VersionRef;
      readonly to: VersionRef;
    }
  | { readonly kind: 'power'; readonly rentalId: RentalId; readonly action: PowerAction }
  | { readonly kind: 'rotate-ssh-keys'; readonly rentalId: RentalId }
  | { readonly kind: 'validate-account' }
  | { readonly kind: 'refresh-catalogue' };

/** A job in one worker's hands: every call about it carries the epoch. */
export interface Lease {
  readonly jobId: JobId;
  readonly epoch: number;
}

/** A job that was just claimed. Times are the canister's clock, in milliseconds since 1970. */
export interface ClaimedJob extends Lease {
  readonly kind: JobKind;
  readonly rentalId: RentalId | undefined;
  readonly cloudAccountId: CloudAccountId;
  readonly leaseUntilMs: number;
  /** Claims so far, this one included. */
  readonly attempts: number;
}

/** When a machine counts as working. */
export type HealthCheck =
  | {
      readonly kind: 'http';
      readonly port: number;
      readonly path: string;
      readonly status: number;
      /** Must be in the body, if not empty. */
      readonly contains: string;
    }
  | { readonly kind: 'tcp'; readonly port: number }
  /** Exit code 0 is healthy. */
  | { readonly kind: 'command'; readonly command: string };

/** How to reach a machine. Nothing secret. */
export interface ConnectionCard {
  readonly ipv4: string;
  readonly ipv6: string;
  readonly sshUser: string;
  readonly sshPort: number;
  /** `SHA256:…`, as ssh prints it. */
  readonly hostKeyFingerprint: string;
  /** `ssh-ed25519 AAAA…`, for known_hosts. */
  readonly hostKey: string;
  /** Empty for a bare machine. */
  readonly serviceUrl: string;
}

/** A version of a recipe with all that is needed to run it. */
export interface RecipeWork {
  readonly version: VersionRef;
  readonly script: string;
  /** Without one the script of the version before is run to undo an upgrade. */
  readonly rollbackScript: string | undefined;
  readonly generatedSecrets: readonly { readonly name: string; readonly length: number }[];
  /** With the ports that the renter chose. */
  readonly health: HealthCheck;
  /** `{ip}`, `{hostname}` and fields that are not secret are to be filled in; may be empty. */
  readonly serviceUrl: string;
  readonly expectedDowntimeMs: number;
}

/** What a recipe was told. */
export interface RentalInputs {
  readonly values: readonly { readonly name: string; readonly value: string }[];
  /** Names of what is in the sealed secrets. */
  readonly secretNames: readonly string[];
}

/** A server that may exist. */
export interface ServerRecord {
  readonly name: string;
  readonly externalId: string | undefined;
  readonly intendedAtMs: number;
}

export interface RentalWork {
  readonly rentalId: RentalId;
  readonly choices: readonly MachineSpec[];
  /** To try now, or what the machine was made of. */
  readonly choiceIndex: number;
  /** Look for it first. */
  readonly server: ServerRecord | undefined;
  /** Lines of authorized_keys. */
  readonly sshKeys: readonly string[];
  /** An age recipient; without one no credentials can be handed over. */
  readonly renterRecipient: string | undefined;
  readonly card: ConnectionCard | undefined;
  /** Bytes of this job's log that the canister has. */
  readonly logBytes: number;
  /** Provision and UpgradeRecipe only. */
  readonly recipe: RecipeWork | undefined;
  /** UpgradeRecipe: what runs now. */
  readonly previous: RecipeWork | undefined;
  readonly inputs: RentalInputs;
  readonly previousInputs: RentalInputs | undefined;
  /** An age file for the agent: JSON, an object of names and texts. */
  readonly sealedSecrets: Uint8Array | undefined;
  readonly previousSecrets: Uint8Array | undefined;
}

/** Everything that a worker needs for a job in hand. Times are the canister's clock. */
export interface JobWork extends Lease {
  readonly leaseUntilMs: number;
  readonly task: JobTask;
  readonly attempts: number;
  /** A delete has none. */
  readonly deadlineAtMs: number | undefined;
  /** In the labels and names of every server: tells this marketplace's from others. */
  readonly installation: string;
  readonly cloudAccountId: CloudAccountId;
  readonly backend: Backend;
  /** An age file for the agent: the cloud's token, as text. */
  readonly sealedCredentials: Uint8Array;
  /** Undefined for work on an account. */
  readonly rental: RentalWork | undefined;
}
