import {
  Actor,
  AgentError,
  CanisterStatus,
  Certificate,
  HttpAgent,
  polling,
  type HttpAgentOptions,
  type Identity,
} from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import {
  DelegationChain,
  DelegationIdentity,
  ECDSAKeyIdentity,
  Ed25519KeyIdentity,
} from '@dfinity/identity';
import { Secp256k1KeyIdentity } from '@dfinity/identity-secp256k1';
import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '../src/crypto/bytes.ts';
import { serve, type RunningServer } from '../src/http/serve.ts';
import type { LocalnetNode } from '../src/localnet-node.ts';
import { answerFields, blobField } from './support/ic-request.ts';
import { counterService, nativeCounter, type CounterActor } from './support/native-counter.ts';
import { counterModule, installModule, testNode } from './support/test-node.ts';

const COUNTER = Principal.fromText('be2us-64aaa-aaaaa-qaabq-cai');
const ABSENT = Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai');
const MINUTE_MS = 60_000;
const SIGNATURE_BYTES = 48;

let node: LocalnetNode;
let server: RunningServer;
let wasmCanister: Principal;
const owner = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(3));

beforeAll(async () => {
  node = testNode();
  node.replica.installNative(COUNTER, nativeCounter(), 10n ** 15n);
  wasmCanister = installModule(node, { wasm: counterModule(), controller: owner.getPrincipal() });
  node.host.start();
  server = await serve({ app: node.api, port: 0 });
});

afterAll(async () => {
  node.host.stop();
  await server.close();
});

function newAgent(options: HttpAgentOptions = {}): Promise<HttpAgent> {
  return HttpAgent.create({
    host: server.url,
    shouldFetchRootKey: true,
    retryTimes: 0,
    ...options,
  });
}

function counterActor(agent: HttpAgent, canisterId = COUNTER): CounterActor {
  return Actor.createActor<CounterActor>(() => counterService(IDL), { agent, canisterId });
}

/** Changes the bytes of answers to requests for `path`. */
function tamperingFetch(path: string, tamper: (body: Uint8Array) => Uint8Array): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!(input instanceof URL || typeof input === 'string')) return response;
    if (!new URL(input).pathname.endsWith(path)) return response;
    const body = tamper(new Uint8Array(await response.arrayBuffer()));
    return new Response(new Uint8Array(body), {
      status: response.status,
      headers: response.headers,
    });
  };
}

