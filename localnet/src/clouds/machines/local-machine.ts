import type { Server as SshServer } from 'ssh2';
import type { Machine, MachineFault, MachineOrder } from '../machine-host.port.ts';
import { prepareFirstBoot } from './cloud-init/first-boot.ts';
import type { MachineFiles } from './files/machine-files.ts';
import { emptyVolatile, makeTree } from './files/machine-tree.ts';
import { removeTree } from './files/remove-tree.ts';
import type { MachineFaults } from './machine-faults.ts';
import type { MachineHostOptions, MachineLog } from './machine-options.ts';
import type { MachineSystem } from './machine-system.port.ts';
import { loadHostKeys, newSshKey } from './ssh/host-keys.ts';
import { SshFront } from './ssh/ssh-front.ts';
import { makeSshServer } from './ssh/ssh-server.ts';

export interface MachineParts {
  readonly order: MachineOrder;
  readonly faults: MachineFaults;
  readonly files: MachineFiles;
  readonly folder: string;
  /** The host's folder that is the machine's `/`. */
  readonly root: string;
  readonly system: MachineSystem;
  readonly log: MachineLog;
  /** Its address is free again. */
  readonly onDestroyed: () => void;
}

/** A machine on this computer: a folder, an SSH server, and programs. */
export class LocalMachine implements Machine {
  readonly id: string;
  readonly #parts: MachineParts;
  readonly #options: MachineHostOptions;
  readonly #front: SshFront;
  #servers: { right: SshServer; wrong: SshServer } | undefined;
  #isOn = false;
  /** Of boots that were asked for: each can be cut short. */
  readonly #boots = new Set<AbortController>();
  /** What changes power happens one after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: MachineHostOptions, parts: MachineParts) {
    this.id = parts.order.id;
    this.#options = options;
    this.#parts = parts;
    const { ipv4 } = parts.order;
    this.#front = new SshFront({ ipv4, port: options.sshPort, faults: parts.faults });
  }

  /** Whether it is switched on; it may still be booting. */
  get isOn(): boolean {
    return this.#isOn;
  }

  powerOn(): Promise<void> {
    const boot = this.#newBoot();
    return this.#inTurn(() => this.#begin(boot));
  }

  powerOff(): Promise<void> {
    this.#cutBoots('was switched off while it booted');
    return this.#inTurn(() => this.#end());
  }

  async destroy(): Promise<void> {
    await this.powerOff();
    await this.#inTurn(() => removeTree(this.#parts.folder));
    this.#parts.onDestroyed();
  }

  setFaults(faults: readonly MachineFault[]): void {
    this.#parts.faults.set(faults);
    this.applyFaults();
  }

  /** After its faults, or the computer's disk, have changed. */
  applyFaults(): void {
    const { system, log } = this.#parts;
    system.applyFaults();
    this.#front.applyFaults();
    this.#inTurn(() => this.#openOrClose()).catch((error: unknown) => {
      log(`SSH could not be opened: ${error instanceof Error ? error.message : ''}`);
    });
  }

  /** Asked for by a program inside, or a crash. */
  stopFromInside(why: 'poweroff' | 'reboot' | 'crash'): void {
    const { log } = this.#parts;
    log(why === 'crash' ? 'process 1 ended: it is off' : `${why} from inside`);
    this.#cutBoots('ended while it booted');
    const boot = why === 'reboot' ? this.#newBoot() : undefined;
    this.#inTurn(async () => {
      await this.#end();
      this.#options.onGuestPower?.(this.id, why === 'reboot' ? 'reboot' : 'poweroff');
      if (boot !== undefined) await this.#begin(boot);
    }).catch((error: unknown) => {
      log(`${why} failed: ${error instanceof Error ? error.message : ''}`);
    });
  }

  #newBoot(): AbortController {
    const boot = new AbortController();
    this.#boots.add(boot);
    return boot;
  }

  #cutBoots(what: string): void {
    for (const boot of this.#boots) boot.abort(new Error(`machine ${this.id} ${what}`));
    this.#boots.clear();
  }

  async #begin(boot: AbortController): Promise<void> {
    try {
      if (!this.#isOn) await this.#bootUp(boot.signal);
    } finally {
      this.#boots.delete(boot);
    }
  }

  async #bootUp(signal: AbortSignal): Promise<void> {
    this.#isOn = true;
    try {
      await sleep(this.#options.bootDelayMs, signal);
      await this.#start();
      signal.throwIfAborted();
      await this.#openOrClose();
    } catch (error) {
      await this.#end();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { order, files, root, system, log } = this.#parts;
    await makeTree(root);
    await emptyVolatile(root);
    const { hostname, userData } = order;
    await prepareFirstBoot({ files, hostname, userData, log });
    this.#servers = await this.#makeServers();
    await system.boot();
  }

  async #end(): Promise<void> {
    this.#isOn = false;
    this.#servers = undefined;
    await this.#front.close();
    await this.#parts.system.halt();
  }

  async #openOrClose(): Promise<void> {
    const isWanted = this.#servers !== undefined && !this.#parts.faults.isUnreachable;
    if (!isWanted) await this.#front.close();
    else if (!this.#front.isOpen) await this.#front.open(() => this.#serverNow());
  }

  #serverNow(): SshServer {
    if (this.#servers === undefined) throw new Error('a machine that is off has no server');
    return this.#parts.faults.hasWrongHostKey ? this.#servers.wrong : this.#servers.right;
  }

  async #makeServers(): Promise<{ right: SshServer; wrong: SshServer }> {
    const { files, system, log } = this.#parts;
    const same = { files, run: system.run.bind(system), log };
    const hostKeys = await loadHostKeys(files);
    return {
      right: makeSshServer({ ...same, hostKeys }),
      wrong: makeSshServer({ ...same, hostKeys: [newSshKey().privateKey] }),
    };
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#last.then(work);
    // Whoever asked is told; the next one begins anyway.
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

async function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, delayMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    });
  });
}
