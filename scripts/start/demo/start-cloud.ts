import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startHetznerCloud } from '@decent-cloud/localnet/clouds/hetzner/start-hetzner-cloud.ts';
import { createMachineHost } from '@decent-cloud/localnet/clouds/machines/create-machine-host.ts';
import { CLOUD_FOLDERS } from '../forget-local-cloud.ts';
import type { CloudChoice } from '../options.ts';
import { BootTimes } from './boot-times.ts';
import { claimAddresses } from './claim-addresses.ts';
import { keptIn } from './demo-keys.ts';
import { demoScripts } from './demo-scripts.ts';

/** Where machines of the local cloud answer SSH: 22 is this computer's own. */
const LOCAL_SSH_PORT = 2_222;
const BOOT_MS = 20_000;
const TOKEN_BYTES = 32;
const SERVER_ENDPOINTS = /^[A-Z]+ \/(servers|actions)/;

/** A cloud with a project for each seller. */
export interface DemoCloud {
  /** By the seller's key; a seller without one is left out. */
  readonly tokens: ReadonlyMap<string, string>;
  /** How bridges reach it. */
  readonly bridgeEnv: Readonly<Record<string, string>>;
  /** What only the stand-in knows. */
  readonly behindTheScenes: CloudInsight | undefined;
  close(): Promise<void>;
}

export interface CloudInsight {
  /** Requests about servers that it has had so far; reading what is sold does not count. */
  requests(): number;
  /** From the order until SSH answered, by the server's name; undefined before. */
  providerMs(serverName: string): number | undefined;
}

/** Hetzner itself, for the first seller. */
export function realCloud(
  { token, url }: Extract<CloudChoice, { kind: 'hetzner' }>,
  seller: string,
): DemoCloud {
  return {
    tokens: new Map([[seller, token]]),
    bridgeEnv: url === undefined ? {} : { BRIDGE_HETZNER_URL: url },
    behindTheScenes: undefined,
    close: () => Promise.resolve(),
  };
}

/** Starts the stand-in cloud with the servers that it had. `timeFactor` 1 is as slow as the real cloud. */
export async function startDemoCloud(options: {
  readonly stateDir: string;
  readonly timeFactor: number;
  readonly sellers: readonly string[];
  readonly log: (line: string) => void;
}): Promise<DemoCloud> {
  const { stateDir, timeFactor, sellers, log } = options;
  const tokens = new Map(sellers.map((key) => [key, tokenOf(stateDir, key)]));
  const addresses = await claimAddresses(stateDir);
  let turnedOff: (server: number) => void = () => undefined;
  const machines = new BootTimes(
    await createMachineHost({
      stateDir: join(stateDir, CLOUD_FOLDERS.machines),
      sshPort: LOCAL_SSH_PORT,
      bootDelayMs: Math.round(BOOT_MS * timeFactor),
      sandbox: 'auto',
      demoScripts: demoScripts(),
      log,
      onGuestPower: (id, action) => {
        if (action === 'poweroff') turnedOff(Number(id));
      },
    }),
  );
  const cloud = await startHetznerCloud({
    projects: [...tokens].map(([name, token]) => ({ name, tokens: [token] })),
    machines,
    timeFactor,
    stateDir: join(stateDir, CLOUD_FOLDERS.cloud),
    addressPrefix: addresses.prefix,
    onProblem: log,
  });
  turnedOff = (server) => {
    cloud.control.setPower(server, false);
  };
  return {
    tokens,
    bridgeEnv: {
      BRIDGE_HETZNER_URL: cloud.endpoint,
      BRIDGE_SSH_PORT: LOCAL_SSH_PORT.toString(),
    },
    behindTheScenes: {
      requests: () =>
        cloud
          .requests()
          .filter(({ endpoint }) => SERVER_ENDPOINTS.test(endpoint))
          .reduce((sum, { count }) => sum + count, 0),
      providerMs: (serverName) => {
        const server = cloud.servers().find(({ name }) => name === serverName);
        const readyAtMs = server === undefined ? undefined : machines.readyAtMs(String(server.id));
        if (server === undefined || readyAtMs === undefined) return undefined;
        return readyAtMs - server.createdAtMs;
      },
    },
    close: async () => {
      await cloud.close();
      await machines.close();
      addresses.release();
    },
  };
}

/** A token as the cloud makes them: 64 letters and digits. */
function tokenOf(stateDir: string, seller: string): string {
  return keptIn(join(stateDir, 'demo'), `${seller}.cloud-token`, () =>
    randomBytes(TOKEN_BYTES).toString('hex'),
  );
}
