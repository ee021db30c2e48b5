import { encodeText } from '../text-host.ts';

const FIRST_CAPACITY = 1_024;
/** A buffer that one large message made is not kept for ever. */
const LARGEST_KEPT = 262_144;
/** A text of this length in bytes has a length of one byte. */
const SHORT_TEXT = 0x80;

/** Collects the bytes of one message. Reused for all of them, because allocation is what costs. */
export class CandidOutput {
  bytes = new Uint8Array(FIRST_CAPACITY);
  view = new DataView(this.bytes.buffer);
  length = 0;

  /** Makes room for `size` more bytes and gives the position of the first. */
  reserve(size: number): number {
    const at = this.length;
    this.length = at + size;
    if (this.length > this.bytes.length) this.#resize(this.length * 2);
    return at;
  }

  byte(value: number): void {
    const at = this.reserve(1);
    this.bytes[at] = value;
  }

  append(bytes: ArrayLike<number>): void {
    const at = this.reserve(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** LEB128 of a whole number from 0 to 2^53-1. */
  leb(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** Signed LEB128 of any whole number. */
  sleb(value: number | bigint): void {
    let rest = BigInt(value);
    for (;;) {
      const low = Number(BigInt.asUintN(7, rest));
      rest >>= 7n;
      const isLast = rest === (low < 0x40 ? 0n : -1n);
      this.byte(isLast ? low : low | 0x80);
      if (isLast) return;
    }
  }

  /** Length and UTF-8. One loop for the short ASCII texts that most are. */
  text(text: string): void {
    const size = text.length;
    if (size < SHORT_TEXT) {
      const start = this.reserve(size + 1);
      const { bytes } = this;
      bytes[start] = size;
      let index = 0;
      for (; index < size; index += 1) {
        const unit = text.charCodeAt(index);
        if (unit >= 0x80) break;
        bytes[start + 1 + index] = unit;
      }
      if (index === size) return;
      this.length = start;
    }
    const encoded = encodeText(text);
    this.leb(encoded.length);
    this.append(encoded);
  }

  /** The bytes so far; the output is empty afterwards. */
  finish(): Uint8Array {
    const message = this.bytes.slice(0, this.length);
    this.length = 0;
    if (this.bytes.length > LARGEST_KEPT) this.#resize(FIRST_CAPACITY);
    return message;
  }

  #resize(capacity: number): void {
    const { bytes } = this;
    this.bytes = new Uint8Array(capacity);
    this.bytes.set(bytes.subarray(0, this.length));
    this.view = new DataView(this.bytes.buffer);
  }
}
