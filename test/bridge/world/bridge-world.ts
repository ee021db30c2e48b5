import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actor, HttpAgent, type Identity } from '@dfinity/agent';
import { BridgeProcess } from '../../../scripts/start/demo/bridge-process.ts';
import type { PersonsCalls } from '../../../scripts/start/demo/demo-calls.ts';
import type { DemoOffer } from '../../../scripts/start/demo/demo-offers.ts';
import type { SeededSeller } from '../../../scripts/start/demo/seed-market.ts';
import { createAgentFolder } from '../../../offchain-bridge/src/secrets/agent-folder.ts';
import { identityOf } from '../../../offchain-bridge/src/secrets/agent-identity.ts';
import { startChaosNetwork, type ChaosNetwork } from '../../chaos/world/chaos-network.ts';
import type { BridgeCloud, CloudProject } from './bridge-cloud.ts';
import { openOffers, sellerOf, type WorldRecipe } from './bridge-market.ts';

/** What bridges and the world need to know of a cloud. */
export interface WorldCloud {
  /** How bridges reach it. */
  readonly bridgeEnv: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface BridgeWorldOptions<Cloud extends WorldCloud = BridgeCloud> {
  readonly seed: number;
  /** Starts the cloud with these projects; its files are in the folder. */
  readonly cloud: (folder: string, projects: readonly CloudProject[]) => Promise<Cloud>;
  readonly bridges: number;
  /** Each has a project of the same name at the cloud, and one offer. */
  readonly sellers: readonly WorldSeller[];
  readonly recipes: readonly WorldRecipe[];
  /** `BRIDGE_<NAME>` of the bridges, besides what they need. */
  readonly bridgeEnv?: Readonly<Record<string, string>>;
}

export interface WorldSeller {
  readonly name: string;
  readonly offers: readonly DemoOffer[];
}

/** A market that real bridges work, with nothing rented yet. */
export interface BridgeWorld<Cloud extends WorldCloud = BridgeCloud> {
  readonly network: ChaosNetwork;
  readonly cloud: Cloud;
  readonly agent: WorldAgent;
  /** Those that work now. */
  bridges(): readonly BridgeProcess[];
  /** Logs of the bridges. */
  readonly logDir: string;
  seller(name: string): SeededSeller;
  project(name: string): CloudProject;
  /** By its title. */
  offer(title: string): bigint;
  /** Calls as that person. Not to be kept while time passes. */
  as(identity: Identity): Promise<PersonsCalls>;
  /** At once, while no bridge works: leases run by the network's clock. */
  letPass(durationNs: bigint): Promise<void>;
  /** Ends those that work now and starts as many; `bridgeEnv` replaces what the world was given. */
  restartBridges(bridgeEnv: Readonly<Record<string, string>>): Promise<void>;
  /** Ends all of it, and whatever the machines were running. */
  close(): Promise<void>;
}

export type WorldAgent = Parameters<typeof sellerOf>[1]['agent'];

const TOKEN_LENGTH = 64;

/** Starts it. Errors: throws, with what to do, where machines cannot be isolated; then all has ended. */
export async function startBridgeWorld<Cloud extends WorldCloud>(
  options: BridgeWorldOptions<Cloud>,
): Promise<BridgeWorld<Cloud>> {
  const folder = mkdtempSync(join(tmpdir(), 'decent-cloud-bridge-'));
  const endings: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await begin(options, folder, endings)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function begin<Cloud extends WorldCloud>(
  options: BridgeWorldOptions<Cloud>,
  folder: string,
  endings: (() => Promise<void>)[],
): Promise<Omit<BridgeWorld<Cloud>, 'close'>> {
  const projects = options.sellers.map(({ name }, index) => projectOf(name, index));
  const cloud = await options.cloud(folder, projects);
  endings.push(() => cloud.close());
  const network = await startChaosNetwork(options.seed);
  endings.push(() => network.close());
  const keysDir = join(folder, 'keys');
  const keys = await createAgentFolder(keysDir);
  const agent = { principal: identityOf(keys).getPrincipal(), ageRecipient: keys.ageRecipient };
  const sellers = new Map<string, SeededSeller>();
  for (const [index, seller] of options.sellers.entries()) {
    const cloudToken = projects[index]?.token ?? '';
    sellers.set(seller.name, await sellerOf(network, { ...seller, agent, cloudToken }));
  }
  const logDir = join(folder, 'logs');
  mkdirSync(logDir);
  let { bridgeEnv = {} } = options;
  const startAll = (): Promise<BridgeProcess[]> =>
    startBridges({ bridges: options.bridges, bridgeEnv, network, cloud, keysDir, logDir });
  let bridges = await startAll();
  endings.push(() => stopAll(bridges));
  const persons = new Map<string, Promise<PersonsCalls>>();
  const offers = await openOffers(network, [...sellers.values()], options.recipes);
  return {
    network,
    cloud,
    agent,
    logDir,
    bridges: () => bridges,
    seller: (name) => known(sellers.get(name), name),
    project: (name) =>
      known(
        projects.find((one) => one.name === name),
        name,
      ),
    offer: (title) => known(offers.get(title), title),
    as: (identity) => {
      const key = identity.getPrincipal().toText();
      const calls = persons.get(key) ?? callsNow(network, identity);
      persons.set(key, calls);
      return calls;
    },
    letPass: async (durationNs) => {
      await stopAll(bridges);
      await network.letPass(durationNs);
      persons.clear();
      bridges = await startAll();
    },
    restartBridges: async (env) => {
      bridgeEnv = env;
      await stopAll(bridges);
      bridges = await startAll();
    },
  };
}

/** Dated by the network's time, which may have passed faster than this computer's. */
async function callsNow(network: ChaosNetwork, identity: Identity): Promise<PersonsCalls> {
  const calls = network.as(identity);
  const agent = Actor.agentOf(calls.rental);
  if (!(agent instanceof HttpAgent)) throw new Error('BUG: an actor without an agent');
  await agent.syncTime(network.deployment.rental);
  return calls;
}

async function startBridges({
  bridges,
  bridgeEnv,
  network,
  cloud,
  keysDir,
  logDir,
}: {
  readonly bridges: number;
  readonly bridgeEnv: Readonly<Record<string, string>>;
  readonly network: ChaosNetwork;
  readonly cloud: WorldCloud;
  readonly keysDir: string;
  readonly logDir: string;
}): Promise<BridgeProcess[]> {
  const names = Array.from({ length: bridges }, (_, index) => `bridge-${index + 1}`);
  const starts = await Promise.allSettled(
    names.map((name) =>
      BridgeProcess.start({
        env: {
          BRIDGE_DIR: keysDir,
          BRIDGE_PORT: '0',
          BRIDGE_NETWORK_URL: network.url,
          BRIDGE_ROOT_KEY: network.rootKeyHex,
          BRIDGE_RENTAL_CANISTER: network.deployment.rental.toText(),
          BRIDGE_WORKER: name,
          ...cloud.bridgeEnv,
          ...bridgeEnv,
        },
        logFile: join(logDir, `${name}.log`),
      }),
    ),
  );
  const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed === undefined) return started;
  await stopAll(started);
  throw failed.reason;
}

async function stopAll(bridges: readonly BridgeProcess[]): Promise<void> {
  await Promise.all(bridges.map((bridge) => bridge.stop()));
}

function projectOf(name: string, index: number): CloudProject {
  const token = (letter: string): string =>
    `${index.toString(16)}${letter}`.padEnd(TOKEN_LENGTH, letter);
  return { name, token: token('w'), readOnlyToken: token('r') };
}

function known<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new Error(`this world has no ${name}`);
  return found;
}
