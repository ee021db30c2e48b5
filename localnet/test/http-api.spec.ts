import { createPublicKey, verify } from 'node:crypto';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { concatBytes } from '@noble/hashes/utils.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { domainSeparator, utf8 } from '../src/crypto/bytes.ts';
import { verifiedTree } from '../src/crypto/certificate.ts';
import { hashOfMap } from '../src/crypto/request-id.ts';
import { lookupPath, type Path } from '../src/crypto/tree-lookup.ts';
import type { LocalnetNode } from '../src/localnet-node.ts';
import {
  answerFields,
  blobField,
  callContent,
  delegate,
  envelopeBody,
  newSigner,
  postCbor,
  readStateContent,
  type Content,
  type Signer,
} from './support/ic-request.ts';
import { counterModule, installModule, testNode } from './support/test-node.ts';

const MINUTE_NS = 60_000_000_000n;
const ABSENT_CANISTER = Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai');
const owner = newSigner('ed25519');
const stranger = newSigner('ed25519');
const wasm = counterModule();

let node: LocalnetNode;
let canisterId: Principal;

beforeEach(() => {
  node = testNode({ syncCallTimeoutMs: 50 });
  canisterId = installModule(node, { wasm, controller: owner.principal });
  return () => {
    node.host.stop();
  };
});

function call(method: string, fields: Partial<Parameters<typeof callContent>[0]> = {}): Content {
  const expiryNs = node.replica.timeNs() + MINUTE_NS;
  return callContent({ canisterId, method, expiryNs, ...fields });
}

function bodyOf(content: Content, sender?: Signer): Uint8Array {
  return envelopeBody({ content, ...(sender && { sender }) });
}

function post(operation: string, body: Uint8Array, id = canisterId): Promise<Response> {
  const [version = '', name = ''] = operation.split(' ');
  return postCbor(node.api, `/api/${version}/canister/${id.toText()}/${name}`, body);
}

function counter(): number {
  const message = { sender: owner.principal, canisterId, method: 'get', arg: new Uint8Array() };
  const response = node.replica.query(message);
  if (response.kind === 'reject') throw new Error(response.message);
  return new DataView(response.data.slice().buffer).getUint32(0, true);
}

async function certifiedValue(response: Response, path: Path): Promise<string> {
  const certificate = blobField(await answerFields(response), 'certificate');
  const found = lookupPath(path, verifiedTree(certificate, node.keys.rootKeyDer));
  return found.kind === 'found' ? Buffer.from(found.value).toString() : found.kind;
}

function statusPath(content: Content, leaf: string): Path {
  return [utf8('request_status'), hashOfMap(content), utf8(leaf)];
}

