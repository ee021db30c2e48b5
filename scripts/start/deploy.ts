import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpAgent } from '@dfinity/agent';
import type { Ed25519KeyIdentity } from '@dfinity/identity';
import { Principal } from '@dfinity/principal';
import { CANISTERS, layoutOf, type CanisterName } from '../canisters/layout.ts';
import { PAGE_FOLDER } from './build.ts';
import { forgetCanisterIds, readCanisterIds, writeCanisterIds } from './canister-ids.ts';
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
}

/** Deploys what changed, then has every canister answer in every way a user will ask it. */
export async function deployEverything(options: DeployOptions): Promise<DeployedCanister[]> {
  const { network, stateDir, identity } = options;
  const { url: host } = network;
  const rootKey = Buffer.from(network.rootKeyHex, 'hex');
  if (!network.isRestored) forgetCanisterIds(stateDir);
  const agent = HttpAgent.createSync({ host, identity, rootKey });
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
  return prove({ agent, network, deployment, actions });
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
  };
  return new TextEncoder().encode(`${JSON.stringify(content, undefined, 2)}\n`);
}

interface ProofOptions {
  readonly agent: HttpAgent;
  readonly network: RunningNetwork;
  readonly deployment: Deployment;
  readonly actions: ReadonlyMap<CanisterName, DeployAction>;
}

async function prove(options: ProofOptions): Promise<DeployedCanister[]> {
  const { agent, network, deployment, actions } = options;
  const clients = connect(agent, deployment);
  const operator = await agent.getPrincipal();
  const letTimePass = (durationNs: bigint) => network.letTimePass(durationNs);
  const records = await configure(clients, { deployment, operator, letTimePass });
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
