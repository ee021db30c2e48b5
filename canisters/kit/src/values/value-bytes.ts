import { invariant } from '@decent-cloud/domain/assert.ts';
import { charPerByte, decodeText, encodeText } from '../text-host.ts';
import { TailReader, type TailWriter } from './binary-tail.ts';
import type { Json } from './field.ts';

/** Layout: one byte of flags, the text's length in four bytes, the JSON text, the binary fields. */
const HEADER_BYTES = 5;
const FLAGS_AT = 0;
const TEXT_LENGTH_AT = 1;
/** The flag saves looking for bytes beyond ASCII, which costs as much as reading them. */
const ASCII = 0;
const BEYOND_ASCII = 1;

export function encodeJson(json: readonly Json[], tail: TailWriter): Uint8Array {
  const text = JSON.stringify(json);
  const encoded = encodeText(text);
  const target = new Uint8Array(HEADER_BYTES + encoded.length + tail.size);
  target[FLAGS_AT] = encoded.length === text.length ? ASCII : BEYOND_ASCII;
  new DataView(target.buffer).setUint32(TEXT_LENGTH_AT, encoded.length);
  target.set(encoded, HEADER_BYTES);
  let at = HEADER_BYTES + encoded.length;
  for (const piece of tail.pieces) {
    target.set(piece, at);
    at += piece.length;
  }
  return target;
}

export function decodeJson(bytes: Uint8Array): { json: readonly Json[]; tail: TailReader } {
  invariant(bytes.length > HEADER_BYTES, 'a stored value is too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = HEADER_BYTES + view.getUint32(TEXT_LENGTH_AT);
  invariant(end <= bytes.length, 'a stored value is too short');
  const encoded = bytes.subarray(HEADER_BYTES, end);
  const text = bytes[FLAGS_AT] === ASCII ? charPerByte(encoded) : decodeText(encoded);
  const json: unknown = JSON.parse(text);
  invariant(Array.isArray(json), 'a stored value is no list of fields');
  return { json: json as Json[], tail: new TailReader(bytes, end) };
}
