import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { encode } from 'cborg';
import { describe, expect, it } from 'vitest';
import { sha256, utf8 } from './bytes.ts';
import { encodeCbor } from './cbor.ts';
import { parseUserKey } from './parse-user-key.ts';
import { SignatureError } from './user-key.ts';

/** The example of a DER-wrapped COSE key in the interface specification. */
const SPEC_KEY = hexToBytes(
  '305e300c060a2b0601040183b8430101034e00a50102032620012158207ffd83632072fd1bfeaf3fbaa43146e0' +
    'ef95c3f55e3994a41bbf2b5174d771da22582032497eed0a7f6f000928765b8318162cfd80a94e525a6a368c' +
    '2363063d04e6ed',
);
const ROOT_KEY = new Uint8Array();
const PAYLOAD = utf8('\u0005payload');

function part(publicKey: KeyObject, name: 'x' | 'y' | 'n' | 'e'): Uint8Array {
  return new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' })[name] ?? '', 'base64url'));
}

const SCHEMES = {
  'ECDSA P-256': () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const key = pair.publicKey;
    const cose = { 1: 2, 3: -7, [-1]: 1, [-2]: part(key, 'x'), [-3]: part(key, 'y') };
    return { pair, cose, hash: 'sha256' };
  },
  RSA: () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const key = pair.publicKey;
    return {
      pair,
      cose: { 1: 3, 3: -257, [-1]: part(key, 'n'), [-2]: part(key, 'e') },
      hash: 'sha256',
    };
  },
  Ed25519: () => {
    const pair = generateKeyPairSync('ed25519');
    return { pair, cose: { 1: 1, 3: -8, [-1]: 6, [-2]: part(pair.publicKey, 'x') }, hash: null };
  },
};

/** A COSE map has integer keys, which an object literal turns into text. */
function coseDer(cose: Record<string, number | Uint8Array>): Uint8Array {
  const map = new Map(Object.entries(cose).map(([label, value]) => [Number(label), value]));
  const bits = concatBytes(Uint8Array.of(0), encode(map));
  const algorithm = hexToBytes('300c060a2b0601040183b8430101');
  return derSequence(concatBytes(algorithm, Uint8Array.of(3), derLength(bits.length), bits));
}

function derSequence(content: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(0x30), derLength(content.length), content);
}

function derLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  return length < 0x100
    ? Uint8Array.of(0x81, length)
    : Uint8Array.of(0x82, length >> 8, length & 0xff);
}

function assertion(fields: {
  readonly privateKey: KeyObject;
  readonly hash: string | null;
  readonly challenge?: string;
  readonly clientDataAsBlob?: boolean;
}): Uint8Array {
  const authenticatorData = new Uint8Array(37).fill(1);
  const clientData = JSON.stringify({
    type: 'webauthn.get',
    challenge: fields.challenge ?? Buffer.from(PAYLOAD).toString('base64url'),
    origin: 'https://page.example',
  });
  const signed = concatBytes(authenticatorData, sha256(utf8(clientData)));
  return encodeCbor({
    authenticator_data: authenticatorData,
    client_data_json: fields.clientDataAsBlob === true ? utf8(clientData) : clientData,
    signature: new Uint8Array(sign(fields.hash, signed, fields.privateKey)),
  });
}

describe('WebAuthn key', () => {
  it.each(Object.entries(SCHEMES))('verifies assertions made with %s', (_, make) => {
    const { pair, cose, hash } = make();
    const { privateKey } = pair;
    const key = parseUserKey(coseDer(cose), ROOT_KEY);
    key.verify(PAYLOAD, assertion({ privateKey, hash }));
    key.verify(PAYLOAD, assertion({ privateKey, hash, clientDataAsBlob: true }));
    expect(key.signingCanister).toBeUndefined();

    const wrong = (signature: Uint8Array, payload = PAYLOAD) =>
      expect(() => key.verify(payload, signature)).toThrow(SignatureError);
    const good = assertion({ privateKey, hash });
    wrong(good, utf8('another payload'));
    wrong(assertion({ privateKey: make().pair.privateKey, hash }));
    wrong(assertion({ privateKey, hash, challenge: 'AAAA' }));
    wrong(assertion({ privateKey, hash, challenge: '***' }));
    wrong(good.slice(0, -1));
    wrong(encodeCbor({ authenticator_data: new Uint8Array(), signature: new Uint8Array() }));
    wrong(
      encodeCbor({ authenticator_data: utf8('x'), client_data_json: '{', signature: utf8('x') }),
    );
    wrong(encodeCbor([1]));
  });

  it('reads the key in the example of the specification', () => {
    const key = parseUserKey(SPEC_KEY, ROOT_KEY);
    expect(() => key.verify(PAYLOAD, new Uint8Array())).toThrow(SignatureError);
  });

  it.each([
    ['no algorithm', { 1: 2 }],
    ['an algorithm of another key type', { 1: 1, 3: -7, [-1]: 1 }],
    [
      'a point that is not on the curve',
      { 1: 2, 3: -7, [-1]: 1, [-2]: utf8('x'), [-3]: utf8('y') },
    ],
    ['a coordinate that is a number', { 1: 2, 3: -7, [-1]: 1, [-2]: 1, [-3]: 1 }],
  ])('refuses %s', (_, cose) => {
    expect(() => parseUserKey(coseDer(cose), ROOT_KEY)).toThrow(SignatureError);
  });
});
