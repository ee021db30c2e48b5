import { Principal } from '@dfinity/principal';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { domainSeparator, sha256, utf8 } from '../src/crypto/bytes.ts';
import { encodeCbor } from '../src/crypto/cbor.ts';
import { leaf } from '../src/crypto/hash-tree.ts';
import { hashTreeToCbor } from '../src/crypto/hash-tree-cbor.ts';
import { forestOf, type FullTree } from '../src/crypto/label-forest.ts';
import { hashOfMap } from '../src/crypto/request-id.ts';
import { witness } from '../src/crypto/witness.ts';
import type { LocalnetNode } from '../src/localnet-node.ts';
import {
  callContent,
  delegate,
  envelopeBody,
  newSigner,
  postCbor,
  type Content,
  type Signer,
} from './support/ic-request.ts';
import { counterModule, execute, installModule, testNode } from './support/test-node.ts';

const MINUTE_NS = 60_000_000_000n;
const SEED = utf8('user 10000');
const SENDER_INFO_SEPARATOR = domainSeparator('ic-sender-info');

let node: LocalnetNode;
let signingCanister: Principal;
let otherCanister: Principal;
const session = newSigner('ed25519');

beforeAll(() => {
  node = testNode();
  const module = { wasm: counterModule(), controller: session.principal };
  signingCanister = installModule(node, module);
  otherCanister = installModule(node, module);
});

function canisterKey(canisterId: Principal, seed = SEED): Uint8Array {
  const id = canisterId.toUint8Array();
  const bits = concatBytes(Uint8Array.of(0, id.length), id, seed);
  const algorithm = hexToBytes('300c060a2b0601040183b8430102');
  const content = concatBytes(algorithm, Uint8Array.of(3, bits.length), bits);
  return concatBytes(Uint8Array.of(0x30, content.length), content);
}

/** Lets the canister certify the payload, as an identity provider does. */
function canisterSignature(payload: Uint8Array, options: { value?: Uint8Array } = {}): Uint8Array {
  const value = leaf(options.value ?? new Uint8Array());
  const path = [utf8('sig'), sha256(SEED), sha256(payload)];
  const tree = path.reduceRight<FullTree>((below, label) => forestOf([[label, below]]), value);
  const full = tree.kind === 'leaf' ? forestOf([]) : tree;
  execute(node, { canisterId: signingCanister, method: 'set_data', arg: full.hash });
  const certificate = node.certifier.dataCertificate(signingCanister);
  return encodeCbor({ certificate, tree: hashTreeToCbor(witness(full, [path])) });
}

/** A user whose key is a canister's: it signs by having the canister certify. */
function canisterUser(canisterId = signingCanister): Signer {
  const publicKeyDer = canisterKey(canisterId);
  return {
    publicKeyDer,
    principal: Principal.selfAuthenticating(publicKeyDer),
    sign: (payload) => canisterSignature(payload),
  };
}

function query(sender: Principal): Content {
  return callContent({
    kind: 'query',
    sender,
    canisterId: otherCanister,
    method: 'get',
    expiryNs: node.replica.timeNs() + MINUTE_NS,
  });
}

async function answerTo(body: Uint8Array): Promise<string> {
  const path = `/api/v3/canister/${otherCanister.toText()}/query`;
  const response = await postCbor(node.api, path, body);
  return response.ok ? 'answered' : response.text();
}

describe('canister signatures', () => {
  it('authenticate a request', async () => {
    const sender = canisterUser();
    const content = query(sender.principal);
    expect(await answerTo(envelopeBody({ content, sender }))).toBe('answered');
  });

  it('authenticate a delegation to a session key, as Internet Identity makes them', async () => {
    const sender = canisterUser();
    const expirationNs = node.replica.timeNs() + MINUTE_NS;
    const delegations = [delegate(sender, session, { expirationNs })];
    const content = query(sender.principal);
    const body = envelopeBody({ content, sender, delegations, signer: session });
    expect(await answerTo(body)).toBe('answered');
    const forged = envelopeBody({ content, sender, delegations, signer: newSigner('ed25519') });
    expect(await answerTo(forged)).toMatch(/^Invalid signature/);
  });

  it('do not authenticate what the canister has not certified', async () => {
    const sender = canisterUser();
    const content = query(sender.principal);
    const attempt = (sign: Signer['sign'], from = sender): Promise<string> =>
      answerTo(envelopeBody({ content, sender: { ...from, sign } }));
    const payload = concatBytes(domainSeparator('ic-request'), hashOfMap(content));

    expect(await attempt(() => canisterSignature(utf8('another payload')))).toMatch(
      /does not hold this payload/,
    );
    expect(await attempt(() => canisterSignature(payload, { value: utf8('x') }))).toMatch(
      /does not hold this payload/,
    );
    const stale = canisterSignature(payload);
    expect(await attempt(() => stale)).toBe('answered');
    expect(await attempt(() => stale.with(-40, (stale.at(-40) ?? 0) ^ 1))).toMatch(/Invalid/);
    expect(await attempt(() => utf8('not CBOR'))).toMatch(/Invalid canister signature/);

    const impostor = canisterUser(otherCanister);
    const claimed = query(impostor.principal);
    expect(await answerTo(envelopeBody({ content: claimed, sender: impostor }))).toMatch(
      /has not certified the signature tree/,
    );
  });

  it('refuse malformed keys', async () => {
    const der = canisterKey(signingCanister);
    for (const publicKeyDer of [der.with(16, 30), der.with(16, 29), der.slice(0, 16)]) {
      const principal = Principal.selfAuthenticating(publicKeyDer);
      const sender = { publicKeyDer, principal, sign: () => new Uint8Array() };
      const body = envelopeBody({ content: query(principal), sender });
      expect(await answerTo(body)).toMatch(/Invalid public key/);
    }
  });

  it('vouch for information about the sender', async () => {
    const sender = canisterUser();
    const info = utf8('verified e-mail');
    const withInfo = (signer: Principal, signed: Uint8Array): Content => ({
      ...query(sender.principal),
      sender_info: {
        info,
        signer: signer.toUint8Array(),
        sig: canisterSignature(concatBytes(SENDER_INFO_SEPARATOR, signed)),
      },
    });
    const attempt = (content: Content) => answerTo(envelopeBody({ content, sender }));
    expect(await attempt(withInfo(signingCanister, info))).toBe('answered');
    expect(await attempt(withInfo(signingCanister, utf8('other')))).toMatch(/^Invalid sender info/);
    expect(await attempt(withInfo(otherCanister, info))).toMatch(/^Invalid sender info/);
  });
});
