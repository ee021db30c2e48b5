import { Actor, CanisterStatus, HttpAgent, SubnetStatus } from '@icp-sdk/core/agent';
import { IDL } from '@icp-sdk/core/candid';
import { Ed25519KeyIdentity } from '@icp-sdk/core/identity';
import { Principal } from '@icp-sdk/core/principal';
import { Principal as LocalPrincipal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve, type RunningServer } from '../src/http/serve.ts';
import type { LocalnetNode } from '../src/localnet-node.ts';
import { counterService, nativeCounter, type CounterActor } from './support/native-counter.ts';
import { testNode } from './support/test-node.ts';

const COUNTER = 'be2us-64aaa-aaaaa-qaabq-cai';

let node: LocalnetNode;
let server: RunningServer;
const requested: string[] = [];

beforeAll(async () => {
  node = testNode();
  node.replica.installNative(LocalPrincipal.fromText(COUNTER), nativeCounter(), 10n ** 15n);
  node.host.start();
  server = await serve({ app: node.api, port: 0 });
});

afterAll(async () => {
  node.host.stop();
  await server.close();
});

function newAgent(identity?: Ed25519KeyIdentity): Promise<HttpAgent> {
  const recordingFetch: typeof fetch = (input, init) => {
    requested.push(new URL(String(input instanceof Request ? input.url : input)).pathname);
    return fetch(input, init);
  };
  return HttpAgent.create({
    host: server.url,
    shouldFetchRootKey: true,
    retryTimes: 0,
    fetch: recordingFetch,
    ...(identity && { identity }),
  });
}

describe('@icp-sdk/core', () => {
  it('makes certified updates and verified queries through v4 and v3', async () => {
    const identity = Ed25519KeyIdentity.generate();
    const agent = await newAgent(identity);
    const idl = IDL as unknown as Parameters<typeof counterService>[0];
    const actor = Actor.createActor<CounterActor>(
      () => counterService(idl) as unknown as IDL.ServiceClass,
      { agent, canisterId: COUNTER },
    );
    expect(await actor.inc()).toBe(1n);
    expect(await actor.get()).toBe(1n);
    expect((await actor.whoami()).toText()).toBe(identity.getPrincipal().toText());
    await expect(actor.fail('no luck')).rejects.toThrow(/no luck/);
    expect(requested).toContain(`/api/v4/canister/${COUNTER}/call`);
    expect(requested).toContain(`/api/v3/canister/${COUNTER}/query`);
    expect(requested).toContain(`/api/v3/canister/${COUNTER}/read_state`);
  });

  it('reads canister and subnet information', async () => {
    const agent = await newAgent();
    const canisterId = Principal.fromText(COUNTER);
    const paths: CanisterStatus.Path[] = ['time', 'candid', 'module_hash'];
    const status = await CanisterStatus.request({ agent, canisterId, paths });
    expect(status.get('candid')).toContain('inc : () -> (nat)');
    expect(status.get('time')).toBeInstanceOf(Date);

    const subnetId = Principal.fromText(node.keys.subnetId.toText());
    const subnetPaths: SubnetStatus.Path[] = ['time', 'canisterRanges', 'publicKey', 'nodeKeys'];
    const subnet = await SubnetStatus.request({ agent, subnetId, paths: subnetPaths });
    expect(subnet.get('publicKey')).toEqual(node.keys.rootKeyDer);
    const nodeKeys = subnet.get('nodeKeys') as Map<string, Uint8Array>;
    expect([...nodeKeys.keys()]).toEqual([node.keys.nodeId.toText()]);
    expect((await agent.getSubnetIdFromCanister(canisterId)).toText()).toBe(subnetId.toText());
  });
});
