import { toldLength } from '../core/recipe-log.ts';
import {
  isSettled,
  killScript,
  cleanScript,
  makeFolderScript,
  parseRunEnd,
  parseStatus,
  runWrapper,
  SETTLED_SCRIPT,
  startScript,
  statusScript,
  type RunEnd,
  type RunFolder,
  type RunStatus,
} from '../core/run-script.ts';
import { shellAssignments, type NamedValue } from '../core/shell-quote.ts';
import { WorkError } from '../core/work-error.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { ShellSession } from '../ports/shell.port.ts';
import type { LogFollower } from './follow-log.ts';
import { mustHaveWorked, runShell, textOf } from './run-shell.ts';

const LOOK_MS = 1_000;
const STATUS_MS = 10_000;
const COMMAND_MS = 30_000;
const SETTLE_MS = 600_000;
const START_MS = 20_000;
const RECONNECT_MS = 2_000;
/** The machine ends a run by itself; after so long more the bridge does. */
const SPARE_MS = 45_000;
/** What was killed and does not end is left alone. */
const KILL_MS = 30_000;
const MAX_END_BYTES = 256;

/** A script with all that it needs. */
export interface RunPlan {
  readonly folder: RunFolder;
  readonly script: string;
  readonly inputs: readonly NamedValue[];
  /** A program at its place, or none. */
  readonly check: { readonly path: string; readonly text: string | undefined };
  readonly timeLimitMs: number;
}

/** How it ended; `logBytes` is how long its told log is. */
export type RunOutcome =
  | { readonly kind: 'succeeded'; readonly logBytes: number }
  | {
      readonly kind: 'failed';
      readonly exitCode: number;
      readonly lastLines: string;
      readonly logBytes: number;
    }
  | { readonly kind: 'timed-out'; readonly lastLines: string; readonly logBytes: number }
  /** The machine rebooted in the middle, or somebody killed it: it is never run again. */
  | {
      readonly kind: 'interrupted';
      readonly hasRebooted: boolean;
      readonly lastLines: string;
      readonly logBytes: number;
    };

/** A login that may be lost and had again. */
export interface Line {
  /** The one that is there, or a new one. */
  session(signal: AbortSignal): Promise<ShellSession>;
  /** It is not to be used any more. */
  drop(): void;
}

/** Runs a script on a machine, or goes on with what somebody else began. */
export class RecipeRun {
  readonly #clock: Clock;
  readonly #line: Line;
  readonly #plan: RunPlan;
  readonly #log: LogFollower;
  #killedAtMs: number | undefined;

  constructor(
    around: { readonly clock: Clock; readonly line: Line; readonly log: LogFollower },
    plan: RunPlan,
  ) {
    this.#clock = around.clock;
    this.#line = around.line;
    this.#log = around.log;
    this.#plan = plan;
  }