describe('@dfinity/agent', () => {
  it('learns the root key from the status', async () => {
    const agent = await newAgent();
    expect(new Uint8Array(await agent.fetchRootKey())).toEqual(node.keys.rootKeyDer);
    expect((await agent.status())['replica_health_status']).toBe('healthy');
  });

  it('makes certified updates and verified queries', async () => {
    const actor = counterActor(await newAgent());
    const before = await actor.get();
    expect(await actor.inc()).toBe(before + 1n);
    expect(await actor.get()).toBe(before + 1n);
  });

  it('makes many updates at once', async () => {
    const actor = counterActor(await newAgent());
    const before = await actor.get();
    const counts = await Promise.all(Array.from({ length: 20 }, () => actor.inc()));
    expect(new Set(counts).size).toBe(20);
    expect(await actor.get()).toBe(before + 20n);
  });

  it('tells rejects apart', async () => {
    const agent = await newAgent();
    const actor = counterActor(agent);
    await expect(actor.fail('no luck')).rejects.toThrow(/no luck[^]*IC0406/);
    const unknown = agent.call(COUNTER, { methodName: 'missing', arg: new Uint8Array() });
    expect((await unknown).response.body).toHaveProperty('certificate');
    const absent = counterActor(agent, ABSENT);
    await expect(absent.inc()).rejects.toThrow(/IC0301/);
    await expect(absent.get()).rejects.toThrow(/IC0301/);
  });

  it('polls when it is told to or when the server knows only v2', async () => {
    const agent = await newAgent();
    const arg = new Uint8Array(IDL.encode([], []));
    const options = { methodName: 'inc', arg, callSync: false };
    const { requestId, response } = await agent.call(COUNTER, options);
    expect(response.status).toBe(202);
    const { reply } = await polling.pollForResponse(agent, COUNTER, requestId);
    expect(IDL.decode([IDL.Nat], new Uint8Array(reply))).toHaveLength(1);

    const withoutV3: typeof fetch = (input, init) => {
      const url = String(input instanceof Request ? input.url : input);
      if (!url.includes('/api/v3/')) return fetch(input, init);
      const missing = new Response('not here', { status: 404 });
      Object.defineProperty(missing, 'url', { value: url });
      return Promise.resolve(missing);
    };
    const actor = counterActor(await newAgent({ fetch: withoutV3 }));
    const before = await actor.get();
    expect(await actor.inc()).toBe(before + 1n);
  });

  it.each<[string, () => Identity | Promise<Identity>]>([
    ['Ed25519', () => Ed25519KeyIdentity.generate()],
    ['P-256', () => ECDSAKeyIdentity.generate()],
    ['secp256k1', () => Secp256k1KeyIdentity.generate()],
    ['a delegation', () => delegated([COUNTER])],
    ['a chain of delegations', chained],
  ])('is known by its identity with %s', async (_, makeIdentity) => {
    const identity = await makeIdentity();
    const actor = counterActor(await newAgent({ identity }));
    expect((await actor.whoami()).toText()).toBe(identity.getPrincipal().toText());
    expect(await actor.get()).toBeTypeOf('bigint');
  });

  it('cannot use a delegation for another canister', async () => {
    const actor = counterActor(await newAgent({ identity: await delegated([ABSENT]) }));
    await expect(actor.whoami()).rejects.toThrow(/not one of the delegation targets/);
    await expect(actor.get()).rejects.toThrow(/not one of the delegation targets/);
  });

  it('reads what a canister is, and that another is not', async () => {
    const agent = await newAgent({ identity: owner });
    const paths: CanisterStatus.Path[] = [
      'time',
      'controllers',
      'module_hash',
      'candid',
      'subnet',
      { kind: 'metadata', key: 'secret', path: 'secret', decodeStrategy: 'utf-8' },
    ];
    const status = await CanisterStatus.request({ agent, canisterId: wasmCanister, paths });
    expect(status.get('controllers')).toEqual([owner.getPrincipal()]);
    const hash = node.replica.canister(wasmCanister)?.moduleHash ?? new Uint8Array();
    expect(status.get('module_hash')).toBe(Buffer.from(hash).toString('hex'));
    expect(status.get('candid')).toMatch(/^service/);
    expect(status.get('secret')).toBe('only for controllers');
    expect(status.get('time')).toBeInstanceOf(Date);
    expect(status.get('subnet')).toMatchObject({ subnetId: node.keys.subnetId.toText() });

    const absentPaths: CanisterStatus.Path[] = ['controllers', 'module_hash'];
    const absent = await CanisterStatus.request({ agent, canisterId: ABSENT, paths: absentPaths });
    expect(absent.get('module_hash')).toBeNull();
  });

  it('syncs with a network whose clock is an hour ahead', async () => {
    const ahead = testNode({ nowNs: () => BigInt(Date.now() + 60 * MINUTE_MS) * 1_000_000n });
    ahead.replica.installNative(COUNTER, nativeCounter(), 10n ** 15n);
    ahead.host.start();
    const other = await serve({ app: ahead.api, port: 0 });
    try {
      const actor = counterActor(await newAgent({ host: other.url }));
      expect(await actor.inc()).toBe(1n);
      expect(await actor.get()).toBe(1n);
    } finally {
      ahead.host.stop();
      await other.close();
    }
  });
});

