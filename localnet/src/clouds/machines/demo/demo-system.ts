import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { endOf, programOf } from '../child-program.ts';
import { COMMANDS, hasCommandsLeft } from '../cloud-init/first-boot.ts';
import type { MachineFiles } from '../files/machine-files.ts';
import type { MachineLog } from '../machine-options.ts';
import type { MachineProgram, MachineSystem, ProgramRequest } from '../machine-system.port.ts';
import { copyMachineShims } from '../sandbox/system-view.ts';
import { admitted, auditMachine, NotBuiltIn } from './demo-audit.ts';
import { isBuiltIn } from './demo-hash.ts';
import { type DemoPlaces, requirePlainPath, withPaths } from './demo-paths.ts';
import { endMarked, MARK } from './demo-processes.ts';

const SCRIPT_BYTES_MAX = 256 * 1024;
/** A shell that reads its script from standard input. */
const FROM_STDIN = /^(?:\/bin\/)?(?:ba)?sh(?: -s)?$/;
const PATH_ALONE = /^\/[A-Za-z0-9_./-]+$/;
const CANNOT_RUN = 126;
const UNRUNNABLE = 0o600;

export interface DemoSystemOptions {
  readonly folder: string;
  readonly files: MachineFiles;
  readonly ipv4: string;
  readonly demoScripts: ReadonlySet<string>;
  readonly log: MachineLog;
  readonly onStop: (why: 'poweroff' | 'reboot' | 'crash') => void;
}

/**
 * Runs built-in demo scripts as plain processes of this computer, with the machine's folder in place of
 * its own paths, and refuses everything else. No isolation and no limits: what keeps a machine in its
 * folder is that every script is known.
 */
export class DemoSystem implements MachineSystem {
  readonly #options: DemoSystemOptions;
  readonly #places: DemoPlaces;
  #isOn = false;

  constructor(options: DemoSystemOptions) {
    this.#options = options;
    const { folder, ipv4 } = options;
    requirePlainPath(folder);
    this.#places = {
      root: join(folder, 'fs'),
      bin: join(folder, 'bin'),
      machine: join(folder, 'machine'),
      bootId: join(folder, 'boot-id'),
      ipv4,
    };
  }

  async boot(): Promise<void> {
    const { bin, machine, bootId } = this.#places;
    await mkdir(join(this.#options.folder, 'tmp'), { recursive: true });
    await writeFile(bootId, `${randomUUID()}\n`);
    await copyMachineShims({ bin, machine }, (script) => withPaths(script, this.#places));
    this.#isOn = true;
    await this.#leaveCommandsOut();
    this.#listen(this.#spawn('/bin/bash', [join(machine, 'init'), await this.#bootWord()]));
  }

  async run(request: ProgramRequest): Promise<MachineProgram> {
    if (!this.#isOn) throw new Error('The machine is switched off.');
    const { command } = request;
    if (command !== undefined && FROM_STDIN.test(command)) return this.#runStdin(request);
    if (command === undefined) throw new NotBuiltIn('a shell');
    await this.#audit();
    // A program of the machine has just been looked at; anything else must be built in itself.
    const isProgram =
      PATH_ALONE.test(command) && (await this.#options.files.read(command)) !== undefined;
    const script = isProgram ? withPaths(command, this.#places) : this.#admit(command);
    return this.#start(script, request.env);
  }

  applyFaults(): void {
    // SFTP and SSH keep faults by themselves; programs have no network and no disk of their own here.
  }

  async halt(): Promise<void> {
    this.#isOn = false;
    await endMarked(this.#options.folder);
  }

  /** Commands of cloud-init are meant for a whole system: they run only if they are built in. */
  async #leaveCommandsOut(): Promise<void> {
    const { files, demoScripts, log } = this.#options;
    const commands = (await files.read(COMMANDS))?.toString('utf8');
    if (commands === undefined || !(await hasCommandsLeft(files))) return;
    if (isBuiltIn(commands, demoScripts)) return;
    await files.change(COMMANDS, { mode: UNRUNNABLE });
    log('commands of cloud-init are left out: without isolation only built-in scripts run');
  }

  /** A machine with anything strange in it starts nothing by itself. */
  async #bootWord(): Promise<'boot' | 'idle'> {
    try {
      await this.#audit();
      return 'boot';
    } catch (error) {
      if (!(error instanceof NotBuiltIn)) throw error;
      this.#options.log(`starts no services: ${error.message}`);
      return 'idle';
    }
  }

  /** The whole script is read before any of it runs. */
  #runStdin(request: ProgramRequest): MachineProgram {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    let started: MachineProgram | undefined;
    const ended = (async () => {
      try {
        const script = await text(stdin);
        if (script.length > SCRIPT_BYTES_MAX) throw new NotBuiltIn('a script of that length');
        await this.#audit();
        started = this.#start(this.#admit(script), request.env);
        started.stdout.pipe(stdout);
        started.stderr.pipe(stderr);
        return await started.ended;
      } catch (error) {
        stdout.end();
        stderr.end(`${error instanceof Error ? error.message : 'It cannot be run.'}\n`);
        return { kind: 'exited', code: CANNOT_RUN } as const;
      }
    })();
    return { stdin, stdout, stderr, ended, signal: (name) => started?.signal(name) };
  }

  #admit(script: string): string {
    return admitted(script, 'what was asked for', this.#places, this.#options.demoScripts);
  }

  #audit(): Promise<void> {
    return auditMachine(this.#places, this.#options.demoScripts);
  }

  #start(script: string, env: ProgramRequest['env']): MachineProgram {
    const child = this.#spawn('/bin/bash', ['-c', script], env);
    return programOf(child, (name) => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, name);
    });
  }

  #spawn(file: string, args: readonly string[], env: ProgramRequest['env'] = {}) {
    const { root, bin } = this.#places;
    const { folder } = this.#options;
    return spawn(file, args, {
      cwd: join(root, 'root'),
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        PATH: `${bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
        ...{ HOME: join(root, 'root'), TMPDIR: join(folder, 'tmp'), USER: 'root', LANG: 'C.UTF-8' },
        ...env,
        [MARK]: folder,
      },
    });
  }

  /** Process 1 of this machine only passes words on. */
  #listen(init: ChildProcess & { stdout: NodeJS.ReadableStream }): void {
    const { onStop } = this.#options;
    let hasAsked = false;
    createInterface({ input: init.stdout }).on('line', (word) => {
      if (hasAsked || (word !== 'poweroff' && word !== 'reboot')) return;
      hasAsked = true;
      onStop(word);
    });
    void endOf(init);
  }
}
