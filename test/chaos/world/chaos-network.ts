import { AnonymousIdentity, HttpAgent, type Identity } from '@dfinity/agent';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import type { Principal } from '@dfinity/principal';
import { installStandardCanisters } from '@decent-cloud/localnet/cli/standard-network.ts';
import { letTimePass } from '@decent-cloud/localnet/host/let-time-pass.ts';
import { serve } from '@decent-cloud/localnet/http/serve.ts';
import { createNode, type LocalnetNode } from '@decent-cloud/localnet/localnet-node.ts';
import { layoutOf, type CanisterName } from '../../../scripts/canisters/layout.ts';
import { configure } from '../../../scripts/start/configure.ts';
import { configurePrices } from '../../../scripts/start/configure-prices.ts';
import { createCanister, deployCanister } from '../../../scripts/start/deploy-canister.ts';
import { callsOf, type PersonsCalls } from '../../../scripts/start/demo/demo-calls.ts';
import { connect, type Clients, type Deployment } from '../../../scripts/start/wire.ts';
import { PacedClock } from './paced-clock.ts';

const NS_PER_MS = 1_000_000n;
const SEED_BYTES = 32;
/** Prices are made of half an hour. */
const BEHIND_NS = 31n * 60n * 1_000_000_000n;

/** A local network in this process, not kept on disk, with the market's canisters as `npm start` has them. */
export interface ChaosNetwork {
  readonly url: string;
  readonly rootKeyHex: string;
  readonly deployment: Deployment;
  readonly replica: LocalnetNode['replica'];
  /** Clients of the operator: controller of all canisters. */
  readonly operator: Clients;
  /** Calls as that person; without one as nobody, who owns every token at first. */
  as(identity?: Identity): PersonsCalls;
  nowNs(): bigint;
  /** From now on its time passes only while it gets the processor: see `PacedClock`. */
  pace(): void;
  /** How long it stood still since. */
  stoodStillMs(): number;
  /**
   * At once, with all that timers do in it. Nobody may hold a lease then: leases run by this clock. Clients
   * from before then know a time that has passed: make new ones.
   */
  letPass(durationNs: bigint): Promise<void>;
  close(): Promise<void>;
}

export async function startChaosNetwork(seed: number): Promise<ChaosNetwork> {
  const clock = new PacedClock();
  const node = createNode({
    seed: new Uint8Array(SEED_BYTES).fill(seed),
    nowNs: () => BigInt(clock.nowMs()) * NS_PER_MS - BEHIND_NS,
  });
  installStandardCanisters(node.replica);
  const server = await serve({ app: node.api, port: 0 });
  node.host.start();
  const rootKeyHex = Buffer.from(node.keys.rootKeyDer).toString('hex');
  const identity = Ed25519KeyIdentity.generate();
  const agentNow = (): HttpAgent =>
    HttpAgent.createSync({ host: server.url, identity, rootKey: Buffer.from(rootKeyHex, 'hex') });
  const agentOfThePast = agentNow();
  const deployment = await deploy(agentOfThePast);
  const { 'token-value': prices } = connect(agentOfThePast, deployment);
  const { isKept: arePricesKept } = await configurePrices(prices);
  await letTimePass(node.host, BEHIND_NS);
  let operator = connect(agentNow(), deployment);
  await configure(operator, {
    deployment,
    operator: identity.getPrincipal(),
    platformAgents: [identity.getPrincipal()],
    arePricesKept,
  });
  const network = { url: server.url, rootKeyHex };
  return {
    ...network,
    deployment,
    replica: node.replica,
    get operator() {
      return operator;
    },
    as: (who = new AnonymousIdentity()) => callsOf(network, deployment, who),
    nowNs: () => node.host.refreshTimeNs(),
    letPass: async (durationNs) => {
      await letTimePass(node.host, durationNs);
      // The one before has learned a time that has passed.
      const agent = agentNow();
      await agent.syncTime(deployment.rental);
      operator = connect(agent, deployment);
    },
    pace: () => clock.pace(),
    stoodStillMs: () => clock.stoodStillMs,
    close: async () => {
      clock.close();
      node.host.stop();
      await server.close();
    },
  };
}

async function deploy(agent: HttpAgent): Promise<Deployment> {
  const install = async (name: CanisterName): Promise<Principal> => {
    const canisterId = await createCanister(agent);
    await deployCanister({ agent, canisterId, wasmFile: layoutOf(name).output.gzippedWasm });
    return canisterId;
  };
  return {
    rental: await install('rental'),
    treasury: await install('treasury'),
    'token-value': await install('token-value'),
    archive: await install('archive'),
  };
}
