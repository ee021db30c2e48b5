import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { bytesToHex } from '@noble/hashes/utils.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeCbor } from '../src/crypto/cbor.ts';
import { verifiedTree } from '../src/crypto/certificate.ts';
import { hashTreeFromCbor } from '../src/crypto/hash-tree-cbor.ts';
import { hashOfMap } from '../src/crypto/request-id.ts';
import { lookupPath } from '../src/crypto/tree-lookup.ts';
import { utf8 } from '../src/crypto/bytes.ts';
import { CborRecord } from '../src/http/cbor-record.ts';
import type { LocalnetNode } from '../src/localnet-node.ts';
import { BadRequests, type BadRequest } from './support/bad-requests.ts';
import {
  answerFields,
  blobField,
  callContent,
  envelopeBody,
  newSigner,
  postCbor,
  type Content,
} from './support/ic-request.ts';
import { runSeed, SeededRandom } from './support/seeded-random.ts';
import { counterModule, installModule, testNode } from './support/test-node.ts';

const REQUESTS_PER_KIND = 2_000;
const REPLAYS = 1_500;
const OVERSIZED = 40;
const UNKNOWN_METHODS = 100;
const BAD_MODULES = 60;
const MINUTE_NS = 60_000_000_000n;
const FUZZ_TIMEOUT_MS = 90_000;
const IC_ERROR_CODE = /^IC0\d{3}$/;

const seed = runSeed();
process.stdout.write(`fuzz-http: FUZZ_SEED=${seed.toString()}\n`);
const random = new SeededRandom(seed);

const owner = newSigner('ed25519');
const strangers = [newSigner('ed25519'), newSigner('p256'), newSigner('secp256k1')];
const absentId = Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai');
let node: LocalnetNode;
let canisterId: Principal;
let requests: BadRequests;

beforeAll(async () => {
  node = testNode();
  canisterId = installModule(node, { wasm: counterModule(), controller: owner.principal });
  const executed: Uint8Array[] = [];
  for (let index = 0; index < 5; index += 1) {
    const body = signedCall({ method: 'inc', nonce: random.bytes(16) });
    await post('v2', body);
    executed.push(body);
  }
  node.host.tick(node.replica.timeNs() + 1n);
  requests = new BadRequests(random, {
    canisterId,
    absentId,
    subnetId: node.keys.subnetId,
    nowNs: node.replica.timeNs(),
    owner,
    strangers,
    executed,
  });
});

function callOf(fields: { method: string; nonce?: Uint8Array; arg?: Uint8Array }): Content {
  const expiryNs = node.host.refreshTimeNs() + MINUTE_NS;
  return callContent({ canisterId, expiryNs, sender: owner.principal, ...fields });
}

function signedCall(fields: Parameters<typeof callOf>[0]): Uint8Array {
  return envelopeBody({ content: callOf(fields), sender: owner });
}

function post(version: string, body: Uint8Array): Promise<Response> {
  return postCbor(node.api, `/api/${version}/canister/${canisterId.toText()}/call`, body);
}

function counter(): number {
  const message = { sender: owner.principal, canisterId, method: 'get', arg: new Uint8Array() };
  const response = node.replica.query(message);
  if (response.kind === 'reject') throw new Error(response.message);
  return new DataView(response.data.slice().buffer).getUint32(0, true);
}

function send(request: BadRequest): Promise<Response> {
  const { method, path, body } = request;
  const headers = { 'content-type': 'application/cbor' };
  const init = { method, headers, ...(body && { body: new Uint8Array(body) }) };
  return Promise.resolve(node.api.request(path, init));
}

/** What kind of answer it was. Throws unless it is one that a client can make sense of. */
async function classify(request: BadRequest, response: Response): Promise<string> {
  const { status } = response;
  if (status >= 400 && status < 500) {
    const text = await response.text();
    if (request.method !== 'HEAD') expect(text).not.toBe('');
    return status.toString();
  }
  if (request.mayAnswer && (status === 202 || request.path.endsWith('/status'))) return 'answered';
  expect(status, `${request.method} ${request.path}`).toBe(200);
  const fields = await answerFields(response);
  if (fields.has('reject_code')) {
    const code = String(fields.get('error_code'));
    expect(code).toMatch(IC_ERROR_CODE);
    expect(String(fields.get('reject_message'))).not.toBe('');
    return code;
  }
  expect(request.mayAnswer, `answered ${request.path}`).toBe(true);
  assertCertificate(blobField(fields, 'certificate'));
  return 'answered';
}

const verifiedRoots = new Set<string>();

/** Verifies one certificate of every state; the others must have the same root and signature. */
function assertCertificate(certificate: Uint8Array): void {
  const fields = new CborRecord(decodeCbor(certificate), 'certificate');
  const rootHash = bytesToHex(hashTreeFromCbor(fields.list('tree')).hash);
  const root = `${rootHash} ${bytesToHex(fields.blob('signature'))}`;
  if (verifiedRoots.has(root)) return;
  verifiedTree(certificate, node.keys.rootKeyDer);
  verifiedRoots.add(root);
}

