import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { Principal } from '@dfinity/principal';
import { concatBytes } from '@noble/hashes/utils.js';
import type { Hono } from 'hono';
import { domainSeparator } from '../../src/crypto/bytes.ts';
import { decodeCbor, encodeCbor, type CborInput } from '../../src/crypto/cbor.ts';
import { hashOfMap, type HashableMap } from '../../src/crypto/request-id.ts';

export type Content = HashableMap & { readonly [field: string]: CborInput | undefined };

/** A key that signs requests and delegations. */
export interface Signer {
  readonly publicKeyDer: Uint8Array;
  readonly principal: Principal;
  sign(payload: Uint8Array): Uint8Array;
}

export type Scheme = 'ed25519' | 'p256' | 'secp256k1';

export function newSigner(scheme: Scheme): Signer {
  const { publicKey, privateKey } = newKeyPair(scheme);
  const publicKeyDer = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
  const hash = scheme === 'ed25519' ? null : 'sha256';
  return {
    publicKeyDer,
    principal: Principal.selfAuthenticating(publicKeyDer),
    sign: (payload) =>
      new Uint8Array(sign(hash, payload, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  };
}

function newKeyPair(scheme: Scheme): { publicKey: KeyObject; privateKey: KeyObject } {
  switch (scheme) {
    case 'ed25519':
      return generateKeyPairSync('ed25519');
    case 'p256':
      return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    case 'secp256k1':
      return generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  }
}

export interface SignedDelegationInput {
  readonly [field: string]: CborInput;
  readonly delegation: Content;
  readonly signature: Uint8Array;
}

export function delegate(
  from: Signer,
  to: Signer,
  rest: { readonly expirationNs: bigint; readonly targets?: readonly Uint8Array[] } & {
    readonly permissions?: string;
  },
): SignedDelegationInput {
  const delegation: Content = {
    pubkey: to.publicKeyDer,
    expiration: rest.expirationNs,
    ...(rest.targets && { targets: rest.targets }),
    ...(rest.permissions !== undefined && { permissions: rest.permissions }),
  };
  const separator = domainSeparator('ic-request-auth-delegation');
  return { delegation, signature: from.sign(concatBytes(separator, hashOfMap(delegation))) };
}

export interface EnvelopeInput {
  readonly content: Content;
  /** Who the sender is; anonymous envelopes have none. */
  readonly sender?: Signer;
  readonly delegations?: readonly SignedDelegationInput[];
  /** Who signs in the end; the sender without delegations. */
  readonly signer?: Signer;
}

/** A request body, signed as asked. `content` must name the right sender itself. */
export function envelopeBody({ content, sender, delegations, signer }: EnvelopeInput): Uint8Array {
  if (sender === undefined) return encodeCbor({ content });
  const payload = concatBytes(domainSeparator('ic-request'), hashOfMap(content));
  return encodeCbor({
    content,
    sender_pubkey: sender.publicKeyDer,
    sender_sig: (signer ?? sender).sign(payload),
    sender_delegation: delegations,
  });
}

export function callContent(fields: {
  readonly kind?: 'call' | 'query';
  readonly sender?: Principal;
  readonly canisterId: Principal;
  readonly method: string;
  readonly arg?: Uint8Array;
  readonly expiryNs: bigint;
  readonly nonce?: Uint8Array;
}): Content {
  return {
    request_type: fields.kind ?? 'call',
    sender: (fields.sender ?? Principal.anonymous()).toUint8Array(),
    canister_id: fields.canisterId.toUint8Array(),
    method_name: fields.method,
    arg: fields.arg ?? new Uint8Array(),
    ingress_expiry: fields.expiryNs,
    ...(fields.nonce && { nonce: fields.nonce }),
  };
}

export function readStateContent(fields: {
  readonly sender?: Principal;
  readonly paths: readonly (readonly Uint8Array[])[];
  readonly expiryNs: bigint;
}): Content {
  return {
    request_type: 'read_state',
    sender: (fields.sender ?? Principal.anonymous()).toUint8Array(),
    paths: fields.paths,
    ingress_expiry: fields.expiryNs,
  };
}

export function postCbor(app: Hono, path: string, body: Uint8Array): Promise<Response> {
  return Promise.resolve(
    app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/cbor' },
      body: new Uint8Array(body),
    }),
  );
}

/** The fields of a CBOR answer. */
export async function answerFields(response: Response): Promise<Map<string, unknown>> {
  const decoded = decodeCbor(new Uint8Array(await response.arrayBuffer()));
  if (!(decoded instanceof Map)) throw new Error('answer is not a CBOR map');
  return decoded as Map<string, unknown>;
}

export function blobField(fields: ReadonlyMap<string, unknown>, name: string): Uint8Array {
  const value = fields.get(name);
  if (!(value instanceof Uint8Array)) throw new Error(`field ${name} is not a blob`);
  return value;
}

/** Bytes that look random but follow from `label`. */
export function bytesFrom(label: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(label).digest());
}
