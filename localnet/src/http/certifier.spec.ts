import { Certificate } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { FakeReplica } from '../../test/support/fake-replica.ts';
import { ErrorCode, reject, type IngressStatus, type MessageId } from '../core/types.ts';
import { utf8 } from '../crypto/bytes.ts';
import { encodeCbor } from '../crypto/cbor.ts';
import { verifiedTree } from '../crypto/certificate.ts';
import { encodeUleb128 } from '../crypto/leb128.ts';
import { lookupPath, type Path } from '../crypto/tree-lookup.ts';
import { Certifier } from './certifier.ts';
import { createSubnetKeys } from './subnet-keys.ts';

const keys = createSubnetKeys(utf8('certifier'));
const CANISTER = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const OTHER = Principal.fromText('um5iw-rqaaa-aaaaq-qaaba-cai');
const USER = Principal.selfAuthenticating(Uint8Array.of(1));
const SECOND_NS = 1_000_000_000n;
/** The tag that only says that what follows is CBOR. */
const SELF_DESCRIBE_BYTES = 3;
const SIGNATURE_BYTES = 48;

function setUp() {
  const fake = new FakeReplica();
  let signatures = 0;
  const certifier = new Certifier({
    replica: fake.asReplica(),
    keys: {
      ...keys,
      sign: (message) => {
        signatures += 1;
        return keys.sign(message);
      },
    },
  });
  const read = (parts: readonly (string | Uint8Array)[]) => {
    const path: Path = parts.map((part) => (typeof part === 'string' ? utf8(part) : part));
    return lookupPath(path, verifiedTree(certifier.certificate([path]), keys.rootKeyDer));
  };
  return { fake, certifier, read, signatures: () => signatures };
}

const found = (value: Uint8Array) => ({ kind: 'found', value });

