import { gunzipSync } from 'node:zlib';

const BYTES_MAX = 1024 * 1024;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;
const GZIP_MAGIC = [0x1f, 0x8b];

/** User data as clouds take it. Throws on damaged gzip and on more than 1 MiB. */
export type UserData =
  | { readonly kind: 'none' }
  | { readonly kind: 'cloud-config'; readonly text: string }
  | { readonly kind: 'script'; readonly text: string }
  /** Something else: the machine boots without it. */
  | { readonly kind: 'unknown'; readonly firstLine: string };

/**
 * Undoes base64 and gzip, in this order, as the data source for Hetzner does, and tells what it is by
 * its first line. Source: cloud-init, "User-data formats".
 */
export function decodeUserData(text: string | undefined): UserData {
  if (text === undefined || text.trim() === '') return { kind: 'none' };
  const plain = gunzipped(unbased(text)).toString('utf8');
  const firstLine = (plain.split('\n', 1)[0] ?? '').trimEnd();
  if (firstLine === '#cloud-config') return { kind: 'cloud-config', text: plain };
  if (firstLine.startsWith('#!')) return { kind: 'script', text: plain };
  return { kind: 'unknown', firstLine: firstLine.slice(0, 60) };
}

function unbased(text: string): Buffer {
  const isBase64 = BASE64.test(text) && text.replaceAll(/\s/g, '').length % 4 === 0;
  return Buffer.from(text, isBase64 ? 'base64' : 'utf8');
}

/** Bytes that a file of cloud-config may hold. */
export function gunzipped(bytes: Buffer): Buffer {
  const isGzip = GZIP_MAGIC.every((byte, index) => bytes[index] === byte);
  return isGzip ? gunzipSync(bytes, { maxOutputLength: BYTES_MAX }) : bytes;
}
