import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createAgentFolder } from '../../../offchain-bridge/src/secrets/agent-folder.ts';
import { identityOf } from '../../../offchain-bridge/src/secrets/agent-identity.ts';
import { KillCoverage, type FateShares } from '../fates.ts';
import { randomFor } from '../sub-seed.ts';
import { BridgeKeeper } from './bridge-keeper.ts';
import { bundleBridge } from './bundle-bridge.ts';
import { SSH_PORT, startChaosClouds, type ChaosClouds } from './chaos-clouds.ts';
import { openMarket, seedSellers, type ChaosMarket } from './chaos-market.ts';
import { startChaosNetwork, type ChaosNetwork } from './chaos-network.ts';
import { LeaseWatch } from './lease-watch.ts';
import { openLifeline, type Lifeline } from './lifeline.ts';

const NS_PER_MS = 1_000_000n;
/** All together ask for jobs that often. */
const POLL_MS = 400;
/** Before and after these lies what could be done twice, or be forgotten. */
const BETWEEN_STEPS = /^(POST|DELETE) |report_step/;
const SWEEP_EVERY_MS = 15_000;

export interface ChaosWorldOptions {
  readonly seed: number;
  readonly bridges: number;
  readonly shares: FateShares;
  readonly kills: KillPlan;
  /** Takes everything that is kept in files. */
  readonly folder: string;
  /** Ends the start before its time. */
  readonly signal: AbortSignal;
}

/** How often bridges are killed at most, all together, and at which requests. */
export interface KillPlan {
  readonly most: number;
  readonly at: (kind: string) => boolean;
  /** After a death none dies for so long at most, mostly much less, but between two steps of a job. */
  readonly restMaxMs: number;
}

/** Everything that a simulated market runs on. */
export interface ChaosWorld {
  readonly network: ChaosNetwork;
  readonly clouds: ChaosClouds;
  readonly market: ChaosMarket;
  readonly keepers: readonly BridgeKeeper[];
  readonly leases: LeaseWatch;
  readonly coverage: KillCoverage;
  /** Logs of the bridges. */
  readonly logDir: string;
  /** Ends all of it. Of its files only the logs stay. */
  close(): Promise<void>;
}

/** Starts a world in which bridges have just begun to work, and nothing was rented yet. */
export async function startChaosWorld(options: ChaosWorldOptions): Promise<ChaosWorld> {
  const { folder, seed, signal } = options;
  const endings: Ending[] = [];
  const close = (): Promise<void> => endAll(endings, folder);
  try {
    const lifeline = await openLifeline();
    endings.push(() => lifeline.close());
    const network = await startChaosNetwork(seed);
    endings.push(() => network.close());
    signal.throwIfAborted();
    const clouds = await startChaosClouds(folder, seed);
    endings.push(() => clouds.close());
    signal.throwIfAborted();
    return await populate({ ...options, lifeline, network, clouds, endings, close });
  } catch (error) {
    await close();
    throw error;
  }
}

type Ending = () => Promise<unknown>;

/** What began last ends first. What cannot be ended does not keep the rest from it. */
async function endAll(endings: Ending[], folder: string): Promise<void> {
  const troubles: unknown[] = [];
  for (const end of endings.splice(0).reverse()) {
    try {
      await end();
    } catch (error) {
      troubles.push(error);
    }
  }
  for (const name of ['keys', 'machines', 'program']) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  if (troubles.length > 0) throw new AggregateError(troubles, 'not everything could be ended');
}

interface Begun extends ChaosWorldOptions {
  readonly lifeline: Lifeline;
  readonly network: ChaosNetwork;
  readonly clouds: ChaosClouds;
  readonly endings: Ending[];
  readonly close: ChaosWorld['close'];
}

async function populate(begun: Begun): Promise<ChaosWorld> {
  const { folder, network, clouds, endings, close } = begun;
  const leases = new LeaseWatch(network.replica, network.deployment.rental);
  const keysDir = join(folder, 'keys');
  const keys = await createAgentFolder(keysDir);
  const { ageRecipient } = keys;
  const sellers = await seedSellers(network, {
    principal: identityOf(keys).getPrincipal(),
    ageRecipient,
  });
  const coverage = new KillCoverage();
  const logDir = join(folder, 'logs');
  mkdirSync(logDir);
  const programDir = join(folder, 'program');
  mkdirSync(programDir);
  const program = await bundleBridge(programDir);
  const keepers = keepersOf(begun, { keysDir, logDir, coverage, program });
  endings.push(() => Promise.all(keepers.map((keeper) => keeper.close())));
  await Promise.all(keepers.map((keeper) => keeper.open()));
  begun.signal.throwIfAborted();
  const starts = await Promise.allSettled(keepers.map((keeper) => keeper.start()));
  for (const start of starts) if (start.status === 'rejected') throw start.reason;
  begun.signal.throwIfAborted();
  const market = await openMarket(network, sellers);
  network.pace();
  return { network, clouds, market, keepers, leases, coverage, logDir, close };
}

function keepersOf(
  { bridges, seed, shares, kills, network, clouds, lifeline }: Begun,
  more: {
    readonly keysDir: string;
    readonly logDir: string;
    readonly program: string;
    readonly coverage: KillCoverage;
  },
): readonly BridgeKeeper[] {
  const keepers: BridgeKeeper[] = [];
  const random = randomFor(seed, 'rests');
  let restUntilNs = 0n;
  const mayKill = (kind: string): boolean => {
    const nowNs = network.nowNs();
    const killed = keepers.reduce((sum, { deaths }) => sum + deaths.length, 0);
    // One has to be left that jobs can be handed over to.
    const living = keepers.filter(({ isLiving }) => isLiving).length;
    const isRested = nowNs >= restUntilNs || BETWEEN_STEPS.test(kind);
    const may = killed < kills.most && living > 1 && isRested && kills.at(kind);
    if (may)
      restUntilNs = nowNs + BigInt(Math.round(random.next() ** 2 * kills.restMaxMs)) * NS_PER_MS;
    return may;
  };
  for (let index = 1; index <= bridges; index += 1) {
    const keeper = new BridgeKeeper({
      name: `bridge-${index.toString()}`,
      seed,
      networkUrl: network.url,
      cloudEndpoint: clouds.endpoint,
      env: {
        BRIDGE_DIR: more.keysDir,
        BRIDGE_ROOT_KEY: network.rootKeyHex,
        BRIDGE_RENTAL_CANISTER: network.deployment.rental.toText(),
        BRIDGE_SSH_PORT: SSH_PORT.toString(),
        BRIDGE_POLL_MS: (bridges * POLL_MS).toString(),
        BRIDGE_SWEEP_EVERY_MS: SWEEP_EVERY_MS.toString(),
      },
      logDir: more.logDir,
      program: more.program,
      lifelinePort: lifeline.port,
      shares,
      coverage: more.coverage,
      mayKill,
      nowNs: () => network.nowNs(),
    });
    keepers.push(keeper);
  }
  return keepers;
}
