import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCommandsLeft } from '../cloud-init/first-boot.ts';
import { errorCode } from '../files/file-error.ts';
import type { MachineFiles } from '../files/machine-files.ts';
import type { MachineLimits, MachineLog } from '../machine-options.ts';
import type { MachineProgram, MachineSystem, ProgramRequest } from '../machine-system.port.ts';
import type { MachineFaults } from '../machine-faults.ts';
import { PortMirror } from '../ports/port-mirror.ts';
import { emptyDisk, fillDisk } from './full-disk.ts';
import type { HostPrograms } from './host-programs.ts';
import { ProcessGroup } from './process-group.ts';
import { Sandbox } from './sandbox.ts';
import type { SystemView } from './system-view.ts';

const UNITS = '/etc/systemd/system';
const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/;

export interface SandboxSystemOptions {
  readonly programs: HostPrograms;
  readonly view: SystemView;
  /** The machine's own folder, in which `fs` is its `/`. */
  readonly folder: string;
  readonly files: MachineFiles;
  readonly limits: MachineLimits;
  readonly log: MachineLog;
  readonly ipv4: string;
  readonly faults: MachineFaults;
  readonly isFull: () => boolean;
  /** It asked for this itself, or crashed. */
  readonly onStop: (why: 'poweroff' | 'reboot' | 'crash') => void;
}

/**
 * Runs a machine's programs isolated by bubblewrap. Process 1 is started when something has to run, not
 * before: a machine in which nothing happens costs no process.
 */
export class SandboxSystem implements MachineSystem {
  readonly #options: SandboxSystemOptions;
  #starting: Promise<Sandbox> | undefined;
  #mirror: PortMirror | undefined;
  #isOn = false;
  #isFull = false;
  /** Filling and emptying the disk, one after the other. */
  #disk: Promise<void> = Promise.resolve();

  constructor(options: SandboxSystemOptions) {
    this.#options = options;
  }

  async boot(): Promise<void> {
    await writeFile(this.#bootIdFile, `${randomUUID()}\n`);
    this.#isOn = true;
    this.#isFull = this.#options.isFull();
    if (await this.#hasWork()) await this.#sandbox();
  }

  async run(request: ProgramRequest): Promise<MachineProgram> {
    const sandbox = await this.#sandbox();
    await this.#disk;
    return sandbox.run(request);
  }

  applyFaults(): void {
    this.#mirror?.applyFaults();
    const isFull = this.#options.isFull();
    if (this.#isFull === isFull) return;
    this.#isFull = isFull;
    const sandbox = this.#starting;
    if (sandbox !== undefined) this.#change(sandbox, isFull ? fillDisk : emptyDisk);
  }

  async halt(): Promise<void> {
    this.#isOn = false;
    const starting = this.#starting;
    const mirror = this.#mirror;
    this.#starting = undefined;
    this.#mirror = undefined;
    await mirror?.stop();
    if (starting === undefined) return;
    // One that never started has told whoever wanted it.
    const sandbox = await starting.catch(() => undefined);
    await sandbox?.kill();
  }

  get #bootIdFile(): string {
    return join(this.#options.folder, 'boot-id');
  }

  #change(starting: Promise<Sandbox>, change: (sandbox: Sandbox) => Promise<void>): void {
    this.#disk = this.#disk.then(async () => {
      try {
        await change(await starting);
      } catch (error) {
        if (this.#starting !== starting) return;
        const reason = error instanceof Error ? error.message : 'no reason';
        this.#options.log(`its disk could not be made full or empty for programs: ${reason}`);
      }
    });
  }

  #sandbox(): Promise<Sandbox> {
    if (!this.#isOn) return Promise.reject(new Error('The machine is switched off.'));
    if (this.#starting !== undefined) return this.#starting;
    const starting = this.#start();
    this.#starting = starting;
    if (this.#isFull) this.#change(starting, fillDisk);
    starting.then(
      (sandbox) => this.#follow(starting, sandbox),
      () => {
        if (this.#starting === starting) this.#starting = undefined;
      },
    );
    return starting;
  }

  async #start(): Promise<Sandbox> {
    const { programs, view, folder, files, limits, onStop } = this.#options;
    let hasAsked = false;
    return Sandbox.start({
      ...{ programs, view, limits },
      root: join(folder, 'fs'),
      bootId: this.#bootIdFile,
      hostname: await hostnameOf(files),
      group: await ProcessGroup.make(folder, limits),
      boots: await this.#hasWork(),
      onWord: (word) => {
        if (!hasAsked) onStop(word);
        hasAsked = true;
      },
    });
  }

  #follow(starting: Promise<Sandbox>, sandbox: Sandbox): void {
    if (this.#starting !== starting) return;
    const { programs, ipv4, faults, log } = this.#options;
    this.#mirror = new PortMirror({
      nsenter: programs.nsenter,
      pid: sandbox.pid,
      ipv4,
      faults,
      log,
    });
    this.#mirror.start();
    void sandbox.ended.then(() => {
      if (this.#starting === starting) this.#options.onStop('crash');
    });
  }

  async #hasWork(): Promise<boolean> {
    if (await hasCommandsLeft(this.#options.files)) return true;
    const entries = await listedAt(this.#options.files, UNITS);
    return entries.some((name) => name.endsWith('.wants'));
  }
}

/** Names in a folder that a machine may have removed. */
async function listedAt(files: MachineFiles, folder: string): Promise<string[]> {
  try {
    return (await files.list(folder)).map((entry) => entry.name);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return [];
  }
}

/** A machine may write nonsense into /etc/hostname. */
async function hostnameOf(files: MachineFiles): Promise<string> {
  const text = (await files.read('/etc/hostname'))?.toString('utf8').trim() ?? '';
  return HOST_NAME.test(text) ? text : 'localhost';
}
