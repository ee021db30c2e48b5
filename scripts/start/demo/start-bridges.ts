import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import {
  createAgentFolder,
  readAgentFolder,
} from '@decent-cloud/offchain-bridge/secrets/agent-folder.ts';
import { identityOf } from '@decent-cloud/offchain-bridge/secrets/agent-identity.ts';
import type { RunningNetwork } from '../network.ts';
import { StartError } from '../start-error.ts';
import type { Deployment } from '../wire.ts';
import { BridgeProcess } from './bridge-process.ts';
import type { DemoAgent } from './seed-market.ts';

const WORKERS = ['bridge-one', 'bridge-two'];

/** Two processes of one identity: either goes on where the other stops. */
export interface DemoBridges {
  readonly urls: readonly string[];
  /** Requests that they have sent to clouds so far. */
  requests(): Promise<number>;
  close(): Promise<void>;
}

/** The identity that the bridges share; made at the first start. */
export async function loadAgent(stateDir: string): Promise<DemoAgent & { readonly dir: string }> {
  const dir = join(stateDir, 'demo', 'bridge-keys');
  if (!existsSync(dir)) await createAgentFolder(dir);
  const folder = await readAgentFolder(dir);
  if (folder.kind === 'invalid') throw new StartError(folder.problems.join('\n'));
  const { ageRecipient } = folder.keys;
  return { dir, principal: identityOf(folder.keys).getPrincipal(), ageRecipient };
}

/** Starts them; their logs are in the state directory. */
export async function startBridges(options: {
  readonly network: RunningNetwork;
  readonly deployment: Deployment;
  readonly stateDir: string;
  readonly keysDir: string;
  /** `BRIDGE_<NAME>` settings that depend on the cloud. */
  readonly cloudEnv: Readonly<Record<string, string>>;
}): Promise<DemoBridges> {
  const { network, deployment, stateDir, keysDir, cloudEnv } = options;
  const started = await Promise.allSettled(
    WORKERS.map((worker) =>
      BridgeProcess.start({
        env: {
          ...settingsOf(process.env),
          BRIDGE_DIR: keysDir,
          BRIDGE_PORT: '0',
          BRIDGE_NETWORK_URL: network.url,
          BRIDGE_ROOT_KEY: network.rootKeyHex,
          BRIDGE_RENTAL_CANISTER: deployment.rental.toText(),
          BRIDGE_WORKER: worker,
          ...cloudEnv,
        },
        logFile: join(stateDir, `${worker}.log`),
      }),
    ),
  );
  const bridges = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all(bridges.map((bridge) => bridge.stop()));
  };
  const failed = started.find((one) => one.status === 'rejected');
  const urls = bridges.map(({ url }) => url);
  if (failed === undefined) return { urls, requests: () => requestsOf(urls), close };
  await close();
  throw failed.reason;
}

/** What the user set for bridges; where things are is not theirs to say here. */
function settingsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith('BRIDGE_') && value !== undefined ? [[name, value]] : [],
    ),
  );
}

const statusSchema = z.object({
  accounts: z.array(z.object({ api: z.object({ requests: z.number() }).optional() })),
});

async function requestsOf(urls: readonly string[]): Promise<number> {
  const statuses = await Promise.all(
    urls.map(async (url) => statusSchema.parse(await (await fetch(`${url}/status`)).json())),
  );
  return statuses
    .flatMap(({ accounts }) => accounts)
    .reduce((sum, { api }) => sum + (api?.requests ?? 0), 0);
}
