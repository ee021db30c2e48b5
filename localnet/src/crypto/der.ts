import { hexToBytes, concatBytes } from '@noble/hashes/utils.js';
import { equalBytes } from './bytes.ts';

/** SubjectPublicKeyInfo of a BLS12-381 key in G2, up to the 96 key bytes. Source: IC spec, RFC 5480. */
const BLS_PREFIX = hexToBytes(
  '308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100',
);
const BLS_KEY_BYTES = 96;

const TAG_SEQUENCE = 0x30;
const TAG_OBJECT_ID = 0x06;
const TAG_BIT_STRING = 0x03;

/** The input is not the DER structure it should be. */
export class DerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DerError';
  }
}

export function blsKeyToDer(key: Uint8Array): Uint8Array {
  if (key.length !== BLS_KEY_BYTES) throw new DerError(`BUG: BLS key of ${key.length} bytes`);
  return concatBytes(BLS_PREFIX, key);
}

/** The 96 bytes of a DER-encoded BLS public key. */
export function blsKeyFromDer(der: Uint8Array): Uint8Array {
  const hasPrefix = equalBytes(der.subarray(0, BLS_PREFIX.length), BLS_PREFIX);
  if (!hasPrefix || der.length !== BLS_PREFIX.length + BLS_KEY_BYTES) {
    throw new DerError('not a DER-encoded BLS12-381 public key');
  }
  return der.slice(BLS_PREFIX.length);
}

/** A public key whose algorithm has no parameters: OID in hex, and the key's bytes. */
export interface SubjectPublicKeyInfo {
  readonly algorithmHex: string;
  readonly key: Uint8Array;
}

/**
 * Reads `SEQUENCE { SEQUENCE { OID }, BIT STRING }` and nothing else: no parameters, no unused
 * bits, no trailing bytes, shortest lengths only.
 */
export function parseSubjectPublicKeyInfo(der: Uint8Array): SubjectPublicKeyInfo {
  const outer = new DerReader(der);
  const info = new DerReader(outer.read(TAG_SEQUENCE));
  outer.assertEnd();
  const algorithm = new DerReader(info.read(TAG_SEQUENCE));
  const oid = algorithm.read(TAG_OBJECT_ID);
  algorithm.assertEnd();
  const bits = info.read(TAG_BIT_STRING);
  info.assertEnd();
  if (bits[0] !== 0) throw new DerError('bit string with unused bits');
  return { algorithmHex: Buffer.from(oid).toString('hex'), key: bits.slice(1) };
}

class DerReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(tag: number): Uint8Array {
    if (this.#byte() !== tag) throw new DerError('unexpected DER tag');
    const length = this.#length();
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new DerError('DER value is cut short');
    const value = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return value;
  }

  assertEnd(): void {
    if (this.#position !== this.#bytes.length) throw new DerError('trailing DER bytes');
  }

  #byte(): number {
    const byte = this.#bytes[this.#position];
    if (byte === undefined) throw new DerError('DER value is cut short');
    this.#position += 1;
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const lengthBytes = first & 0x7f;
    if (lengthBytes === 0 || lengthBytes > 2) throw new DerError('unsupported DER length');
    let length = 0;
    for (let index = 0; index < lengthBytes; index += 1) length = length * 256 + this.#byte();
    const isShortest = length >= (lengthBytes === 1 ? 0x80 : 0x100);
    if (!isShortest) throw new DerError('DER length is not the shortest');
    return length;
  }
}
