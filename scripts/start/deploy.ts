import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpAgent, type Identity } from '@dfinity/agent';
import type { Ed25519KeyIdentity } from '@dfinity/identity';
import { Principal } from '@dfinity/principal';
import { CANISTERS, layoutOf, type CanisterName } from '../canisters/layout.ts';
import { PAGE_FOLDER } from './build.ts';
import { forgetCanisterIds, readCanisterIds, writeCanisterIds } from './canister-ids.ts';
import { configurePrices } from './configure-prices.ts';
import { configure, type StoredRecord } from './configure.ts';
import { createCanister, deployCanister, type DeployAction } from './deploy-canister.ts';
import { fetchHealth } from './health.ts';
import { NETWORK_FILE, PAGE_NAME } from './names.ts';
import type { RunningNetwork } from './network.ts';
import { uploadPage } from './upload-page.ts';
import { connect, type Deployment } from './wire.ts';

export interface DeployedCanister {
  readonly name: CanisterName;
  readonly canisterId: Principal;
  readonly action: DeployAction;
  /** As the canister itself answered a query. */
  readonly version: string;
  /** What its `/healthz` said through the gateway. */
  readonly health: string;
  readonly record: string;
}

export interface DeployOptions {
  readonly network: RunningNetwork;
  readonly stateDir: string;
  readonly identity: Ed25519KeyIdentity;
  /** The bridges. */
  readonly agent: Principal;
}

/** Deploys what changed, then has every canister answer in every way a user will ask it. */
export async function deployEverything(options: DeployOptions): Promise<DeployedCanister[]> {
  const { network, stateDir, identity } = options;
  if (!network.isRestored) forgetCanisterIds(stateDir);
  const agent = agentOf(network, identity);
  const deployment = await createMissing(agent, stateDir);
  network.names.register(PAGE_NAME, network.pageId);
  for (const name of CANISTERS) network.names.register(name, deployment[name]);
  const actions = new Map<CanisterName, DeployAction>();
  for (const name of CANISTERS) {
    const wasmFile = layoutOf(name).output.gzippedWasm;
    actions.set(name, await deployCanister({ agent, canisterId: deployment[name], wasmFile }));
  }
  const description = networkFile(network, deployment);
  writeFileSync(join(stateDir, NETWORK_FILE), description);
  const extraFiles = new Map([[`/${NETWORK_FILE}`, description]]);
  await uploadPage({ agent, canisterId: network.pageId, folder: PAGE_FOLDER, extraFiles });
  return prove({ agent, identity, network, deployment, actions, bridges: options.agent });
}

async function createMissing(agent: HttpAgent, stateDir: string): Promise<Deployment> {
  const ids: Record<string, string> = { ...readCanisterIds(stateDir) };
  const idOf = async (name: CanisterName): Promise<Principal> => {
    const known = ids[name];
    if (known !== undefined) return Principal.fromText(known);
    const created = await createCanister(agent);
    ids[name] = created.toText();
    writeCanisterIds(stateDir, ids);
    return created;
  };
  return {
    rental: await idOf('rental'),
    treasury: await idOf('treasury'),
    'token-value': await idOf('token-value'),
    archive: await idOf('archive'),
  };
}

function networkFile(network: RunningNetwork, deployment: Deployment): Uint8Array {
  const { port } = new URL(network.url);
  const content = {
    network: 'local',
    gatewayUrl: `http://localhost:${port}`,
    rootKey: network.rootKeyHex,
    canisters: Object.fromEntries(CANISTERS.map((name) => [name, deployment[name].toText()])),
    identityProvider: network.identityProvider,
  };
  return new TextEncoder().encode(`${JSON.stringify(content, undefined, 2)}\n`);
}

function agentOf({ url: host, rootKeyHex }: RunningNetwork, identity: Identity): HttpAgent {
  return HttpAgent.createSync({ host, identity, rootKey: Buffer.from(rootKeyHex, 'hex') });
}

interface ProofOptions {
  readonly agent: HttpAgent;
  readonly identity: Identity;
  readonly network: RunningNetwork;
  readonly deployment: Deployment;
  readonly actions: ReadonlyMap<CanisterName, DeployAction>;
  readonly bridges: Principal;
}

async function prove(options: ProofOptions): Promise<DeployedCanister[]> {
  const { network, deployment, actions, bridges } = options;
  const { 'token-value': tokenValue } = connect(options.agent, deployment);
  const { isKept: arePricesKept } = await configurePrices(tokenValue);
  await network.catchUp();
  // Another one: the first has learned a time that has passed.
  const agent = agentOf(network, options.identity);
  const clients = connect(agent, deployment);
  const operator = options.identity.getPrincipal();
  const records = await configure(clients, {
    deployment,
    operator,
    platformAgents: [operator, bridges],
    arePricesKept,
  });
  return Promise.all(
    CANISTERS.map(async (name) => ({
      name,
      canisterId: deployment[name],
      action: actions.get(name) ?? 'unchanged',
      version: await clients[name].version(),
      health: await fetchHealth(network.url, deployment[name]),
      record: recordText(records.find((record) => record.canister === name)),
    })),
  );
}

function recordText(record: StoredRecord | undefined): string {
  if (record === undefined) return 'no record';
  return `${record.text} (${record.isKept ? 'kept' : 'written'})`;
}