async function run(name: string, make: () => BadRequest, count: number): Promise<void> {
  const before = bytesToHex(node.replica.stateHash());
  const answers = new Map<string, number>();
  for (let index = 0; index < count; index += 1) {
    const request = make();
    const answer = await classify(request, await send(request));
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  expect(bytesToHex(node.replica.stateHash()), `state after ${name}`).toBe(before);
  expect(counter()).toBe(5);
  const summary = [...answers].map(([answer, times]) => `${answer}×${times.toString()}`).join(' ');
  process.stdout.write(`fuzz-http: ${count.toString()} × ${name}: ${summary}\n`);
}

const KINDS = [
  'random bytes',
  'random CBOR',
  'mutated envelope',
  'wrong signature',
  'wrong delegation',
  'outside of its expiry',
  'unknown method or canister',
  'management call',
  'random path',
  'random state path',
];

describe(`HTTP API under 20,000 bad requests, FUZZ_SEED=${seed.toString()}`, () => {
  it.each(KINDS)(
    'answers every %s with a typed error and changes nothing',
    async (kind) => {
      const make = requests.kinds()[kind];
      if (make === undefined) throw new Error(`BUG: no kind ${kind}`);
      await run(kind, make, REQUESTS_PER_KIND);
    },
    FUZZ_TIMEOUT_MS,
  );

  it('knows every kind of bad request', () => {
    expect(Object.keys(requests.kinds())).toEqual(KINDS);
    expect(KINDS.length * REQUESTS_PER_KIND + REPLAYS + OVERSIZED).toBeGreaterThan(20_000);
  });

  it('never runs a call again', async () => {
    await run('replayed call', () => requests.replay(), REPLAYS);
  });

  it('refuses bodies that are too large', async () => {
    await run('oversized body', () => requests.oversized(), OVERSIZED);
  });

  it('rejects unknown methods with a certificate and leaves the canister alone', async () => {
    node.host.start();
    for (let index = 0; index < UNKNOWN_METHODS; index += 1) {
      const method = Buffer.from(random.bytes(6)).toString('hex');
      const content = callOf({ method, nonce: random.bytes(16) });
      expect(await certifiedErrorCode(content)).toBe('IC0536');
    }
    expect(counter()).toBe(5);
    node.host.stop();
  });

  it('rejects modules that are no canisters and leaves the canister alone', async () => {
    node.host.start();
    const before = node.replica.canister(canisterId)?.moduleHash;
    const valid = counterModule();
    const foreignImport = Buffer.from(
      '0061736d0100000001040160000002090103656e760166000003010005030100010a0100',
      'hex',
    );
    const modules: Uint8Array[] = [foreignImport, new Uint8Array(), valid.slice(0, 100)];
    for (let index = 0; index < BAD_MODULES; index += 1) {
      const cut = 8 + random.below(valid.length - 8);
      modules.push(random.chance(2) ? random.bytes(60) : valid.slice(0, cut).fill(0xff, cut - 8));
    }
    for (const wasm of modules) {
      const content = { ...callOf({ method: 'install_code', arg: reinstallArg(wasm) }) };
      const management = Principal.managementCanister().toUint8Array();
      const code = await certifiedErrorCode({
        ...content,
        canister_id: management,
        nonce: random.bytes(8),
      });
      expect(code).toBe('IC0505');
    }
    expect(node.replica.canister(canisterId)?.moduleHash).toEqual(before);
    expect(counter()).toBe(5);
    node.host.stop();
  });

  it('still serves good requests', async () => {
    node.host.start();
    const response = await post('v4', signedCall({ method: 'inc', nonce: random.bytes(16) }));
    expect((await answerFields(response)).get('status')).toBe('replied');
    expect(counter()).toBe(6);
    node.host.stop();
  });
});

async function certifiedErrorCode(content: Content): Promise<string> {
  const response = await post('v4', envelopeBody({ content, sender: owner }));
  const fields = await answerFields(response);
  if (fields.has('error_code')) return String(fields.get('error_code'));
  const tree = verifiedTree(blobField(fields, 'certificate'), node.keys.rootKeyDer);
  const path = [utf8('request_status'), hashOfMap(content), utf8('error_code')];
  const found = lookupPath(path, tree);
  return found.kind === 'found' ? Buffer.from(found.value).toString() : found.kind;
}

function reinstallArg(wasm: Uint8Array): Uint8Array {
  const Args = IDL.Record({
    mode: IDL.Variant({ reinstall: IDL.Null }),
    canister_id: IDL.Principal,
    wasm_module: IDL.Vec(IDL.Nat8),
    arg: IDL.Vec(IDL.Nat8),
  });
  const args = { mode: { reinstall: null }, canister_id: canisterId, wasm_module: wasm, arg: [] };
  return IDL.encode([Args], [args]);
}
