import { mapHashToField } from '@noble/curves/abstract/modular.js';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { sha512 } from '@noble/hashes/sha2.js';

/** Ciphersuite BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_: 48-byte signatures, 96-byte keys. */
const scheme = bls12_381.shortSignatures;

/** A key pair of the scheme that certificates are signed with. */
export interface BlsKey {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** The same seed always gives the same key. It guards nothing: anyone may know the seed. */
export function blsKeyFromSeed(seed: Uint8Array): BlsKey {
  const secret = mapHashToField(sha512(seed), bls12_381.fields.Fr.ORDER);
  return {
    publicKey: scheme.getPublicKey(secret).toBytes(true),
    sign: (message) => scheme.sign(scheme.hash(message), secret).toBytes(true),
  };
}

export function verifyBls(check: {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}): boolean {
  try {
    return scheme.verify(check.signature, scheme.hash(check.message), check.publicKey);
  } catch (error) {
    // Bytes that are no point of the curve cannot be a valid signature or key.
    if (error instanceof Error) return false;
    throw error;
  }
}
