import { printedForms } from '../core/redact.ts';
import { checkScript } from '../core/door-script.ts';
import { renterKeysScript } from '../core/renter-keys-script.ts';
import { runFolder, type RunFolder } from '../core/run-script.ts';
import { serverNameOf } from '../core/server-name.ts';
import type { NamedValue } from '../core/shell-quote.ts';
import type { JobId } from '../core/ids.ts';
import { WorkError } from '../core/work-error.ts';
import type {
  MachineVisit,
  ScriptEnd,
  ScriptNews,
  ScriptPart,
  ScriptRun,
} from '../ports/machine-work.port.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { Log } from '../ports/log.port.ts';
import type { ShellSession } from '../ports/shell.port.ts';
import type { Door } from './door.ts';
import { LogFollower } from './follow-log.ts';
import { RecipeRun, runStatus, type Line, type RunOutcome } from './recipe-run.ts';
import { mustHaveWorked, runShell } from './run-shell.ts';

const KEYS_MS = 30_000;
const MS_PER_MINUTE = 60_000;

/** What a visit needs. */
export interface VisitDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly door: Door;
  /** Of the bridge, on the machine. */
  readonly folder: string;
  /** What the recipe is told beside what the renter filled in. */
  readonly secretsFor: (run: ScriptRun) => Promise<readonly NamedValue[]>;
}

/** A machine whose door is open; a login that is lost is had again. */
export class SshMachineVisit implements MachineVisit, Line {
  readonly #deps: VisitDeps;
  readonly #jobId: JobId;
  readonly #signal: AbortSignal;
  #session: ShellSession | undefined;

  constructor(
    deps: VisitDeps,
    visit: {
      readonly jobId: JobId;
      readonly session: ShellSession;
      readonly signal: AbortSignal;
    },
  ) {
    this.#deps = deps;
    this.#jobId = visit.jobId;
    this.#session = visit.session;
    this.#signal = visit.signal;
  }

  async wasStarted(part: ScriptPart): Promise<boolean> {
    const session = await this.session(this.#signal);
    return (await runStatus(session, this.#folderOf(part))).state !== 'none';
  }

  async run(run: ScriptRun, news: ScriptNews, signal: AbortSignal): Promise<ScriptEnd> {
    const { clock, folder: parent, secretsFor } = this.#deps;
    const secrets = await secretsFor(run);
    const folder = this.#folderOf(run.part);
    const log = new LogFollower({
      path: `${folder.path}/log`,
      secrets: secrets.flatMap(({ value }) => printedForms(value)).map(bytesOf),
      news,
      toldBytes: run.logFrom,
    });
    const { health, script, timeLimitMs, inputs, machine } = run;
    const started = new RecipeRun(
      { clock, line: this, log },
      {
        folder,
        script,
        inputs: [
          ...inputs.values,
          ...secrets,
          { name: 'DC_HOSTNAME', value: serverNameOf(machine) },
          { name: 'DC_IP', value: machine.ipv4 },
        ],
        check: {
          path: `${parent}/check.sh`,
          text: health.kind === 'command' ? checkScript(health.command) : undefined,
        },
        timeLimitMs,
      },
    );
    return endOf(await started.run(signal), timeLimitMs);
  }

  async replaceKeys(lines: readonly string[], signal: AbortSignal): Promise<void> {
    const session = await this.session(signal);
    const replaced = await runShell(session, renterKeysScript(lines), KEYS_MS);
    mustHaveWorked("Replacing the renter's keys", replaced);
  }

  /** A door that cannot be shut now shuts by itself: that is no reason to do the work again. */
  async leave(signal: AbortSignal): Promise<void> {
    try {
      if (!(await this.#shutFromInside())) await this.#deps.door.shutFromOutside(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof WorkError)) throw error;
      this.#deps.log.warn(
        { error: error.message },
        'the door was not shut: it shuts by itself within 2 hours',
      );
    }
    this.hangUp();
  }

  hangUp(): void {
    this.drop();
  }

  async session(signal: AbortSignal): Promise<ShellSession> {
    this.#session ??= await this.#deps.door.open(this.#jobId, signal);
    return this.#session;
  }

  drop(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  /** Gives whether it was shut. */
  async #shutFromInside(): Promise<boolean> {
    if (this.#session === undefined) return false;
    try {
      await this.#deps.door.shutFromInside(this.#session);
      return true;
    } catch (error) {
      if (error instanceof WorkError && error.class === 'transient') return false;
      throw error;
    }
  }

  #folderOf(part: ScriptPart): RunFolder {
    const name = part === 'main' ? `${this.#jobId}` : `${this.#jobId}-${part}`;
    return runFolder(name, this.#deps.folder);
  }
}

function endOf(outcome: RunOutcome, timeLimitMs: number): ScriptEnd {
  const { kind, logBytes } = outcome;
  if (kind === 'succeeded') return { kind, logBytes };
  const lines = outcome.lastLines;
  const last = lines === '' ? ' It printed nothing.' : ` Its last lines: ${lines}`;
  return { kind: 'failed', reason: `${failureWords(outcome, timeLimitMs)}${last}`, logBytes };
}

function failureWords(
  outcome: Exclude<RunOutcome, { readonly kind: 'succeeded' }>,
  timeLimitMs: number,
): string {
  switch (outcome.kind) {
    case 'failed':
      return `The recipe failed (exit ${outcome.exitCode}).`;
    case 'timed-out': {
      const minutes = Math.max(1, Math.round(timeLimitMs / MS_PER_MINUTE));
      return `The recipe was not done within ${minutes} min.`;
    }
    case 'interrupted':
      return outcome.hasRebooted
        ? 'The recipe was interrupted by a reboot of the machine, and is not run twice.'
        : 'The recipe was ended from outside, or could not say how it ended: out of memory or disk.';
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
