import { Principal } from '@dfinity/principal';
import { encodeBase64 } from './base64.ts';

type Plain =
  null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain };

/**
 * Any value of the core as JSON: whole numbers of any size and times (nanoseconds since 1970) as
 * decimal text, principals as text, bytes in base64.
 */
export function exportJson(value: object): string {
  return JSON.stringify(plainOf(value), undefined, 1);
}

function plainOf(value: unknown): Plain {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') {
    return value;
  }
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Principal) return value.toText();
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (Array.isArray(value)) return value.map(plainOf);
  const entries = Object.entries(value).map(([name, item]) => [name, plainOf(item)] as const);
  return Object.fromEntries(entries);
}