describe('Certifier', () => {
  it('always shows the time and proves it to the agent library', async () => {
    const { fake, certifier } = setUp();
    const certificate = certifier.certificate([]);
    const tree = verifiedTree(certificate, keys.rootKeyDer);
    expect(lookupPath([utf8('time')], tree)).toEqual(found(encodeUleb128(fake.nowNs)));
    const options = { certificate, rootKey: keys.rootKeyDer, canisterId: CANISTER };
    await Certificate.create({ ...options, disableTimeVerification: true });
    await expect(Certificate.create(options)).rejects.toThrow('Certificate is signed more than');
  });

  it('describes the subnet, its node and its canister ranges', () => {
    const { read } = setUp();
    const id = keys.subnetId.toUint8Array();
    expect(read(['subnet', id, 'public_key'])).toEqual(found(keys.rootKeyDer));
    expect(read(['subnet', id, 'type'])).toEqual(found(utf8('application')));
    const nodePath = ['subnet', id, 'node', keys.nodeId.toUint8Array(), 'public_key'];
    expect(read(nodePath)).toEqual(found(keys.nodeKey.publicKeyDer));
    const first = Principal.fromText('rwlgt-iiaaa-aaaaa-aaaaa-cai').toUint8Array();
    const ranges = encodeCbor([[first, Principal.fromHex('ffffffffffffffff0101').toUint8Array()]]);
    expect(read(['subnet', id, 'canister_ranges'])).toEqual(found(ranges));
    expect(read(['canister_ranges', id, first])).toEqual(found(ranges));
    expect(read(['api_boundary_nodes']).kind).toBe('absent');
    expect(read(['subnet', id, 'metrics']).kind).toBe('absent');
    expect(read(['subnet', Uint8Array.of(1), 'public_key']).kind).toBe('absent');
  });

  it('describes canisters as they are now, and proves absence of those that are not', () => {
    const { fake, read } = setUp();
    const id = CANISTER.toUint8Array();
    expect(read(['canister', id, 'controllers']).kind).toBe('absent');
    fake.setCanister(CANISTER, { controllers: [USER, OTHER] });
    const controllers = encodeCbor([USER.toUint8Array(), OTHER.toUint8Array()]);
    expect(read(['canister', id, 'controllers'])).toEqual(found(controllers));
    expect(read(['canister', id, 'module_hash']).kind).toBe('absent');
    const moduleHash = new Uint8Array(32).fill(5);
    fake.setCanister(CANISTER, {
      moduleHash,
      metadata: [{ name: 'candid:service', isPublic: true, content: utf8('service : {}') }],
    });
    expect(read(['canister', id, 'controllers'])).toEqual(found(encodeCbor([])));
    expect(read(['canister', id, 'module_hash'])).toEqual(found(moduleHash));
    const candid = ['canister', id, 'metadata', 'candid:service'];
    expect(read(candid)).toEqual(found(utf8('service : {}')));
    expect(read(['canister', id, 'metadata', 'other']).kind).toBe('absent');
    fake.deleteCanister(CANISTER);
    expect(read(candid).kind).toBe('absent');
  });

  it('certifies the data of one canister', () => {
    const { fake, certifier } = setUp();
    const moduleHash = new Uint8Array(32);
    fake.setCanister(CANISTER, { moduleHash, certifiedData: utf8('mine') });
    fake.setCanister(OTHER, { moduleHash, certifiedData: utf8('not yours') });
    const certificate = certifier.dataCertificate(CANISTER);
    const tree = verifiedTree(certificate, keys.rootKeyDer);
    const dataOf = (id: Principal) =>
      lookupPath([utf8('canister'), id.toUint8Array(), utf8('certified_data')], tree);
    expect(dataOf(CANISTER)).toEqual(found(utf8('mine')));
    expect(dataOf(OTHER).kind).toBe('unknown');
    expect(Buffer.from(certificate).includes('not yours')).toBe(false);
  });

  it.each<[IngressStatus, Record<string, Uint8Array>]>([
    [{ kind: 'received' }, { status: utf8('received') }],
    [{ kind: 'processing' }, { status: utf8('processing') }],
    [{ kind: 'done' }, { status: utf8('done') }],
    [
      { kind: 'replied', data: utf8('reply') },
      { status: utf8('replied'), reply: utf8('reply') },
    ],
    [
      { kind: 'rejected', reject: reject(ErrorCode.CanisterTrapped, 'trapped') },
      {
        status: utf8('rejected'),
        reject_code: Uint8Array.of(5),
        reject_message: utf8('trapped'),
        error_code: utf8('IC0502'),
      },
    ],
  ])('shows the status %j of a request', (status, leaves) => {
    const { fake, certifier, read } = setUp();
    const id = 'ab'.repeat(32) as MessageId;
    fake.setRequest(id, status, { sender: USER, canisterId: CANISTER });
    certifier.track(id);
    for (const name of ['status', 'reply', 'reject_code', 'reject_message', 'error_code']) {
      const leaf = leaves[name];
      const wanted = leaf === undefined ? { kind: 'absent' } : found(leaf);
      expect(read(['request_status', Buffer.from(id, 'hex'), name])).toEqual(wanted);
    }
  });

  it('follows a request until the replica forgets it', () => {
    const { fake, certifier, read } = setUp();
    const id = 'cd'.repeat(32) as MessageId;
    const origin = { sender: USER, canisterId: CANISTER };
    const status = () => read(['request_status', Buffer.from(id, 'hex'), 'status']);
    certifier.track(id);
    expect(status().kind).toBe('absent');
    fake.setRequest(id, { kind: 'received' }, origin);
    certifier.track(id);
    expect(status()).toEqual(found(utf8('received')));
    fake.setRequest(id, { kind: 'replied', data: new Uint8Array() }, origin);
    expect(status()).toEqual(found(utf8('replied')));
    fake.forgetRequest(id);
    fake.nowNs += 600n * SECOND_NS;
    expect(status().kind).toBe('absent');
  });

  it('signs once for a state, and again when it or the second changes', () => {
    const { fake, certifier, read, signatures } = setUp();
    read(['time']);
    certifier.dataCertificate(CANISTER);
    fake.nowNs += SECOND_NS - 1n;
    read(['subnet']);
    expect(signatures()).toBe(1);
    fake.nowNs += 1n;
    expect(read(['time'])).toEqual(found(encodeUleb128(fake.nowNs)));
    expect(signatures()).toBe(2);
    fake.setCanister(CANISTER, {});
    read(['time']);
    expect(signatures()).toBe(3);
  });

  // Every check is a pairing, so each test takes its share of the bytes.
  it.each([0, 1, 2, 3])('is refused with any byte changed, share %i of 4', async (share) => {
    const { fake, certifier } = setUp();
    fake.setCanister(CANISTER, { controllers: [USER], moduleHash: new Uint8Array(32) });
    const path: Path = [utf8('canister'), CANISTER.toUint8Array(), utf8('controllers')];
    const certificate = certifier.certificate([path]);
    const options = {
      rootKey: keys.rootKeyDer,
      canisterId: CANISTER,
      disableTimeVerification: true,
    };
    await Certificate.create({ ...options, certificate });
    for (let at = SELF_DESCRIBE_BYTES + share; at < certificate.length; at += 4) {
      const changed = certificate.with(at, (certificate[at] ?? 0) ^ 0x01);
      if (at % 7 === 0) expect(() => verifiedTree(changed, keys.rootKeyDer)).toThrow();
      // The agent reads a blob that claims to go on beyond the end as if it ended there.
      if (at === certificate.length - SIGNATURE_BYTES - 1) continue;
      await expect(
        Certificate.create({ ...options, certificate: changed }),
        `byte ${at.toString()} of ${certificate.length.toString()}`,
      ).rejects.toThrow();
    }
  });
});
