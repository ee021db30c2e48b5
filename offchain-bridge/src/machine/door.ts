import { DOOR_HELLO, DOOR_PATH } from '../core/door-script.ts';
import type { JobId } from '../core/ids.ts';
import { WorkError } from '../core/work-error.ts';
import type { MachineRef, Reach } from '../ports/machine-work.port.ts';
import type {
  ConnectOutcome,
  ExecResult,
  ShellConnector,
  ShellSession,
} from '../ports/shell.port.ts';
import type { SshKeyPair } from '../secrets/openssh-key.ts';
import type { RentalSecrets } from '../secrets/rental-secrets.ts';
import { mustHaveWorked, textOf } from './run-shell.ts';

/** Who all machines are entered as. */
export const SSH_USER = 'root';

const DOOR_MS = 20_000;
/** The machine gives a check 20 seconds. */
const CHECK_MS = 30_000;

export interface DoorDeps {
  readonly connector: ShellConnector;
  readonly secrets: RentalSecrets;
  readonly sshPort: number;
}

/** The end of a login that was not let in. */
type Failure = Exclude<ConnectOutcome, { readonly kind: 'connected' }>;

/**
 * The way into a machine: a key that may only open and shut the door, and a key of each job that is let
 * in as long as the door is open. Methods reject with `WorkError`, or with the signal's reason.
 */
export class Door {
  readonly #deps: DoorDeps;
  readonly #machine: MachineRef;

  constructor(deps: DoorDeps, machine: MachineRef) {
    this.#deps = deps;
    this.#machine = machine;
  }

  /** One try to say hello. */
  async reach(signal: AbortSignal): Promise<Reach> {
    const outcome = await this.#knock('hello', DOOR_MS, signal).catch(lostWords);
    switch (outcome.kind) {
      case 'answered': {
        const isDoor = textOf(outcome.result.stdout).trim() === DOOR_HELLO;
        if (isDoor) return { kind: 'reached' };
        return { kind: 'not-yet', reason: 'it answers, and is not set up yet' };
      }
      case 'unreachable':
        return { kind: 'not-yet', reason: outcome.reason };
      case 'wrong-host-key':
      case 'refused':
        return outcome;
    }
  }

  /**
   * Lets the job's key in and logs in with it. `config` if another machine answers, or if the door is
   * not there any more; `transient` if nobody answers.
   */
  async open(jobId: JobId, signal: AbortSignal): Promise<ShellSession> {
    const key = this.#deps.secrets.jobKey(this.#machine, jobId);
    const line = Buffer.from(key.publicLine).toString('base64');
    const opened = await this.#knock(`open ${line}`, DOOR_MS, signal);
    if (opened.kind !== 'answered') throw this.#error(opened);
    mustHaveWorked("Opening the bridge's door", opened.result);
    const outcome = await this.#connect(key, signal);
    if (outcome.kind === 'connected') return outcome.session;
    if (outcome.kind !== 'refused') throw this.#error(outcome);
    throw new WorkError(
      'config',
      'The machine opened the door and yet refuses the key of this job: its SSH server does not read ' +
        '/root/.ssh/authorized_keys.',
    );
  }

  /** Takes the job's key out, by the login that is there. */
  async shutFromInside(session: ShellSession): Promise<void> {
    const command = `SSH_ORIGINAL_COMMAND=shut ${DOOR_PATH}`;
    const options = { timeoutMs: DOOR_MS, stdin: Buffer.from(`${command}\n`) };
    mustHaveWorked("Shutting the bridge's door", await session.exec('/bin/sh -s', options));
  }

  async shutFromOutside(signal: AbortSignal): Promise<void> {
    const outcome = await this.#knock('shut', DOOR_MS, signal);
    if (outcome.kind !== 'answered') throw this.#error(outcome);
    mustHaveWorked("Shutting the bridge's door", outcome.result);
  }

  /** Runs the health command; undefined for an end by a signal. */
  async check(
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'ended'; readonly code: number | undefined } | Failure> {
    const outcome = await this.#knock('check', CHECK_MS, signal);
    return outcome.kind === 'answered' ? { kind: 'ended', code: outcome.result.code } : outcome;
  }

  async #knock(
    command: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'answered'; readonly result: ExecResult } | Failure> {
    const outcome = await this.#connect(this.#deps.secrets.doorKey(this.#machine), signal);
    if (outcome.kind !== 'connected') return outcome;
    try {
      return { kind: 'answered', result: await outcome.session.exec(command, { timeoutMs }) };
    } finally {
      outcome.session.close();
    }
  }

  #connect(key: SshKeyPair, signal: AbortSignal): Promise<ConnectOutcome> {
    const { connector, secrets, sshPort } = this.#deps;
    const target = {
      host: this.#machine.ipv4,
      port: sshPort,
      user: SSH_USER,
      privateKey: key.privateKey,
      hostKey: secrets.hostKey(this.#machine).publicLine,
    };
    return connector.connect(target, signal);
  }

  #error(failure: Failure): WorkError {
    const { host, known } = {
      host: `${this.#machine.ipv4}:${this.#deps.sshPort.toString()}`,
      known: this.#deps.secrets.hostKey(this.#machine).fingerprint,
    };
    switch (failure.kind) {
      case 'unreachable':
        return new WorkError(
          'transient',
          `The machine does not answer SSH at ${host}: ${failure.reason}.`,
        );
      case 'wrong-host-key':
        return new WorkError(
          'config',
          `Another machine answers at ${host}: its host key is ${failure.seen}, not ${known}. ` +
            'Nothing was told to it and nothing was done there.',
        );
      case 'refused':
        return new WorkError(
          'config',
          "The machine refuses the bridge's key: the line ending in dc-door was taken out of " +
            '/root/.ssh/authorized_keys. Without it the machine runs on, but cannot be upgraded, given ' +
            'new keys, or checked by a command. Put the line back and ask again: it begins with ' +
            `restrict,command="${DOOR_PATH}" ${this.#deps.secrets.doorKey(this.#machine).publicLine}`,
        );
    }
  }
}

function lostWords(error: unknown): Failure {
  if (error instanceof WorkError && error.class === 'transient') {
    return { kind: 'unreachable', reason: error.message };
  }
  throw error;
}
