import { createHash } from 'node:crypto';

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** SHA-256 of the concatenation of `parts`, as a plain array that owns its memory. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hasher = createHash('sha256');
  for (const part of parts) hasher.update(part);
  return new Uint8Array(hasher.digest());
}

/** Lexicographic order of unsigned bytes, a prefix first: the order of labels and principals. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/**
 * A domain separator: the length of `name` in one byte, then `name`.
 * Source: IC interface spec, "Signatures".
 */
export function domainSeparator(name: string): Uint8Array {
  const bytes = utf8(name);
  return Uint8Array.of(bytes.length, ...bytes);
}
