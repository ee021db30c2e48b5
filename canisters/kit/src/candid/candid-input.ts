import { charPerByte, decodeTextStrictly } from '../text-host.ts';
import { CandidError } from './shape.ts';

/** Texts up to this size are looked through and read in two native calls. */
const ONE_CALL_BYTES = 8_192;
/** Values that take no bytes are free to the sender but not to us. */
const FREE_VALUES = 10_000;
/**
 * Elements of lists, and types of the header, in one message. Each costs us thousands of instructions
 * before anybody has looked at who sends it, and the sender as little as a byte.
 */
const MAX_ITEMS = 100_000;
/** Readers of recursive types call themselves; at three times this depth the stack is used up. */
const MAX_DEPTH = 64;
const GROUP_BYTES = 7;
const GROUP_SCALE = 2 ** 49;
const GROUP_BITS = 49n;
/** No honest number is longer, and reading one takes time that grows with its square. */
const MAX_NUMBER_BYTES = 1_024;

/** Takes values off the bytes of one message. What is not there is a `CandidError`. */
export class CandidInput {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at = 0;
  depth = 0;
  #freeValues = FREE_VALUES;
  #items = MAX_ITEMS;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** Moves past `size` bytes and gives the position of the first. */
  take(size: number): number {
    const at = this.at;
    this.at = at + size;
    if (this.at > this.bytes.length) throw new CandidError('the message is cut short');
    return at;
  }

  byte(): number {
    return this.bytes[this.take(1)] ?? 0;
  }

  /** 0 or 1, as they stand before an option's value and in a bool. */
  flag(): boolean {
    const byte = this.byte();
    if (byte > 1) throw new CandidError('neither 0 nor 1');
    return byte === 1;
  }

  /** A length or an index: LEB128 below 2^49. */
  count(): number {
    return this.#group(false);
  }

  /** A length of bytes, or of things that take at least a byte each. */
  length(): number {
    const length = this.count();
    if (length > this.left) throw new CandidError('the message is cut short');
    return length;
  }

  /** A length of things that are read one by one: only so many may be in a message. */
  items(isZeroSized: boolean): number {
    const length = isZeroSized ? this.count() : this.length();
    if (isZeroSized) this.spend(length);
    this.#items -= length;
    if (this.#items < 0) throw new CandidError(`more than ${MAX_ITEMS} values in lists`);
    return length;
  }

  /** Counts values that take no bytes. */
  spend(values: number): void {
    this.#freeValues -= values;
    if (this.#freeValues < 0) throw new CandidError('too many values for so few bytes');
  }

  /** Signed LEB128 between -2^48 and 2^48: a type code or index. */
  code(): number {
    return this.#group(true);
  }

  /** A number of any size, but not an absurd one. */
  integer(isSigned: boolean): bigint {
    const first = this.bytes[this.at] ?? 0x80;
    if (first < 0x40) {
      this.at += 1;
      return BigInt(first);
    }
    const end = this.#endOfNumber();
    if (end - this.at <= GROUP_BYTES) return BigInt(this.#group(isSigned));
    return this.#largeInteger(end, isSigned);
  }

  text(): string {
    const size = this.length();
    const at = this.take(size);
    if (size === 0) return '';
    const bytes = this.bytes.subarray(at, at + size);
    const isAscii =
      size <= ONE_CALL_BYTES && (Reflect.apply(Math.max, undefined, bytes) as number) < 0x80;
    if (isAscii) return charPerByte(bytes);
    try {
      return decodeTextStrictly(bytes);
    } catch {
      throw new CandidError('a text that is not UTF-8');
    }
  }

  /** Runs a reader of a type that may be inside itself. */
  deeper<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new CandidError('values inside values without end');
    const value = read();
    this.depth -= 1;
    return value;
  }

  #endOfNumber(): number {
    let end = this.at;
    while ((this.bytes[end] ?? 0) >= 0x80) end += 1;
    if (end >= this.bytes.length) throw new CandidError('the message is cut short');
    if (end - this.at >= MAX_NUMBER_BYTES) throw new CandidError('a number is too long');
    return end + 1;
  }

  #largeInteger(end: number, isSigned: boolean): bigint {
    const bits = BigInt((end - this.at) * GROUP_BYTES);
    let value = 0n;
    let shift = 0n;
    while (this.at < end) {
      let group = 0;
      for (let scale = 1; scale < GROUP_SCALE && this.at < end; scale *= 0x80) {
        group += (this.byte() & 0x7f) * scale;
      }
      value |= BigInt(group) << shift;
      shift += GROUP_BITS;
    }
    return isSigned ? BigInt.asIntN(Number(bits), value) : value;
  }

  #group(isSigned: boolean): number {
    let value = 0;
    for (let scale = 1; scale < GROUP_SCALE; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return isSigned && byte >= 0x40 ? value - scale * 0x80 : value;
    }
    throw new CandidError('a number is too long');
  }
}
