import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { hexToBytes } from '@noble/hashes/utils.js';
import { equalBytes } from './bytes.ts';
import { SignatureError, type UserKey } from './user-key.ts';

/** One of the plain signature schemes: DER prefix of its keys and how to verify. */
interface PlainScheme {
  readonly name: 'Ed25519' | 'ECDSA P-256' | 'ECDSA secp256k1';
  readonly prefix: Uint8Array;
  readonly keyBytes: number;
  readonly hash: 'sha256' | null;
}

/**
 * Keys have exactly one encoding each: no compressed points, no parameters, no hash named.
 * Source: IC interface spec, "Ed25519 and ECDSA signatures"; RFC 8410 and RFC 5480.
 */
const SCHEMES: readonly PlainScheme[] = [
  {
    name: 'Ed25519',
    prefix: hexToBytes('302a300506032b6570032100'),
    keyBytes: 32,
    hash: null,
  },
  {
    name: 'ECDSA P-256',
    prefix: hexToBytes('3059301306072a8648ce3d020106082a8648ce3d03010703420004'),
    keyBytes: 64,
    hash: 'sha256',
  },
  {
    name: 'ECDSA secp256k1',
    prefix: hexToBytes('3056301006072a8648ce3d020106052b8104000a03420004'),
    keyBytes: 64,
    hash: 'sha256',
  },
];

/** r and s, or R and S, of 32 bytes each. */
const SIGNATURE_BYTES = 64;

/** A plain key, or undefined if the DER is not of one of the plain schemes. */
export function parsePlainKey(der: Uint8Array): UserKey | undefined {
  const scheme = SCHEMES.find(
    ({ prefix, keyBytes }) =>
      der.length === prefix.length + keyBytes && equalBytes(der.subarray(0, prefix.length), prefix),
  );
  if (scheme === undefined) return undefined;
  const key = importKey(der, scheme.name);
  return {
    signingCanister: undefined,
    verify: (payload, signature) => {
      const isValid =
        signature.length === SIGNATURE_BYTES &&
        verify(scheme.hash, payload, { key, dsaEncoding: 'ieee-p1363' }, signature);
      if (!isValid) {
        throw new SignatureError(
          'signature',
          `Invalid basic signature: ${scheme.name} signature could not be verified`,
        );
      }
    },
  };
}

function importKey(der: Uint8Array, scheme: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new SignatureError('public-key', `malformed ${scheme} public key: ${detail}`);
  }
}
