import { invariant } from '@decent-cloud/domain/assert.ts';

/** Collects the binary fields of one value, in the order of its schema. */
export class TailWriter {
  readonly pieces: Uint8Array[] = [];
  size = 0;

  /** Gives the length, which stands in the value's text for the bytes. */
  append(bytes: Uint8Array): number {
    this.pieces.push(bytes);
    this.size += bytes.length;
    return bytes.length;
  }
}

/** Gives back the binary fields of one value, in the order of its schema. */
export class TailReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  take(size: number): Uint8Array {
    const end = this.#at + size;
    invariant(size >= 0 && end <= this.#bytes.length, 'a stored value is too short');
    const piece = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return piece;
  }

  finish(): void {
    invariant(this.#at === this.#bytes.length, 'a stored value is too long');
  }
}
