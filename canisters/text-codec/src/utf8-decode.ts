/** Kept well under the engine's limit of 65 535 arguments to one call. */
const CHUNK_BYTES = 8_192;
const REPLACEMENT = '\ufffd';

/** What the standard calls a fatal decoding error. */
class InvalidUtf8Error extends TypeError {
  override readonly name = 'InvalidUtf8Error';
  readonly code = 'ERR_ENCODING_INVALID_ENCODED_DATA';
}

/**
 * The text of UTF-8 bytes. Each maximal part of a broken sequence becomes one U+FFFD, or an
 * `InvalidUtf8Error` if `isFatal`. A byte order mark is kept.
 */
export function decodeUtf8(bytes: Uint8Array, isFatal: boolean): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const chunk = bytes.subarray(start, start + CHUNK_BYTES);
    if (!isAscii(chunk)) return text + decodeBeyondAscii(bytes.subarray(start), isFatal);
    text += oneCharPerByte(chunk);
  }
  return text;
}

/** One native pass, where a loop costs a thousand instructions per byte. */
function isAscii(chunk: Uint8Array): boolean {
  return (Reflect.apply(Math.max, undefined, chunk) as number) < 0x80;
}

function oneCharPerByte(chunk: Uint8Array): string {
  return Reflect.apply(String.fromCharCode, undefined, chunk) as string;
}

/**
 * `escape` is the one native function that percent-encodes bytes, and `decodeURIComponent` the one
 * that decodes UTF-8; it refuses exactly what the standard calls invalid.
 */
function decodeBeyondAscii(bytes: Uint8Array, isFatal: boolean): string {
  const { escape: percentEncode } = globalThis as unknown as { escape: (text: string) => string };
  let encoded = '';
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    encoded += percentEncode(oneCharPerByte(bytes.subarray(start, start + CHUNK_BYTES)));
  }
  try {
    return decodeURIComponent(encoded);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    if (isFatal) throw new InvalidUtf8Error('The encoded data was not valid for encoding utf-8');
    return decodeLossy(bytes);
  }
}

function decodeLossy(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const sequence = sequenceAt(bytes, at);
    text += sequence.isComplete ? String.fromCodePoint(scalarOf(bytes, at, sequence)) : REPLACEMENT;
    at += sequence.size;
  }
  return text;
}

/** A well-formed sequence, or the longest part of one that the bytes begin with (at least 1). */
interface Sequence {
  readonly size: number;
  readonly isComplete: boolean;
}

function sequenceAt(bytes: Uint8Array, at: number): Sequence {
  const lead = bytes[at] ?? 0;
  const expected = expectedSize(lead);
  let size = 1;
  while (size < expected && isContinuation(lead, size, bytes[at + size])) size += 1;
  return { size, isComplete: expected > 0 && size === expected };
}

/** Bytes in a sequence that starts with `lead`; 0 if none can. */
function expectedSize(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** The second byte's range depends on the first: no overlong forms, surrogates, or beyond 10FFFF. */
function isContinuation(lead: number, position: number, byte: number | undefined): boolean {
  if (byte === undefined || byte < 0x80 || byte > 0xbf) return false;
  if (position > 1) return true;
  if (lead === 0xe0) return byte >= 0xa0;
  if (lead === 0xed) return byte <= 0x9f;
  if (lead === 0xf0) return byte >= 0x90;
  return lead !== 0xf4 || byte <= 0x8f;
}

function scalarOf(bytes: Uint8Array, at: number, sequence: Sequence): number {
  const lead = bytes[at] ?? 0;
  if (sequence.size === 1) return lead;
  let scalar = lead & (0x7f >> sequence.size);
  for (let index = 1; index < sequence.size; index += 1) {
    scalar = (scalar << 6) | ((bytes[at + index] ?? 0) & 0x3f);
  }
  return scalar;
}

/** How many bytes at the end begin a sequence that later bytes may still complete (0 to 3). */
export function unfinishedTail(bytes: Uint8Array): number {
  for (let size = 1; size <= Math.min(3, bytes.length); size += 1) {
    const at = bytes.length - size;
    const lead = bytes[at] ?? 0;
    if (lead >= 0x80 && lead < 0xc0) continue;
    const sequence = sequenceAt(bytes, at);
    const isCutShort = sequence.size === size && size < expectedSize(lead);
    return isCutShort ? size : 0;
  }
  return 0;
}
