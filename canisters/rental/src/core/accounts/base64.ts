const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CHARS = 4;
const BYTES = 3;

/** Bytes of padded base64 in its only canonical spelling (RFC 4648 §4); undefined for anything else. */
export function decodeBase64(value: string): Uint8Array | undefined {
  if (value.length % CHARS !== 0) return undefined;
  const padding = paddingOf(value);
  const bytes = new Uint8Array((value.length / CHARS) * BYTES - padding);
  let bits = 0;
  for (let at = 0; at < value.length; at += 1) {
    const isPadding = at >= value.length - padding;
    const word = isPadding ? 0 : ALPHABET.indexOf(value.charAt(at));
    if (word < 0) return undefined;
    bits = (bits << 6) | word;
    if (at % CHARS !== CHARS - 1) continue;
    const start = ((at + 1) / CHARS) * BYTES - BYTES;
    // What falls beyond the end is the padding's, and must be zero.
    for (let byte = 0; byte < BYTES; byte += 1) {
      const part = (bits >>> (8 * (BYTES - 1 - byte))) & 0xff;
      if (start + byte < bytes.length) bytes[start + byte] = part;
      else if (part !== 0) return undefined;
    }
    bits = 0;
  }
  return bytes;
}

/** Base64 of bytes, padded. */
export function encodeBase64(bytes: Uint8Array): string {
  let value = '';
  for (let at = 0; at < bytes.length; at += BYTES) {
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const chars = Math.min(bytes.length - at, BYTES) + 1;
    for (let char = 0; char < CHARS; char += 1) {
      value += char < chars ? ALPHABET.charAt((bits >>> (6 * (CHARS - 1 - char))) & 63) : '=';
    }
  }
  return value;
}

function paddingOf(value: string): number {
  if (value.endsWith('==')) return 2;
  return value.endsWith('=') ? 1 : 0;
}
