const FIRST_BYTES = 1 << 16;

/** Rows of one stable memory, packed: millions of small arrays would cost more than their contents. */
export class RowStore {
  #bytes = Buffer.alloc(FIRST_BYTES);
  /** Where each key, its value and the end of both lie. */
  readonly #keyAt: number[] = [];
  readonly #valueAt: number[] = [];
  #end = 0;

  /** A key that is there already gets the new value. */
  add(key: Uint8Array, value: Uint8Array): void {
    const end = this.#end + key.length + value.length;
    if (end > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes], Math.max(end, 2 * this.#bytes.length));
    }
    this.#keyAt.push(this.#end);
    this.#valueAt.push(this.#end + key.length);
    this.#bytes.set(key, this.#end);
    this.#bytes.set(value, this.#end + key.length);
    this.#end = end;
  }

  /** The rows in the order of their keys, as numbers for `key` and `value`. */
  sorted(): number[] {
    const rows = this.#keyAt.map((_at, row) => row);
    rows.sort((one, other) => this.#compare(one, other) || one - other);
    return rows.filter((row, index) => {
      const next = rows[index + 1];
      return next === undefined || this.#compare(row, next) !== 0;
    });
  }

  key(row: number): Uint8Array {
    return this.#bytes.subarray(this.#keyAt[row], this.#valueAt[row]);
  }

  value(row: number): Uint8Array {
    return this.#bytes.subarray(this.#valueAt[row], this.#keyAt[row + 1] ?? this.#end);
  }

  #compare(one: number, other: number): number {
    const bytes = this.#bytes;
    const [oneAt, oneEnd] = [this.#keyAt[one], this.#valueAt[one]];
    return bytes.compare(bytes, this.#keyAt[other], this.#valueAt[other], oneAt, oneEnd);
  }
}
