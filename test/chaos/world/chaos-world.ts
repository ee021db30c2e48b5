import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgentFolder } from '../../../offchain-bridge/src/secrets/agent-folder.ts';
import { identityOf } from '../../../offchain-bridge/src/secrets/agent-identity.ts';
import { KillCoverage, type FateShares } from '../fates.ts';
import { BridgeKeeper } from './bridge-keeper.ts';
import { SSH_PORT, startChaosClouds, type ChaosClouds } from './chaos-clouds.ts';
import { openMarket, seedSellers, type ChaosMarket } from './chaos-market.ts';
import { startChaosNetwork, type ChaosNetwork } from './chaos-network.ts';
import { LeaseWatch } from './lease-watch.ts';

const POLL_MS = 500;
const SWEEP_EVERY_MS = 10_000;

export interface ChaosWorldOptions {
  readonly seed: number;
  readonly bridges: number;
  readonly shares: FateShares;
  readonly kills: KillPlan;
}

/** How often bridges are killed at most, all together, and at which requests. */
export interface KillPlan {
  readonly most: number;
  readonly at: (kind: string) => boolean;
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
  /** Ends all of it. The folder with the logs stays if something has to be looked at. */
  close(keepsLogs: boolean): Promise<void>;
}

/** Starts a world in which bridges have just begun to work, and nothing was rented yet. */
export async function startChaosWorld(options: ChaosWorldOptions): Promise<ChaosWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'decent-cloud-chaos-'));
  const endings: (() => Promise<void>)[] = [];
  const close = async (keepsLogs: boolean): Promise<void> => {
    for (const end of endings.reverse()) await end();
    if (!keepsLogs) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const network = await startChaosNetwork(options.seed);
    endings.push(() => network.close());
    const clouds = await startChaosClouds(folder, options.seed);
    endings.push(() => clouds.close());
    return await populate({ ...options, folder, network, clouds, endings, close });
  } catch (error) {
    await close(true);
    throw error;
  }
}

interface Begun extends ChaosWorldOptions {
  readonly folder: string;
  readonly network: ChaosNetwork;
  readonly clouds: ChaosClouds;
  readonly endings: (() => Promise<void>)[];
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
  const keepers = keepersOf(begun, { keysDir, logDir, coverage });
  for (const keeper of keepers) {
    await keeper.open();
    endings.push(() => keeper.close());
  }
  const starts = await Promise.allSettled(keepers.map((keeper) => keeper.start()));
  for (const start of starts) if (start.status === 'rejected') throw start.reason;
  const market = await openMarket(network, sellers);
  return { network, clouds, market, keepers, leases, coverage, logDir, close };
}

function keepersOf(
  { bridges, seed, shares, kills, network, clouds }: Begun,
  more: { readonly keysDir: string; readonly logDir: string; readonly coverage: KillCoverage },
): readonly BridgeKeeper[] {
  const keepers: BridgeKeeper[] = [];
  const mayKill = (kind: string): boolean => {
    const killed = keepers.reduce((sum, { deaths }) => sum + deaths.length, 0);
    // One has to be left that jobs can be handed over to.
    const living = keepers.filter(({ isLiving }) => isLiving).length;
    return killed < kills.most && living > 1 && kills.at(kind);
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
        BRIDGE_POLL_MS: POLL_MS.toString(),
        BRIDGE_SWEEP_EVERY_MS: SWEEP_EVERY_MS.toString(),
      },
      logDir: more.logDir,
      shares,
      coverage: more.coverage,
      mayKill,
      nowNs: () => network.nowNs(),
    });
    keepers.push(keeper);
  }
  return keepers;
}
