import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';

/** PKCS#8 of an Ed25519 key, up to the 32 seed bytes. Source: RFC 8410. */
const PRIVATE_KEY_PREFIX = hexToBytes('302e020100300506032b657004220420');

export interface Ed25519Key {
  /** DER-encoded SubjectPublicKeyInfo, 44 bytes. */
  readonly publicKeyDer: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** `seed` is the 32-byte secret of RFC 8032. */
export function ed25519KeyFromSeed(seed: Uint8Array): Ed25519Key {
  if (seed.length !== 32) throw new RangeError(`BUG: Ed25519 seed of ${seed.length} bytes`);
  const der = Buffer.from(concatBytes(PRIVATE_KEY_PREFIX, seed));
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    publicKeyDer: new Uint8Array(publicKey),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}
