import { join } from 'node:path';
import process from 'node:process';
import {
  startHetznerCloud,
  type HetznerCloud,
} from '@decent-cloud/localnet/clouds/hetzner/start-hetzner-cloud.ts';
import { createMachineHost } from '@decent-cloud/localnet/clouds/machines/create-machine-host.ts';
import { BootTimes } from '../../../scripts/start/demo/boot-times.ts';

/** Where machines answer SSH. */
const SSH_PORT = 2_222;
const BOOT_MS = 20_000;

/** A seller's project at the simulated cloud, with one token of each kind. */
export interface CloudProject {
  readonly name: string;
  readonly token: string;
  readonly readOnlyToken: string;
}

export interface BridgeCloudOptions {
  /** 1 is as slow as the real cloud. */
  readonly timeFactor: number;
  /** The first two bytes of machines' addresses: worlds at the same time need different ones. */
  readonly addressPrefix: string;
}

/** The simulated cloud with its machines, which are isolated: any recipe may run. */
export interface BridgeCloud {
  readonly hetzner: HetznerCloud;
  readonly boots: BootTimes;
  /** How bridges reach it. */
  readonly bridgeEnv: Readonly<Record<string, string>>;
  /** Where a machine has its files. */
  folderOf(serverId: number): string;
  close(): Promise<void>;
}

/** Starts one in a folder. Errors: throws, with what to do, where machines cannot be isolated. */
export function bridgeCloud(options: BridgeCloudOptions) {
  return (folder: string, projects: readonly CloudProject[]): Promise<BridgeCloud> =>
    start(options, folder, projects);
}

async function start(
  { timeFactor, addressPrefix }: BridgeCloudOptions,
  folder: string,
  projects: readonly CloudProject[],
): Promise<BridgeCloud> {
  const stateDir = join(folder, 'machines');
  const machines = await createMachineHost({
    stateDir,
    sshPort: SSH_PORT,
    bootDelayMs: Math.round(BOOT_MS * timeFactor),
    sandbox: 'bubblewrap',
    demoScripts: new Set(),
    log: () => undefined,
  }).catch((error: unknown) => {
    throw new Error(
      'These machines run recipes that may do anything, so they have to be isolated. `npm test` ' +
        'installs what that takes; by hand: apt-get install bubblewrap.',
      { cause: error },
    );
  });
  const boots = new BootTimes(machines);
  const hetzner = await startHetznerCloud({
    projects: projects.map(({ name, token, readOnlyToken }) => ({
      name,
      tokens: [token],
      readOnlyTokens: [readOnlyToken],
    })),
    machines: boots,
    timeFactor,
    addressPrefix,
    onProblem: (problem) => void process.stderr.write(`simulated cloud: ${problem}\n`),
  });
  return {
    hetzner,
    boots,
    bridgeEnv: { BRIDGE_HETZNER_URL: hetzner.endpoint, BRIDGE_SSH_PORT: SSH_PORT.toString() },
    folderOf: (serverId) => join(stateDir, serverId.toString()),
    close: async () => {
      await hetzner.close();
      await machines.close();
    },
  };
}
