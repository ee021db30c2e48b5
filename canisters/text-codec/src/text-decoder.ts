import { decodeUtf8, unfinishedTail } from './utf8-decode.ts';

/** All names of UTF-8. Source: WHATWG Encoding, section 4.2. */
const UTF8_LABELS = new Set([
  'unicode-1-1-utf-8',
  'unicode11utf8',
  'unicode20utf8',
  'utf-8',
  'utf8',
  'x-unicode20utf8',
]);
const BYTE_ORDER_MARK = '\ufeff';
const NO_BYTES = new Uint8Array(0);

export interface TextDecoderOptions {
  readonly fatal?: boolean;
  readonly ignoreBOM?: boolean;
}

export interface TextDecodeOptions {
  readonly stream?: boolean;
}

/**
 * The standard's `TextDecoder`, for UTF-8 only: another label is a `RangeError`. After a fatal error
 * the decoder starts afresh. Source: WHATWG Encoding, section 8.1.
 */
export class TextDecoder {
  readonly encoding = 'utf-8';
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  /** Bytes of a sequence that the last `stream` chunk cut in two. */
  #pending = NO_BYTES;
  #isAtStart = true;

  constructor(label = 'utf-8', options: TextDecoderOptions = {}) {
    if (!UTF8_LABELS.has(label.trim().toLowerCase())) {
      throw new RangeError(`The "${label}" encoding is not supported`);
    }
    this.fatal = options.fatal ?? false;
    this.ignoreBOM = options.ignoreBOM ?? false;
  }

  decode(input?: ArrayBufferView | ArrayBuffer, options: TextDecodeOptions = {}): string {
    const bytes = joined(this.#pending, bytesOf(input));
    const isAtStart = this.#isAtStart;
    this.#pending = NO_BYTES;
    this.#isAtStart = true;
    if (options.stream !== true) return this.#decode(bytes, isAtStart);
    const end = bytes.length - unfinishedTail(bytes);
    const text = this.#decode(bytes.subarray(0, end), isAtStart);
    this.#pending = bytes.slice(end);
    this.#isAtStart = isAtStart && end === 0;
    return text;
  }

  #decode(bytes: Uint8Array, isAtStart: boolean): string {
    const text = decodeUtf8(bytes, this.fatal);
    const hasMark = isAtStart && !this.ignoreBOM && text.startsWith(BYTE_ORDER_MARK);
    return hasMark ? text.slice(1) : text;
  }
}

function bytesOf(input: ArrayBufferView | ArrayBuffer | undefined): Uint8Array {
  if (input === undefined) return NO_BYTES;
  if (input instanceof Uint8Array) return input;
  if (ArrayBuffer.isView(input)) {
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  }
  return new Uint8Array(input);
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0) return tail;
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}