describe('status and routing', () => {
  it('tells the root key and that it is healthy', async () => {
    const response = await node.api.request('/api/v2/status');
    expect(response.headers.get('content-type')).toBe('application/cbor');
    const fields = await answerFields(response);
    expect(fields.get('root_key')).toEqual(node.keys.rootKeyDer);
    expect(fields.get('replica_health_status')).toBe('healthy');
  });

  it('answers unknown paths with 404 and wrong methods with 405', async () => {
    const id = canisterId.toText();
    const statusOf = async (method: string, path: string) =>
      (await node.api.request(path, { method })).status;
    expect(await statusOf('GET', '/')).toBe(404);
    expect(await statusOf('GET', '/api/v1/status')).toBe(404);
    expect(await statusOf('POST', `/api/v5/canister/${id}/call`)).toBe(404);
    expect(await statusOf('POST', `/api/v4/canister/${id}/query`)).toBe(404);
    expect(await statusOf('POST', '/api/v2/status')).toBe(405);
    expect(await statusOf('GET', `/api/v3/canister/${id}/call`)).toBe(405);
    expect(await statusOf('PUT', `/api/v2/canister/${id}/read_state`)).toBe(405);
  });

  it('lets pages of any origin call it', async () => {
    const preflight = await node.api.request(`/api/v4/canister/${canisterId.toText()}/call`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://page.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type');
    const refused = await post('v2 call', Uint8Array.of(0xff));
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('wants CBOR, a canister id and the right kind of request', async () => {
    const body = bodyOf(call('inc'));
    const untyped = await node.api.request(`/api/v2/canister/${canisterId.toText()}/call`, {
      method: 'POST',
      body: new Uint8Array(body),
    });
    expect(untyped.status).toBe(400);
    expect(await untyped.text()).toBe('Unexpected content-type, expected application/cbor.');
    expect((await postCbor(node.api, '/api/v2/canister/not-an-id/call', body)).status).toBe(400);
    expect((await post('v2 query', body)).status).toBe(400);
    expect((await post('v2 read_state', body)).status).toBe(400);
    expect((await post('v2 call', bodyOf(call('get', { kind: 'query' })))).status).toBe(400);
    expect((await post('v2 call', body, ABSENT_CANISTER)).status).toBe(400);
  });

  it('limits bodies, and update calls more than others', async () => {
    const large = new Uint8Array(2 * 1024 * 1024);
    const update = await post('v4 call', bodyOf(call('inc', { arg: large })));
    expect(update.status).toBe(413);
    expect(await update.text()).toMatch(/^Request 0x[0-9a-f]{64} is too large\. Message byte size/);
    expect(
      (await post('v3 query', bodyOf(call('get', { kind: 'query', arg: large })))).status,
    ).toBe(200);
    const huge = await post('v3 query', new Uint8Array(5 * 1024 * 1024 + 1));
    expect(huge.status).toBe(413);
    expect(counter()).toBe(0);
  });
});

describe('update calls', () => {
  it.each(['v3 call', 'v4 call'])('answers %s with the certified outcome', async (operation) => {
    node.host.start();
    const content = call('inc', { sender: owner.principal });
    const response = await post(operation, bodyOf(content, owner));
    expect(response.status).toBe(200);
    expect((await answerFields(response.clone())).get('status')).toBe('replied');
    expect(await certifiedValue(response.clone(), statusPath(content, 'status'))).toBe('replied');
    expect(await certifiedValue(response, statusPath(content, 'reply'))).toBe('\u0001\0\0\0');
  });

  it('answers with the certified reject of a trap', async () => {
    node.host.start();
    const content = call('boom');
    const response = await post('v4 call', bodyOf(content));
    expect((await answerFields(response.clone())).get('status')).toBe('replied');
    expect(await certifiedValue(response.clone(), statusPath(content, 'error_code'))).toBe(
      'IC0503',
    );
    expect(await certifiedValue(response, statusPath(content, 'reject_code'))).toBe('\u0005');
    expect(counter()).toBe(0);
  });

  it('answers v2 at once and shows the outcome to whoever polls', async () => {
    const content = call('inc', { sender: owner.principal });
    const response = await post('v2 call', bodyOf(content, owner));
    expect([response.status, await response.text()]).toEqual([202, '']);
    const poll = async (sender: Signer): Promise<Response> => {
      const expiryNs = node.replica.timeNs() + MINUTE_NS;
      const paths = [[utf8('request_status'), hashOfMap(content)]];
      const read = readStateContent({ sender: sender.principal, paths, expiryNs });
      return post('v2 read_state', bodyOf(read, sender));
    };
    expect(await certifiedValue(await poll(owner), statusPath(content, 'status'))).toBe('received');
    node.host.tick(node.replica.timeNs() + 1n);
    expect(await certifiedValue(await poll(owner), statusPath(content, 'status'))).toBe('replied');
    expect((await poll(stranger)).status).toBe(403);
  });

  it('tells a synchronous caller to poll when the outcome takes too long', async () => {
    const response = await post('v4 call', bodyOf(call('inc')));
    expect(response.status).toBe(202);
    expect(counter()).toBe(0);
  });

  it('runs a call once however often and wherever it is sent', async () => {
    const content = call('inc', { sender: owner.principal, nonce: utf8('once') });
    const body = bodyOf(content, owner);
    for (const operation of ['v2 call', 'v3 call', 'v4 call']) {
      expect((await post(operation, body)).status).toBe(202);
    }
    node.host.start();
    const replay = await post('v4 call', body);
    expect(await certifiedValue(replay, statusPath(content, 'reply'))).toBe('\u0001\0\0\0');
    expect((await post('v2 call', body)).status).toBe(202);
    await post('v4 call', bodyOf({ ...content, nonce: utf8('twice') }, owner));
    expect(counter()).toBe(2);
  });

  it('does not run an expired or forged call', async () => {
    const expired = call('inc', { expiryNs: node.replica.timeNs() - 1n });
    const late = await post('v4 call', bodyOf(expired));
    expect(late.status).toBe(400);
    expect(await late.text()).toMatch(/^Invalid request expiry: /);
    const forged = call('inc', { sender: owner.principal });
    expect((await post('v4 call', bodyOf(forged, stranger))).status).toBe(400);
    node.host.tick(node.replica.timeNs() + 1n);
    expect(counter()).toBe(0);
  });

  it('refuses without certificate what the canister or the replica does not take', async () => {
    const inspected = await answerFields(await post('v4 call', bodyOf(call('guarded'))));
    expect(inspected.get('status')).toBe('non_replicated_rejection');
    expect(inspected.get('error_code')).toBe('IC0406');
    const absent = call('inc', { canisterId: ABSENT_CANISTER });
    const unknown = await answerFields(await post('v3 call', bodyOf(absent), ABSENT_CANISTER));
    expect(unknown.get('reject_code')).toBe(3);
    expect(unknown.get('error_code')).toBe('IC0301');
    const v2 = await post('v2 call', bodyOf(absent), ABSENT_CANISTER);
    expect(v2.status).toBe(200);
    expect((await answerFields(v2)).has('status')).toBe(false);
  });

  it('lets delegations sign for their targets only', async () => {
    node.host.start();
    const session = newSigner('p256');
    const expirationNs = node.replica.timeNs() + MINUTE_NS;
    const send = async (targets: Uint8Array[]): Promise<number> => {
      const content = call('inc', { sender: owner.principal });
      const delegations = [delegate(owner, session, { expirationNs, targets })];
      const body = envelopeBody({ content, sender: owner, delegations, signer: session });
      return (await post('v4 call', body)).status;
    };
    expect(await send([canisterId.toUint8Array()])).toBe(200);
    expect(await send([ABSENT_CANISTER.toUint8Array()])).toBe(400);
    expect(counter()).toBe(1);
  });
});

describe('management calls', () => {
  const management = Principal.managementCanister();
  const CanisterId = IDL.Record({ canister_id: IDL.Principal });

  it('are bound to the canister that their argument names', async () => {
    node.host.start();
    const arg = IDL.encode([CanisterId], [{ canister_id: canisterId }]);
    const sender = owner.principal;
    const stop = call('stop_canister', { canisterId: management, arg, sender });
    expect((await post('v4 call', bodyOf(stop, owner), ABSENT_CANISTER)).status).toBe(400);
    const stopped = await post('v4 call', bodyOf(stop, owner));
    expect(await certifiedValue(stopped, statusPath(stop, 'status'))).toBe('replied');
    expect(node.replica.canister(canisterId)?.status).toBe('stopped');
  });

  it('that only canisters may make are refused', async () => {
    const arg = IDL.encode([], []);
    const random = call('raw_rand', { canisterId: management, arg });
    const fields = await answerFields(await post('v4 call', bodyOf(random)));
    expect(fields.get('status')).toBe('non_replicated_rejection');
  });

  it('survive Candid that would exhaust a decoder', async () => {
    const bomb = Buffer.from('4449444c016d7f0100ffffffffff7f', 'hex');
    const content = call('start_canister', { canisterId: management, arg: new Uint8Array(bomb) });
    const fields = await answerFields(await post('v4 call', bodyOf(content)));
    expect(fields.get('status')).toBe('non_replicated_rejection');
  });

  it('may be addressed to the subnet only to create canisters', async () => {
    node.host.start();
    const path = `/api/v4/subnet/${node.keys.subnetId.toText()}/call`;
    const method = 'provisional_create_canister_with_cycles';
    const arg = IDL.encode([IDL.Record({})], [{}]);
    const create = call(method, { canisterId: management, arg });
    const created = await postCbor(node.api, path, bodyOf(create));
    expect(await certifiedValue(created, statusPath(create, 'status'))).toBe('replied');
    expect((await postCbor(node.api, path, bodyOf(call('inc')))).status).toBe(400);
    const elsewhere = `/api/v4/subnet/${canisterId.toText()}/call`;
    expect((await postCbor(node.api, elsewhere, bodyOf(create))).status).toBe(400);
  });
});

describe('queries', () => {
  it.each(['v2 query', 'v3 query'])('answers %s signed by the node', async (operation) => {
    const content = call('get', { kind: 'query', sender: owner.principal });
    const fields = await answerFields(await post(operation, bodyOf(content, owner)));
    expect(fields.get('status')).toBe('replied');
    const reply = Object.fromEntries(fields.get('reply') as Map<string, Uint8Array>);
    expect(reply['arg']).toEqual(new Uint8Array(4));
    assertSigned(fields, { status: 'replied', reply }, content);
  });

  it.each([
    ['missing', 5n, 'IC0536'],
    ['inc', 5n, 'IC0536'],
  ])('answers a query of %s with a signed reject', async (method, code, errorCode) => {
    const content = call(method, { kind: 'query' });
    const fields = await answerFields(await post('v3 query', bodyOf(content)));
    expect(fields.get('error_code')).toBe(errorCode);
    const message = String(fields.get('reject_message'));
    const signed = { status: 'rejected', reject_code: code, reject_message: message };
    assertSigned(fields, { ...signed, error_code: errorCode }, content);
  });

  it('gives the canister a certificate of its data', async () => {
    node.host.start();
    await post('v4 call', bodyOf(call('set_data', { arg: utf8('certified') })));
    const content = call('read_data', { kind: 'query' });
    const fields = await answerFields(await post('v3 query', bodyOf(content)));
    const certificate = (fields.get('reply') as Map<string, Uint8Array>).get('arg');
    const tree = verifiedTree(certificate ?? new Uint8Array(), node.keys.rootKeyDer);
    const path = [utf8('canister'), canisterId.toUint8Array(), utf8('certified_data')];
    expect(lookupPath(path, tree)).toEqual({ kind: 'found', value: utf8('certified') });
  });

  it('takes none addressed to a subnet but the list of its canisters', async () => {
    const path = `/api/v3/subnet/${node.keys.subnetId.toText()}/query`;
    const get = bodyOf(call('get', { kind: 'query' }));
    expect((await postCbor(node.api, path, get)).status).toBe(400);
    const canisterIdOfList = Principal.managementCanister();
    const arg = IDL.encode([IDL.Record({})], [{}]);
    const list = call('list_canisters', { kind: 'query', canisterId: canisterIdOfList, arg });
    expect((await postCbor(node.api, path, bodyOf(list))).status).toBe(200);
  });

  function assertSigned(
    fields: ReadonlyMap<string, unknown>,
    answer: Parameters<typeof hashOfMap>[0],
    content: Content,
  ): void {
    const [signature] = fields.get('signatures') as Map<string, unknown>[];
    if (signature === undefined) throw new Error('no signature');
    const timestamp = BigInt(signature.get('timestamp') as bigint | number);
    expect(timestamp).toBe(node.replica.timeNs());
    expect(signature.get('identity')).toEqual(node.keys.nodeId.toUint8Array());
    const hash = hashOfMap({ ...answer, timestamp, request_id: hashOfMap(content) });
    const payload = concatBytes(domainSeparator('ic-response'), hash);
    const der = Buffer.from(node.keys.nodeKey.publicKeyDer);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(verify(null, payload, key, blobField(signature, 'signature'))).toBe(true);
  }
});

describe('read_state', () => {
  async function read(
    path: Path,
    options: { readonly sender?: Signer; readonly door?: string } = {},
  ): Promise<string | number> {
    const { sender, door } = options;
    const expiryNs = node.replica.timeNs() + MINUTE_NS;
    const principal = sender?.principal ?? Principal.anonymous();
    const content = readStateContent({ paths: [path], expiryNs, sender: principal });
    const url = door ?? `v3/canister/${canisterId.toText()}`;
    const response = await postCbor(node.api, `/api/${url}/read_state`, bodyOf(content, sender));
    return response.ok ? certifiedValue(response, path) : response.status;
  }

  const canisterPath = (...rest: string[]): Path => [
    utf8('canister'),
    canisterId.toUint8Array(),
    ...rest.map(utf8),
  ];

  it('shows what the canister is', async () => {
    const hash = node.replica.canister(canisterId)?.moduleHash ?? new Uint8Array();
    expect(await read(canisterPath('module_hash'))).toBe(Buffer.from(hash).toString());
    expect(await read(canisterPath('metadata', 'candid:service'))).toMatch(/^service/);
    expect(await read(canisterPath('metadata', 'missing'))).toBe('absent');
    const controllers = await read(canisterPath('controllers'));
    expect(controllers).toContain(Buffer.from(owner.principal.toUint8Array()).toString());
  });

  it('shows private metadata to controllers only', async () => {
    const path = canisterPath('metadata', 'secret');
    expect(await read(path, { sender: owner })).toBe('only for controllers');
    expect(await read(path, { sender: stranger })).toBe(403);
    expect(await read(path)).toBe(403);
  });

  it('proves that a request nobody sent is absent', async () => {
    expect(await read([utf8('request_status'), new Uint8Array(32), utf8('status')])).toBe('absent');
  });

  it('serves the subnet through its own door', async () => {
    const subnetId = node.keys.subnetId.toUint8Array();
    const door = `v3/subnet/${node.keys.subnetId.toText()}`;
    const type = [utf8('subnet'), subnetId, utf8('type')];
    expect(await read(type, { door })).toBe('application');
    expect(await read([utf8('canister_ranges'), subnetId], { door })).toBe('not-a-value');
    expect(await read([utf8('canister_ranges'), subnetId])).toBe(404);
    expect(await read(type, { door: `v2/subnet/${canisterId.toText()}` })).toBe(400);
  });

  it('never shows the whole tree', async () => {
    expect(await read([])).toBe(404);
    expect(await read([utf8('canister')])).toBe(404);
    expect(await read([utf8('request_status')])).toBe(404);
  });
});
