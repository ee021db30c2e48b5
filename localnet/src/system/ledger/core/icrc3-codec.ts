import { decode, encode } from 'cborg';
import { bigIntDecoder, bigIntEncoder, TAG_BIGINT_POS } from 'cborg/taglib';
import type { Icrc3Value } from './icrc3-value.ts';

/** CBOR's "this is CBOR" tag 55799, which the ICRC-1 ledger puts before every block. */
const SELF_DESCRIBE = Uint8Array.of(0xd9, 0xd9, 0xf7);

type Plain = string | bigint | Uint8Array | readonly Plain[] | ReadonlyMap<string, Plain>;

/** Encodes a value as the ICRC-1 ledger and its archive keep blocks: tagged CBOR. */
export function encodeValue(value: Icrc3Value): Uint8Array {
  const body = encode(toPlain(value), { typeEncoders: { bigint: bigIntEncoder } });
  const bytes = new Uint8Array(SELF_DESCRIBE.length + body.length);
  bytes.set(SELF_DESCRIBE);
  bytes.set(body, SELF_DESCRIBE.length);
  return bytes;
}

/** Inverse of `encodeValue`. Throws on bytes that are not such a value. */
export function decodeValue(bytes: Uint8Array): Icrc3Value {
  const isTagged = SELF_DESCRIBE.every((byte, index) => bytes[index] === byte);
  const body = isTagged ? bytes.subarray(SELF_DESCRIBE.length) : bytes;
  const plain: unknown = decode(body, {
    useMaps: true,
    tags: { [TAG_BIGINT_POS]: bigIntDecoder },
  });
  return fromPlain(plain);
}

function toPlain(value: Icrc3Value): Plain {
  if ('Nat' in value) return value.Nat;
  if ('Int' in value) return value.Int;
  if ('Text' in value) return value.Text;
  if ('Blob' in value) return value.Blob;
  if ('Array' in value) return value.Array.map(toPlain);
  return new Map(value.Map.map(([key, item]) => [key, toPlain(item)]));
}

function fromPlain(plain: unknown): Icrc3Value {
  if (typeof plain === 'number' || typeof plain === 'bigint') return { Nat: BigInt(plain) };
  if (typeof plain === 'string') return { Text: plain };
  if (plain instanceof Uint8Array) return { Blob: new Uint8Array(plain) };
  if (Array.isArray(plain)) return { Array: plain.map(fromPlain) };
  if (plain instanceof Map) {
    const entries = [...plain].map(([key, item]) => [String(key), fromPlain(item)] as const);
    // Ledgers show maps in the order of their keys, CBOR has them shortest key first.
    return { Map: entries.sort(([a], [b]) => (a < b ? -1 : 1)) };
  }
  throw new Error(`not an ICRC-3 value: ${typeof plain}`);
}
