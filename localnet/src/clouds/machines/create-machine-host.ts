import { mkdir } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { join, resolve } from 'node:path';
import type { Machine, MachineHost, MachineOrder } from '../machine-host.port.ts';
import { endMarked } from './demo/demo-processes.ts';
import { DemoSystem } from './demo/demo-system.ts';
import { DiskWatch } from './disk-watch.ts';
import { ETC_FILES } from './files/etc-files.ts';
import { MachineFiles } from './files/machine-files.ts';
import { makeTree } from './files/machine-tree.ts';
import { LocalMachine } from './local-machine.ts';
import { MachineFaults } from './machine-faults.ts';
import { limitsOf, type MachineHostOptions } from './machine-options.ts';
import type { MachineSystem } from './machine-system.port.ts';
import { findHostPrograms, type HostPrograms } from './sandbox/host-programs.ts';
import { ProcessGroup } from './sandbox/process-group.ts';
import { SandboxSystem } from './sandbox/sandbox-system.ts';
import { testIsolation } from './sandbox/self-test.ts';
import { makeSystemView, type SystemView } from './sandbox/system-view.ts';

const PRIVATE = 0o700;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What isolation is made with. */
interface Isolation {
  readonly programs: HostPrograms;
  readonly view: SystemView;
}

/** A `MachineHost` that also tells whether its machines are isolated. */
export interface LocalMachineHost extends MachineHost {
  readonly isIsolated: boolean;
}

/**
 * Machines on this computer. See README.md for what they are and are not. Throws if `bubblewrap` is
 * asked for and does not work here; the message says why.
 */
export async function createMachineHost(given: MachineHostOptions): Promise<LocalMachineHost> {
  // A sandbox is started from another folder, and is given paths of this one.
  const options = { ...given, stateDir: resolve(given.stateDir) };
  await mkdir(options.stateDir, { recursive: true, mode: PRIVATE });
  const isolation = await chooseIsolation(options);
  const host = new Host(options, isolation);
  await host.start();
  return host;
}

async function chooseIsolation(options: MachineHostOptions): Promise<Isolation | undefined> {
  if (options.sandbox === 'demo-only') return undefined;
  try {
    await ProcessGroup.sweep();
    const programs = findHostPrograms();
    const osRelease = ETC_FILES['/etc/os-release']?.text ?? '';
    const view = await makeSystemView(join(options.stateDir, '.system'), osRelease);
    await testIsolation(programs, view, join(options.stateDir, '.self-test'));
    return { programs, view };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no reason';
    const sentence = `Machines cannot be isolated here: ${reason}.`;
    if (options.sandbox === 'bubblewrap') throw new Error(sentence, { cause: error });
    options.log(`${sentence} Only the built-in demo scripts will run; anything else is refused.`);
    return undefined;
  }
}

class Host implements LocalMachineHost {
  readonly #options: MachineHostOptions;
  readonly #isolation: Isolation | undefined;
  readonly #machines = new Map<string, LocalMachine>();
  readonly #addresses = new Map<string, string>();
  readonly #disk: DiskWatch;

  constructor(options: MachineHostOptions, isolation: Isolation | undefined) {
    this.#options = options;
    this.#isolation = isolation;
    this.#disk = new DiskWatch(options.stateDir, (isLow) => this.#tellDisk(isLow));
  }

  get isIsolated(): boolean {
    return this.#isolation !== undefined;
  }

  async start(): Promise<void> {
    // A host that was killed leaves processes behind only where nothing isolates them.
    if (!this.isIsolated) await endMarked(this.#options.stateDir);
    await this.#disk.start();
  }

  async prepare(order: MachineOrder): Promise<Machine> {
    this.#check(order);
    const present = this.#machines.get(order.id);
    if (present !== undefined) return present;
    this.#addresses.set(order.ipv4, order.id);
    const machine = this.#make(order);
    this.#machines.set(order.id, machine);
    try {
      await makeTree(join(this.#folderOf(order), 'fs'));
    } catch (error) {
      this.#forget(order);
      throw error;
    }
    return machine;
  }

  async close(): Promise<void> {
    this.#disk.stop();
    await Promise.all([...this.#machines.values()].map((machine) => machine.powerOff()));
  }

  #check({ id, ipv4 }: MachineOrder): void {
    if (!ID.test(id)) throw new Error(`${JSON.stringify(id)} cannot name a machine`);
    if (!isIPv4(ipv4) || !ipv4.startsWith('127.')) throw new Error(`${ipv4} is not of 127.0.0.0/8`);
    const owner = this.#addresses.get(ipv4);
    if (owner !== undefined && owner !== id) throw new Error(`${ipv4} belongs to machine ${owner}`);
  }

  #folderOf({ id }: { id: string }): string {
    return join(this.#options.stateDir, id);
  }

  #make(order: MachineOrder): LocalMachine {
    const folder = this.#folderOf(order);
    const root = join(folder, 'fs');
    const faults = new MachineFaults();
    const isFull = (): boolean => faults.isDiskFull || this.#disk.isLow;
    const files = new MachineFiles(root, isFull);
    const log = (line: string): void => this.#options.log(`machine ${order.id}: ${line}`);
    const common = { folder, files, faults, isFull, log, ipv4: order.ipv4 };
    const system = this.#systemFor(order, common);
    const machine = new LocalMachine(this.#options, {
      ...{ order, faults, files, folder, root, system, log },
      onDestroyed: () => this.#forget(order),
    });
    return machine;
  }

  #systemFor(
    order: MachineOrder,
    common: Omit<
      ConstructorParameters<typeof SandboxSystem>[0],
      'programs' | 'view' | 'limits' | 'onStop'
    >,
  ): MachineSystem {
    const onStop = (why: 'poweroff' | 'reboot' | 'crash'): void => {
      this.#machines.get(order.id)?.stopFromInside(why);
    };
    if (this.#isolation !== undefined) {
      return new SandboxSystem({ ...common, ...this.#isolation, limits: limitsOf(order), onStop });
    }
    return new DemoSystem({ ...common, demoScripts: this.#options.demoScripts, onStop });
  }

  #forget({ id, ipv4 }: MachineOrder): void {
    this.#machines.delete(id);
    this.#addresses.delete(ipv4);
  }

  #tellDisk(isLow: boolean): void {
    this.#options.log(
      isLow
        ? 'This computer has hardly any disk space left: machines can write nothing until it has.'
        : 'This computer has disk space again: machines can write.',
    );
    for (const machine of this.#machines.values()) machine.applyFaults();
  }
}
