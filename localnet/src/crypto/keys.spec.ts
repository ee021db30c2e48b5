import { generateKeyPairSync, sign } from 'node:crypto';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { blsKeyFromSeed, verifyBls } from './bls.ts';
import { utf8 } from './bytes.ts';
import { ed25519KeyFromSeed } from './ed25519.ts';
import { parsePlainKey } from './plain-key.ts';
import { SignatureError } from './user-key.ts';

describe('BLS key', () => {
  const key = blsKeyFromSeed(utf8('a seed'));
  const message = utf8('a message');
  const signature = key.sign(message);

  it('is the same for the same seed only', () => {
    expect(blsKeyFromSeed(utf8('a seed')).publicKey).toEqual(key.publicKey);
    expect(blsKeyFromSeed(utf8('b seed')).publicKey).not.toEqual(key.publicKey);
    expect(bytesToHex(key.publicKey)).toMatchInlineSnapshot(
      `"870e20b7cdaf58f871c22de9d2a13d23a53a20b21d29543fe8974a70f35e36509cac64803a4d7cd91cc73721541cb1d810d080b8af2606da085153fc74ae4b9b9b145e7f16f6f5faa6ea78d6422169aab3e04c53f12f911818a9025cd44c6bbe"`,
    );
  });

  it('makes 48-byte signatures that verify under its 96-byte public key only', () => {
    expect(signature).toHaveLength(48);
    expect(key.publicKey).toHaveLength(96);
    const { publicKey } = key;
    expect(verifyBls({ publicKey, message, signature })).toBe(true);
    expect(verifyBls({ publicKey, message: utf8('another'), signature })).toBe(false);
    const other = blsKeyFromSeed(utf8('b seed')).publicKey;
    expect(verifyBls({ publicKey: other, message, signature })).toBe(false);
    expect(verifyBls({ publicKey, message, signature: new Uint8Array(48) })).toBe(false);
    expect(verifyBls({ publicKey, message, signature: signature.slice(1) })).toBe(false);
  });

  it('uses the ciphersuite of the specification', () => {
    const hashed = bls12_381.G1.hashToCurve(message, {
      DST: 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_',
    });
    const isValid = bls12_381.shortSignatures.verify(
      signature,
      bls12_381.G1.Point.fromAffine(hashed.toAffine()),
      key.publicKey,
    );
    expect(isValid).toBe(true);
  });
});

describe('plain user key', () => {
  const payload = utf8('payload');
  const makers = {
    Ed25519: () => generateKeyPairSync('ed25519'),
    'P-256': () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
    secp256k1: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  };

  it.each(Object.entries(makers))('verifies %s signatures', (name, make) => {
    const pair = make();
    const der = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }));
    const hash = name === 'Ed25519' ? null : 'sha256';
    const signature = sign(hash, payload, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });
    const key = parsePlainKey(der);
    if (key === undefined) throw new Error('the key is not known');
    expect(() => key.verify(payload, signature)).not.toThrow();
    expect(() => key.verify(utf8('other'), signature)).toThrow(SignatureError);
    expect(() => key.verify(payload, signature.subarray(1))).toThrow(SignatureError);
    expect(() => key.verify(payload, new Uint8Array(64))).toThrow(SignatureError);
    expect(() => key.verify(payload, new Uint8Array())).toThrow(SignatureError);
    expect(parsePlainKey(der.slice(1))).toBeUndefined();
    expect(parsePlainKey(Uint8Array.of(...der, 0))).toBeUndefined();
  });

  it('refuses a point that is not on the curve', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const der = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }));
    expect(() => parsePlainKey(der.fill(1, 27))).toThrow(SignatureError);
  });

  it('does not take RSA keys', () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 1_024 });
    expect(parsePlainKey(pair.publicKey.export({ format: 'der', type: 'spki' }))).toBeUndefined();
  });

  it('signs with an Ed25519 key made from a seed', () => {
    const key = ed25519KeyFromSeed(new Uint8Array(32).fill(1));
    expect(key.publicKeyDer).toHaveLength(44);
    parsePlainKey(key.publicKeyDer)?.verify(payload, key.sign(payload));
    expect(() => ed25519KeyFromSeed(new Uint8Array(31))).toThrow(RangeError);
  });
});
