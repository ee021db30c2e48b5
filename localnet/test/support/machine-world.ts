import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import {
  createMachineHost,
  type LocalMachineHost,
} from '../../src/clouds/machines/create-machine-host.ts';
import type { MachineHostOptions } from '../../src/clouds/machines/machine-options.ts';
import type { Machine, MachineOrder } from '../../src/clouds/machine-host.port.ts';
import { newSshKey } from '../../src/clouds/machines/ssh/host-keys.ts';
import type { LoginKey } from './machine-client.ts';

export const SSH_PORT = 2_222;
const BYTE = 256;
const NETWORK = 64;

/** A machine with a key that opens it. */
export interface TestMachine {
  readonly machine: Machine;
  readonly ipv4: string;
  readonly key: LoginKey;
}

/** A host of machines in a folder of its own; `close` removes it. */
export interface MachineWorld {
  readonly host: LocalMachineHost;
  readonly stateDir: string;
  readonly lines: string[];
  /** A machine that was never switched on. */
  make(id: string, order?: Partial<MachineOrder>): Promise<TestMachine>;
  /** One that answers SSH. */
  boot(id: string, order?: Partial<MachineOrder>): Promise<TestMachine>;
  close(): Promise<void>;
}

let addresses = 0;

/** No two tests that run at the same time share addresses. */
export function nextAddress(): string {
  addresses += 1;
  const [high, low] = [Math.floor(process.pid / BYTE) % BYTE, process.pid % BYTE];
  return `127.${NETWORK + (high % NETWORK)}.${low}.${addresses}`;
}

export function userDataWith(key: LoginKey, more = ''): string {
  return `#cloud-config\nssh_authorized_keys:\n  - ${key.publicLine}\n${more}`;
}

export async function openMachineWorld(
  options: Partial<MachineHostOptions> = {},
): Promise<MachineWorld> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'machines-')));
  const lines: string[] = [];
  const host = await createMachineHost({
    stateDir,
    sshPort: SSH_PORT,
    bootDelayMs: 0,
    sandbox: 'bubblewrap',
    demoScripts: new Set(),
    log: (line) => lines.push(line),
    ...options,
  });
  async function make(id: string, order: Partial<MachineOrder> = {}): Promise<TestMachine> {
    const key = newSshKey();
    const ipv4 = order.ipv4 ?? nextAddress();
    const machine = await host.prepare({
      ...{ id, hostname: id, memoryMb: 2_048, diskGb: 10, userData: userDataWith(key) },
      ...order,
      ipv4,
    });
    return { machine, ipv4, key };
  }
  return {
    ...{ host, stateDir, lines, make },
    boot: async (id, order) => {
      const made = await make(id, order);
      await made.machine.powerOn();
      return made;
    },
    close: async () => {
      await host.close();
      if (options.stateDir === undefined) await rm(stateDir, { recursive: true, force: true });
    },
  };
}
