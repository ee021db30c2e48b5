import type { CloudChoice } from '../options.ts';
import type { RunningNetwork } from '../network.ts';
import type { Deployment } from '../wire.ts';
import { DEMO_SELLERS } from './demo-offers.ts';
import { openDemoMarket, rentOnce, type DemoFigures, type DemoWorld } from './run-demo.ts';
import { startBridges, type DemoBridges } from './start-bridges.ts';
import { realCloud, startDemoCloud, type DemoCloud } from './start-cloud.ts';
import type { DemoAgent } from './seed-market.ts';

export interface MarketOptions {
  readonly network: RunningNetwork;
  readonly deployment: Deployment;
  readonly stateDir: string;
  readonly agent: DemoAgent & { readonly dir: string };
  readonly choice: CloudChoice;
  readonly print: (line: string) => void;
}

/** A market with a cloud, bridges, sellers, recipes and offers. */
export interface RunningMarket {
  readonly bridgeUrls: readonly string[];
  /** Fills it with what is not there yet. */
  open(): Promise<void>;
  /** `isToEnd`: cancels it afterwards, and waits until its server is deleted. */
  rentOnce(how: { readonly isToEnd: boolean }): Promise<DemoFigures>;
  close(): Promise<void>;
}

/** Starts the cloud and the bridges; what was started ends if anything fails. */
export async function startMarket(options: MarketOptions): Promise<RunningMarket> {
  const { network, deployment, stateDir, agent, print } = options;
  const cloud = await cloudFor(options);
  let bridges: DemoBridges;
  try {
    bridges = await startBridges({
      network,
      deployment,
      stateDir,
      keysDir: agent.dir,
      cloudEnv: cloud.bridgeEnv,
    });
  } catch (error) {
    await cloud.close();
    throw error;
  }
  const world: DemoWorld = { network, deployment, stateDir, cloud, bridges, agent, print };
  return {
    bridgeUrls: bridges.urls,
    open: () => openDemoMarket(world),
    rentOnce: (how) => rentOnce(world, how),
    close: async () => {
      await bridges.close();
      await cloud.close();
    },
  };
}

function cloudFor({ choice, stateDir, print }: MarketOptions): Promise<DemoCloud> {
  const [first = ''] = DEMO_SELLERS.map(({ key }) => key);
  if (choice.kind === 'hetzner') return Promise.resolve(realCloud(choice, first));
  return startDemoCloud({
    stateDir,
    timeFactor: choice.delay,
    sellers: DEMO_SELLERS.map(({ key }) => key),
    log: print,
  });
}
