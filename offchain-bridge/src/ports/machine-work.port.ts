import type { JobId } from '../core/ids.ts';
import type { HealthCheck, RecipeWork, RentalInputs } from '../core/job-work.ts';
import type { RentalRef } from '../core/server-name.ts';

/** A rental's machine that has an address. */
export interface MachineRef extends RentalRef {
  readonly ipv4: string;
}

/** What came of one try to log in. */
export type Reach =
  | { readonly kind: 'reached' }
  | { readonly kind: 'not-yet'; readonly reason: string }
  /** Somebody else answers there. */
  | { readonly kind: 'wrong-host-key'; readonly seen: string }
  /** It is the machine, and it refuses the bridge's key. */
  | { readonly kind: 'refused' };

/** What came of one health check; the detail is one line for people. */
export interface HealthAnswer {
  readonly isHealthy: boolean;
  readonly detail: string;
}

/** The machine's SSH host key. */
export interface HostKey {
  /** `ssh-ed25519 AAAA…`. */
  readonly line: string;
  /** `SHA256:…`. */
  readonly fingerprint: string;
}

/** A job may run two scripts; each is begun once, whoever asks and however often. */
export type ScriptPart = 'main' | 'rollback';

/** A script with all that it is told. */
export interface ScriptRun {
  readonly machine: MachineRef;
  readonly jobId: JobId;
  readonly part: ScriptPart;
  readonly script: string;
  /** Whose generated secrets it is given; the same for every version. */
  readonly secretsOf: Pick<RecipeWork, 'version' | 'generatedSecrets'>;
  /** What is to be healthy once it has run. */
  readonly health: HealthCheck;
  readonly inputs: RentalInputs;
  readonly sealedSecrets: Uint8Array | undefined;
  /** Bytes of this run's log that were told before. */
  readonly logFrom: number;
  /** From its beginning. */
  readonly timeLimitMs: number;
}

/** What is told while a script runs. */
export interface ScriptNews {
  /** A piece of the run's log, in order and without holes, secrets masked. */
  log(offset: number, bytes: Uint8Array): void;
  /** A `#dc-step` line. */
  step(index: number, of: number, note: string): void;
}

/** How a script ended; `logBytes` is the length of its whole log. */
export type ScriptEnd =
  | { readonly kind: 'succeeded'; readonly logBytes: number }
  /** It will not work by running it again; the reason is for people. */
  | { readonly kind: 'failed'; readonly reason: string; readonly logBytes: number };

/** A machine whose door is open for one job. Methods reject with `WorkError`. */
export interface MachineVisit {
  wasStarted(part: ScriptPart): Promise<boolean>;
  /** Runs it, or goes on with the run that was begun before. */
  run(run: ScriptRun, news: ScriptNews, signal: AbortSignal): Promise<ScriptEnd>;
  /** Replaces the renter's lines of authorized_keys; what is not the renter's stays. */
  replaceKeys(lines: readonly string[], signal: AbortSignal): Promise<void>;
  /** Shuts the door and hangs up. */
  leave(signal: AbortSignal): Promise<void>;
  /** Hangs up without a word: the door shuts by itself later. */
  hangUp(): void;
}

/**
 * What jobs do at machines. Keys are derived from the bridge's seed, so that whoever asks gets the same.
 * Every method ends within its own time limit and rejects with a `WorkError`; an aborted signal ends it
 * at once.
 */
export interface MachineWork {
  readonly sshUser: string;
  readonly sshPort: number;
  /** For cloud-init: host key, the renter's keys, the door. */
  userData(rental: RentalRef, sshKeys: readonly string[]): string;
  hostKey(rental: RentalRef): HostKey;
  /** One try, a few seconds at most. */
  reach(machine: MachineRef, signal: AbortSignal): Promise<Reach>;
  /** Opens the door. `config` if the renter has taken the door out. */
  enter(machine: MachineRef, jobId: JobId, signal: AbortSignal): Promise<MachineVisit>;
  /** One check, a few seconds at most. */
  checkHealth(machine: MachineRef, check: HealthCheck, signal: AbortSignal): Promise<HealthAnswer>;
  /** Generated secrets as an age file for the renter; undefined if there are none. */
  sealedCredentials(
    rental: RentalRef,
    recipe: Pick<RecipeWork, 'version' | 'generatedSecrets'>,
    renterRecipient: string,
  ): Promise<Uint8Array | undefined>;
}
