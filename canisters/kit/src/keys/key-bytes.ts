import { invariant } from '@decent-cloud/domain/assert.ts';

const FIRST_CAPACITY = 256;

/** Collects the bytes of one key. Reused for every key, because allocation is what costs. */
export class KeyWriter {
  bytes = new Uint8Array(FIRST_CAPACITY);
  view = new DataView(this.bytes.buffer);
  length = 0;

  /** Makes room for `size` more bytes and gives the position of the first. */
  reserve(size: number): number {
    const at = this.length;
    this.length = at + size;
    if (this.length > this.bytes.length) this.#grow();
    return at;
  }

  append(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.bytes.set(bytes, at);
  }

  finish(): Uint8Array {
    const key = this.bytes.slice(0, this.length);
    this.length = 0;
    return key;
  }

  #grow(): void {
    const grown = new Uint8Array(this.length * 2);
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

/** Takes the parts of a key off its bytes, in order. */
export class KeyReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves past `size` bytes and gives the position of the first. */
  skip(size: number): number {
    const at = this.at;
    this.at = at + size;
    invariant(this.at <= this.bytes.length, 'a stored key is too short');
    return at;
  }

  finish(): void {
    invariant(this.at === this.bytes.length, 'a stored key is too long');
  }
}
