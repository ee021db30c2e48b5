import { concatBytes } from '@noble/hashes/utils.js';
import { compareBytes, sha256, utf8 } from './bytes.ts';
import { encodeUleb128 } from './leb128.ts';

/** A value with a representation-independent hash. Natural numbers are bigint. */
export type Hashable = Uint8Array | string | bigint | readonly Hashable[] | HashableMap;

/** Fields that are `undefined` count as omitted. */
export interface HashableMap {
  readonly [field: string]: Hashable | undefined;
}

/**
 * The representation-independent hash of a map: equal for equal content, however it was encoded.
 * A request id is this hash of the request's content.
 *
 * Source: IC interface spec, "Representation-independent hashing of structured data".
 */
export function hashOfMap(map: HashableMap): Uint8Array {
  const entries: Uint8Array[] = [];
  for (const [field, value] of Object.entries(map)) {
    if (value === undefined) continue;
    entries.push(concatBytes(sha256(utf8(field)), hashOfValue(value)));
  }
  return sha256(...entries.sort(compareBytes));
}

function hashOfValue(value: Hashable): Uint8Array {
  if (typeof value === 'string') return sha256(utf8(value));
  if (typeof value === 'bigint') return sha256(encodeUleb128(value));
  if (value instanceof Uint8Array) return sha256(value);
  if (isList(value)) return sha256(...value.map(hashOfValue));
  return hashOfMap(value);
}

function isList(value: readonly Hashable[] | HashableMap): value is readonly Hashable[] {
  return Array.isArray(value);
}