  /**
   * Resolves when it has ended. Lost connections are made anew until its time is over by far; then
   * rejects as `transient`: whoever comes next goes on.
   */
  async run(signal: AbortSignal): Promise<RunOutcome> {
    const overAtMs = this.#clock.monotonicMs() + this.#plan.timeLimitMs + SPARE_MS;
    for (;;) {
      try {
        return await this.#goOn(await this.#line.session(signal), overAtMs, signal);
      } catch (error) {
        signal.throwIfAborted();
        const isLost = error instanceof WorkError && error.class === 'transient';
        if (!isLost || this.#clock.monotonicMs() >= overAtMs + KILL_MS) throw error;
        this.#line.drop();
        await this.#clock.sleep(RECONNECT_MS, signal);
      }
    }
  }

  async #goOn(session: ShellSession, overAtMs: number, signal: AbortSignal): Promise<RunOutcome> {
    const { state } = await runStatus(session, this.#plan.folder);
    if (state === 'none') await this.#begin(session, signal);
    let lookAtMs = this.#clock.monotonicMs() + (state === 'dead' ? 0 : STATUS_MS);
    for (;;) {
      const end = await this.#readEnd(session);
      await this.#log.tell(session, end?.logBytes);
      if (end !== undefined) return this.#ended(session, end);
      const nowMs = this.#clock.monotonicMs();
      if (nowMs >= lookAtMs) {
        lookAtMs = nowMs + STATUS_MS;
        const outcome = await this.#look(session);
        if (outcome !== undefined) return outcome;
      }
      if (nowMs >= overAtMs && this.#killedAtMs === undefined) {
        this.#killedAtMs = nowMs;
        await runShell(session, killScript(this.#plan.folder), COMMAND_MS);
      }
      await this.#clock.sleep(LOOK_MS, signal);
    }
  }

  async #begin(session: ShellSession, signal: AbortSignal): Promise<void> {
    const { folder, script, inputs, check, timeLimitMs } = this.#plan;
    const values = shellAssignments(inputs);
    const settled = await runShell(session, SETTLED_SCRIPT, SETTLE_MS);
    if (!isSettled(settled.code)) {
      throw new WorkError('config', 'cloud-init says that it could not set the machine up.');
    }
    const folderMade = await runShell(session, makeFolderScript(folder), COMMAND_MS);
    mustHaveWorked('Making a folder for the recipe', folderMade);
    const files: readonly (readonly [string, string, number])[] = [
      [`${folder.path}/script`, script, 0o700],
      [`${folder.path}/inputs`, values, 0o600],
      [`${folder.path}/run.sh`, runWrapper(timeLimitMs), 0o700],
      [check.path, check.text ?? NO_CHECK, 0o700],
    ];
    await Promise.all(
      files.map(([path, text, mode]) => session.upload(path, Buffer.from(text), mode)),
    );
    const started = await runShell(session, startScript(folder), COMMAND_MS);
    const untilMs = this.#clock.monotonicMs() + START_MS;
    while ((await runStatus(session, folder)).state === 'none') {
      if (this.#clock.monotonicMs() >= untilMs) {
        mustHaveWorked('Starting the recipe', started);
        throw new WorkError(
          'config',
          'The recipe did not start: the disk of the machine may be full.',
        );
      }
      await this.#clock.sleep(LOOK_MS / 4, signal);
    }
  }

  async #readEnd(session: ShellSession): Promise<RunEnd | undefined> {
    const bytes = await session.read(`${this.#plan.folder.path}/exit-code`, 0, MAX_END_BYTES);
    return bytes === undefined ? undefined : parseRunEnd(textOf(bytes));
  }

  async #ended(session: ShellSession, end: RunEnd): Promise<RunOutcome> {
    const { folder } = this.#plan;
    const { lastStepLine } = await runStatus(session, folder);
    this.#log.tellLateStep(lastStepLine, end.logBytes);
    mustHaveWorked('Cleaning up', await runShell(session, cleanScript(folder), COMMAND_MS));
    const logBytes = toldLength(end.logBytes);
    if (end.code === 0) return { kind: 'succeeded', logBytes };
    const lastLines = await this.#log.lastLines(session, end.logBytes);
    if (end.isTimedOut || this.#killedAtMs !== undefined) {
      return { kind: 'timed-out', lastLines, logBytes };
    }
    return { kind: 'failed', exitCode: end.code, lastLines, logBytes };
  }

  /** Sees what its files alone do not tell. */
  async #look(session: ShellSession): Promise<RunOutcome | undefined> {
    const { folder } = this.#plan;
    const status = await runStatus(session, folder);
    this.#log.tellLateStep(status.lastStepLine, status.logBytes);
    const killedAtMs = this.#killedAtMs;
    const isStuck = killedAtMs !== undefined && this.#clock.monotonicMs() - killedAtMs >= KILL_MS;
    if (status.state !== 'dead' && !isStuck) return undefined;
    // What it left running is ended, so that its log is as long as it will ever be.
    await runShell(session, killScript(folder), COMMAND_MS);
    mustHaveWorked('Cleaning up', await runShell(session, cleanScript(folder), COMMAND_MS));
    await this.#log.tell(session, status.logBytes);
    const lastLines = await this.#log.lastLines(session, status.logBytes);
    const logBytes = toldLength(status.logBytes);
    if (isStuck) return { kind: 'timed-out', lastLines, logBytes };
    return { kind: 'interrupted', hasRebooted: status.hasRebooted, lastLines, logBytes };
  }
}

/** Exits as the door does where there is nothing to check. */
const NO_CHECK = '#!/bin/sh\nexit 120\n';

/** Errors: `transient` if the machine does not say. */
export async function runStatus(session: ShellSession, folder: RunFolder): Promise<RunStatus> {
  const { stdout } = await runShell(session, statusScript(folder), COMMAND_MS);
  const status = parseStatus(textOf(stdout));
  if (status !== undefined) return status;
  throw new WorkError('transient', 'The machine does not say how far the recipe is.');
}
