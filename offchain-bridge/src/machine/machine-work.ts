import type { JobId } from '../core/ids.ts';
import type { HealthCheck, RecipeWork } from '../core/job-work.ts';
import { DC_FOLDER } from '../core/run-script.ts';
import type { RentalRef } from '../core/server-name.ts';
import type { NamedValue } from '../core/shell-quote.ts';
import { userData } from '../core/user-data.ts';
import type {
  HealthAnswer,
  HostKey,
  MachineRef,
  MachineVisit,
  MachineWork,
  Reach,
  ScriptRun,
} from '../ports/machine-work.port.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { Log } from '../ports/log.port.ts';
import { probeCommand } from '../probes/command-probe.ts';
import { probeHttp } from '../probes/http-probe.ts';
import type { Probe, ProbeDeps } from '../probes/probe.ts';
import { probeTcp } from '../probes/tcp-probe.ts';
import { openRecipeSecrets, sealForRenter } from '../secrets/age-files.ts';
import { Door, SSH_USER, type DoorDeps } from './door.ts';
import { SshMachineVisit } from './machine-visit.ts';

const PROBE_MS = 5_000;

export interface MachineWorkDeps extends DoorDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly ageIdentity: string;
  /** Where this bridge is, in words of health checks. */
  readonly from: string;
  /** Of the bridge's files on machines; only tests have another one. */
  readonly folder?: string;
}

/** What jobs do at machines, over SSH with keys that are derived from the bridge's seed. */
export class SshMachineWork implements MachineWork {
  readonly sshUser = SSH_USER;
  readonly sshPort: number;
  readonly #deps: MachineWorkDeps;

  constructor(deps: MachineWorkDeps) {
    this.#deps = deps;
    this.sshPort = deps.sshPort;
  }

  userData(rental: RentalRef, sshKeys: readonly string[]): string {
    const { secrets } = this.#deps;
    return userData({
      renterKeys: sshKeys,
      hostKey: secrets.hostKey(rental),
      doorPublicLine: secrets.doorKey(rental).publicLine,
    });
  }

  hostKey(rental: RentalRef): HostKey {
    const { publicLine, fingerprint } = this.#deps.secrets.hostKey(rental);
    return { line: publicLine, fingerprint };
  }

  reach(machine: MachineRef, signal: AbortSignal): Promise<Reach> {
    return this.#door(machine).reach(signal);
  }

  async enter(machine: MachineRef, jobId: JobId, signal: AbortSignal): Promise<MachineVisit> {
    const { clock, log, folder = DC_FOLDER } = this.#deps;
    const door = this.#door(machine);
    const session = await door.open(jobId, signal);
    const secretsFor = (run: ScriptRun): Promise<readonly NamedValue[]> => this.#secretsFor(run);
    return new SshMachineVisit(
      { clock, log, door, folder, secretsFor },
      { jobId, session, signal },
    );
  }

  async checkHealth(
    machine: MachineRef,
    check: HealthCheck,
    signal: AbortSignal,
  ): Promise<HealthAnswer> {
    const { verdict, what, result } = await this.#probe(machine, check, signal);
    return { isHealthy: verdict === 'up', detail: `${what}: ${result}` };
  }

  async sealedCredentials(
    rental: RentalRef,
    recipe: Pick<RecipeWork, 'version' | 'generatedSecrets'>,
    renterRecipient: string,
  ): Promise<Uint8Array | undefined> {
    const generated = this.#generated(rental, recipe);
    return generated.length === 0 ? undefined : sealForRenter(generated, renterRecipient);
  }

  #door(machine: MachineRef): Door {
    return new Door(this.#deps, machine);
  }

  #probe(machine: MachineRef, check: HealthCheck, signal: AbortSignal): Promise<Probe> {
    const { clock, from } = this.#deps;
    const deps: ProbeDeps = { clock, from, timeoutMs: PROBE_MS };
    switch (check.kind) {
      case 'http':
        return probeHttp(machine.ipv4, check, deps, signal);
      case 'tcp':
        return probeTcp({ host: machine.ipv4, port: check.port }, deps, signal);
      case 'command':
        return probeCommand(this.#door(machine), deps, signal);
    }
  }

  /** What the renter sealed, and what is made for the renter. */
  async #secretsFor({
    machine,
    inputs,
    sealedSecrets,
    secretsOf,
  }: ScriptRun): Promise<readonly NamedValue[]> {
    const sealed = { bytes: sealedSecrets, names: inputs.secretNames };
    const opened = await openRecipeSecrets(sealed, this.#deps.ageIdentity);
    return [...opened, ...this.#generated(machine, secretsOf)];
  }

  #generated(
    rental: RentalRef,
    { version, generatedSecrets }: Pick<RecipeWork, 'version' | 'generatedSecrets'>,
  ): readonly NamedValue[] {
    const { recipeId } = version;
    return generatedSecrets.map(({ name, length }) => ({
      name,
      value: this.#deps.secrets.generatedSecret(rental, { recipeId, name, length }),
    }));
  }
}
