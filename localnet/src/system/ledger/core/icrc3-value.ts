import { hash } from 'node:crypto';
import { encodeUleb128 } from '../../../crypto/leb128.ts';

/** The generic value of ICRC-3, in the shape Candid gives it. */
export type Icrc3Value =
  | { readonly Nat: bigint }
  | { readonly Int: bigint }
  | { readonly Text: string }
  | { readonly Blob: Uint8Array }
  | { readonly Array: readonly Icrc3Value[] }
  | { readonly Map: readonly (readonly [string, Icrc3Value])[] };

/**
 * Representation-independent hash of a value: the `phash` of blocks.
 * Source: ICRC-3 standard, "Value", hash function.
 */
export function hashValue(value: Icrc3Value): Buffer {
  if ('Nat' in value) return sha256(encodeUleb128(value.Nat));
  if ('Int' in value) return sha256(sleb128(value.Int));
  if ('Text' in value) return sha256(value.Text);
  if ('Blob' in value) return sha256(value.Blob);
  if ('Array' in value) return sha256(Buffer.concat(value.Array.map(hashValue)));
  const entries = value.Map.map(([key, item]) => Buffer.concat([sha256(key), hashValue(item)]));
  return sha256(Buffer.concat(entries.sort((a, b) => Buffer.compare(a, b))));
}

export function mapEntry(value: Icrc3Value, key: string): Icrc3Value | undefined {
  if (!('Map' in value)) return undefined;
  return value.Map.find(([name]) => name === key)?.[1];
}

function sha256(data: Uint8Array | string): Buffer {
  return hash('sha256', data, 'buffer');
}

/** Signed LEB128 of a number of any size. */
export function sleb128(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isSignBitSet = (low & 0x40) !== 0;
    if ((rest === 0n && !isSignBitSet) || (rest === -1n && isSignBitSet)) {
      bytes.push(low);
      return Uint8Array.from(bytes);
    }
    bytes.push(low | 0x80);
  }
}