describe('@dfinity/agent against tampering', () => {
  const arg = new Uint8Array(IDL.encode([], []));

  it('refuses an update whose certificate has any one bit changed', async () => {
    const honest = await newAgent();
    const { response } = await honest.call(COUNTER, { methodName: 'inc', arg });
    const body = response.body as unknown as { certificate: Uint8Array };
    const certificate = new Uint8Array(body.certificate);
    const rootKey = node.keys.rootKeyDer;
    await Certificate.create({ certificate, rootKey, canisterId: COUNTER });
    // The first three bytes are the tag that only says that this is CBOR.
    const bit = fc.record({
      at: fc.integer({ min: 3, max: certificate.length - 1 }),
      bit: fc.nat(7),
    });
    await fc.assert(
      fc.asyncProperty(bit, async ({ at, bit: shift }) => {
        // The agent reads a blob that claims to go on beyond the end as if it ended there.
        fc.pre(at !== certificate.length - SIGNATURE_BYTES - 1);
        const changed = certificate.with(at, (certificate[at] ?? 0) ^ (1 << shift));
        const attempt = Certificate.create({ certificate: changed, rootKey, canisterId: COUNTER });
        await expect(attempt).rejects.toThrow();
      }),
      { numRuns: 150 },
    );
  });

  it('refuses an answer to a call whose certificate was changed on the way', async () => {
    for (const offset of [40, 120, 200]) {
      const flip = (body: Uint8Array): Uint8Array => body.with(offset, (body[offset] ?? 0) ^ 0x80);
      const actor = counterActor(await newAgent({ fetch: tamperingFetch('/call', flip) }));
      await expect(actor.inc()).rejects.toThrow();
    }
  });

  it('refuses a query whose answer or signature was changed', async () => {
    const response = async (): Promise<Uint8Array> => {
      let seen = new Uint8Array();
      const spy = tamperingFetch('/query', (body) => {
        seen = new Uint8Array(body);
        return body;
      });
      await counterActor(await newAgent({ fetch: spy })).get();
      return seen;
    };
    const honest = await response();
    const text = Buffer.from(honest);
    const replyAt = text.indexOf('DIDL') + 7;
    const signatureAt = text.lastIndexOf('signature') + 'signature'.length + 7;
    const timestampAt = text.lastIndexOf('timestamp') + 'timestamp'.length + 4;
    for (const at of [replyAt, signatureAt, timestampAt]) {
      const flip = (body: Uint8Array): Uint8Array => body.with(at, (body[at] ?? 0) ^ 0x01);
      const agent = await newAgent({ fetch: tamperingFetch('/query', flip) });
      await expect(counterActor(agent).get()).rejects.toBeInstanceOf(AgentError);
    }
  });

  it('refuses a certificate of another network', async () => {
    const foreign = testNode({ seed: utf8('another network') });
    const certificate = foreign.certifier.certificate([]);
    const rootKey = node.keys.rootKeyDer;
    await expect(Certificate.create({ certificate, rootKey, canisterId: COUNTER })).rejects.toThrow(
      /Invalid signature/,
    );
  });
});

describe('serve', () => {
  it('answers status over the port it opened and none after closing', async () => {
    const other = await serve({ app: node.api, port: 0 });
    const status = `${other.url}/api/v2/status`;
    const fields = await answerFields(await fetch(status));
    expect(blobField(fields, 'root_key')).toEqual(node.keys.rootKeyDer);
    await expect(serve({ app: node.api, port: other.port })).rejects.toThrow('EADDRINUSE');
    await other.close();
    await expect(fetch(status)).rejects.toThrow();
  });
});

async function delegated(targets: Principal[]): Promise<DelegationIdentity> {
  const user = Ed25519KeyIdentity.generate();
  const session = await ECDSAKeyIdentity.generate();
  const expiry = new Date(Date.now() + MINUTE_MS);
  const chain = await DelegationChain.create(user, session.getPublicKey(), expiry, { targets });
  return DelegationIdentity.fromDelegation(session, chain);
}

async function chained(): Promise<DelegationIdentity> {
  const user = Secp256k1KeyIdentity.generate();
  const middle = Ed25519KeyIdentity.generate();
  const last = await ECDSAKeyIdentity.generate();
  const expiry = new Date(Date.now() + MINUTE_MS);
  const first = await DelegationChain.create(user, middle.getPublicKey(), expiry);
  const chain = await DelegationChain.create(middle, last.getPublicKey(), expiry, {
    previous: first,
  });
  return DelegationIdentity.fromDelegation(last, chain);
}
