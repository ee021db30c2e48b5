import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { endOf, programOf } from '../child-program.ts';
import { errorCode } from '../files/file-error.ts';
import type { MachineLimits } from '../machine-options.ts';
import type { MachineProgram, ProgramRequest } from '../machine-system.port.ts';
import { bubblewrapArgs, MACHINE_ENV, type SandboxFolders } from './bubblewrap-args.ts';
import { commandArgs, joinArgs, limitWords, WHOLE_MACHINE } from './enter-args.ts';
import { AFTER_STDIO, hostCommand } from './host-command.ts';
import type { HostPrograms } from './host-programs.ts';
import type { ProcessGroup } from './process-group.ts';

const START_TIMEOUT_MS = 30_000;
const HELPER_TIMEOUT_MS = 20_000;
const INFO_FD = AFTER_STDIO;
const SIGNAL_TRIES = 100;
const SIGNAL_PAUSE_MS = 10;

export interface SandboxOptions extends SandboxFolders {
  readonly programs: HostPrograms;
  readonly limits: MachineLimits;
  readonly group: ProcessGroup;
  /** Whether it starts services and commands of the first boot. */
  readonly boots: boolean;
  /** What process 1 was asked for inside. */
  readonly onWord: (word: 'poweroff' | 'reboot') => void;
}

/**
 * One machine's processes, in namespaces of their own. All of them end with process 1, and process 1
 * ends with this process, however this one ends.
 */
export class Sandbox {
  /** Process 1, as the host counts. */
  readonly pid: number;
  /** Resolves when nothing of it runs any more. */
  readonly ended: Promise<void>;
  readonly #options: SandboxOptions;
  #hasEnded = false;

  private constructor(options: SandboxOptions, pid: number, ended: Promise<void>) {
    this.#options = options;
    this.pid = pid;
    this.ended = ended.then(() => {
      this.#hasEnded = true;
    });
  }

  /** Rejects with what bubblewrap said if it does not start. */
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const first = ['/usr/machine/init', options.boots ? 'boot' : 'idle'];
    const words = [
      options.programs.bwrap,
      '--info-fd',
      '3',
      ...(await bubblewrapArgs(options)),
      '--',
      ...first,
    ];
    const all = [...words, ...limitWords(options.limits)];
    const { file, args } = hostCommand(all, {
      taskFiles: options.group.taskFiles,
      closesFrom: INFO_FD + 1,
    });
    const child = spawn(file, args, {
      cwd: '/',
      env: {},
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const end = endOf(child).then(() => undefined);
    const [, stdout, stderr, info] = child.stdio as unknown as [null, Readable, Readable, Readable];
    const complaint = text(stderr);
    const isReady = wordsFrom(stdout, options.onWord);
    try {
      await within(START_TIMEOUT_MS, isReady);
      const pid = pidIn(await within(START_TIMEOUT_MS, text(info)));
      return new Sandbox(options, pid, end);
    } catch (error) {
      child.kill('SIGKILL');
      await end;
      const said = (await complaint).trim();
      throw new Error(`The machine's sandbox did not start: ${said}`, { cause: error });
    }
  }

  run(request: ProgramRequest): MachineProgram {
    const words = [
      this.#options.programs.nsenter,
      ...commandArgs(this.pid, this.#options.limits, request.command),
    ];
    const { file, args } = hostCommand(words, {
      taskFiles: this.#options.group.taskFiles,
      closesFrom: AFTER_STDIO,
    });
    const env = { ...MACHINE_ENV, ...request.env };
    const child = spawn(file, args, { cwd: '/', env, stdio: ['pipe', 'pipe', 'pipe'] });
    let isOver = false;
    child.once('exit', () => (isOver = true));
    return programOf(child, (name) => {
      if (!isOver) signalInner(child, name, SIGNAL_TRIES);
    });
  }

  /** Runs a script of ours with all rights in the machine. Rejects with what it said if it fails. */
  async runTrusted(script: string): Promise<void> {
    const shell = ['/usr/host-bin/bash', '-euc', script];
    const args = [...joinArgs(this.pid, WHOLE_MACHINE), ...shell];
    const child = spawn(this.#options.programs.nsenter, args, {
      cwd: '/',
      // Nothing that a machine can write.
      env: { PATH: '/usr/host-bin:/usr/host-sbin' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: HELPER_TIMEOUT_MS,
    });
    const [end, said] = await Promise.all([endOf(child), text(child.stderr)]);
    if (end.kind !== 'exited' || end.code !== 0) throw new Error(said.trim());
  }

  async kill(): Promise<void> {
    // Once it has ended its number may be another's.
    if (!this.#hasEnded) killProcess(this.pid);
    await this.ended;
    await this.#options.group.remove();
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** Resolves at "ready"; the words after it are passed on. */
function wordsFrom(stdout: Readable, onWord: SandboxOptions['onWord']): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stdout });
    lines.on('line', (line) => {
      if (line === 'ready') resolve();
      else if (line === 'poweroff' || line === 'reboot') onWord(line);
    });
    lines.once('close', () => reject(new Error('process 1 ended')));
  });
}

function pidIn(info: string): number {
  const pid = /"child-pid":\s*(\d+)/.exec(info)?.[1];
  if (pid === undefined) throw new Error('bubblewrap did not tell process 1');
  return Number(pid);
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** nsenter waits for its child, which leads the group once it has set itself up. */
function signalInner(child: ChildProcess, name: NodeJS.Signals, triesLeft: number): void {
  const inner = childOf(child.pid);
  if (inner !== undefined && isSignalled(inner, name)) return;
  if (triesLeft === 0 || child.exitCode !== null || child.signalCode !== null) return;
  setTimeout(() => signalInner(child, name, triesLeft - 1), SIGNAL_PAUSE_MS).unref();
}

function childOf(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined;
  try {
    const first = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0];
    return first === undefined || first === '' ? undefined : Number(first);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

function isSignalled(leader: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(-leader, name);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
    return false;
  }
}
