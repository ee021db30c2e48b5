import { invariant, present } from '@decent-cloud/domain/assert.ts';
import { uint32 } from '../keys/integer-keys.ts';
import { composite, keyCodec, type KeyCodec, type KeyPart } from '../keys/key-codec.ts';
import { charPerByte } from '../text-host.ts';
import type { ValueCodec } from '../values/value-codec.ts';
import { BoundedCache } from './bounded-cache.ts';
import { pageSequences, type Page, type PageRequest } from './page.ts';
import type { StableStore } from './stable-store.port.ts';

/** Part of the stored form: never changed. */
const ROWS_PER_BLOCK = 16;
/** The number under which a parent's last block is kept; never that of a full one. */
const TAIL = 2 ** 32 - 1;
const COUNT_BYTES = 4;
const LENGTH_BYTES = 2;
const LONGEST_ROW = 2 ** 16 - 1;
const CACHED_TAILS = 1_024;

export interface PackedListOptions<P, V> {
  /** Must hold nothing else. */
  readonly store: StableStore;
  /** Where blocks that are not full are kept; with the others if left out. */
  readonly tails?: StableStore;
  /** How a parent is written; parents share one store. */
  readonly parent: KeyPart<P>;
  readonly value: ValueCodec<V>;
}

/**
 * Lists of small rows, numbered 0, 1, 2, … without holes, one list for each parent. Rows are added and
 * read, never changed, and go only with the whole list. Sixteen make a block; the block that is not full stands with the
 * number of all rows in one stored value, so that adding a row is one write.
 */
export class PackedList<P, V extends object> {
  readonly #store: StableStore;
  readonly #tailStore: StableStore;
  readonly #key: KeyCodec<readonly [P, number]>;
  readonly #value: ValueCodec<V>;
  readonly #tails = new BoundedCache<string, Uint8Array>(CACHED_TAILS);

  constructor({ store, tails = store, parent, value }: PackedListOptions<P, V>) {
    this.#store = store;
    this.#tailStore = tails;
    this.#key = keyCodec(composite(parent, uint32));
    this.#value = value;
  }

  /** Adds a row at the end and gives its number. */
  append(parent: P, value: V): number {
    const tailKey = this.#key.encode([parent, TAIL]);
    const name = charPerByte(tailKey);
    const tail = this.#tails.get(name) ?? this.#storedTail(tailKey);
    const seq = countOf(tail);
    let grown = withRow(tail, this.#value.encode(value));
    if ((seq + 1) % ROWS_PER_BLOCK === 0) {
      const block = Math.floor(seq / ROWS_PER_BLOCK);
      this.#store.insert(this.#key.encode([parent, block]), grown.slice(COUNT_BYTES));
      grown = grown.slice(0, COUNT_BYTES);
    }
    this.#tailStore.insert(tailKey, grown);
    this.#tails.set(name, grown);
    return seq;
  }

  get(parent: P, seq: number): V | undefined {
    return this.#rowOf(parent, seq, (block) => this.#block(parent, block));
  }

  length(parent: P): number {
    return countOf(this.#tail(parent));
  }

  /** Removes all rows of a parent; as many writes as it has blocks. The list can be used again. */
  clear(parent: P): void {
    const blocks = Math.floor(this.length(parent) / ROWS_PER_BLOCK);
    for (let block = 0; block < blocks; block += 1) {
      this.#store.remove(this.#key.encode([parent, block]));
    }
    const tailKey = this.#key.encode([parent, TAIL]);
    this.#tailStore.remove(tailKey);
    this.#tails.delete(charPerByte(tailKey));
  }

  /** Reads each block once. */
  page(parent: P, request: PageRequest): Page<V> {
    const { sequences, next } = pageSequences(this.length(parent), request);
    const read = new Map<number, Uint8Array>();
    const blockOf = (block: number): Uint8Array => {
      const bytes = read.get(block) ?? this.#block(parent, block);
      read.set(block, bytes);
      return bytes;
    };
    const rows = sequences.map((seq) => ({
      seq,
      value: present(this.#rowOf(parent, seq, blockOf), `row ${seq} of a list is missing`),
    }));
    return { rows, next };
  }

  #rowOf(parent: P, seq: number, blockOf: (block: number) => Uint8Array): V | undefined {
    const tail = this.#tail(parent);
    const count = countOf(tail);
    if (!Number.isInteger(seq) || seq < 0 || seq >= count) return undefined;
    const block = Math.floor(seq / ROWS_PER_BLOCK);
    const isInTail = block === Math.floor(count / ROWS_PER_BLOCK);
    const rows = isInTail ? tail.subarray(COUNT_BYTES) : blockOf(block);
    return this.#value.decode(rowAt(rows, seq % ROWS_PER_BLOCK));
  }

  #block(parent: P, block: number): Uint8Array {
    const bytes = this.#store.get(this.#key.encode([parent, block]));
    return present(bytes, `block ${block} of a list is missing`);
  }

  #tail(parent: P): Uint8Array {
    const tailKey = this.#key.encode([parent, TAIL]);
    const name = charPerByte(tailKey);
    const cached = this.#tails.get(name);
    if (cached !== undefined) return cached;
    const tail = this.#storedTail(tailKey);
    this.#tails.set(name, tail);
    return tail;
  }

  #storedTail(tailKey: Uint8Array): Uint8Array {
    return this.#tailStore.get(tailKey) ?? new Uint8Array(COUNT_BYTES);
  }
}

function countOf(tail: Uint8Array): number {
  return viewOf(tail).getUint32(0);
}

function withRow(tail: Uint8Array, row: Uint8Array): Uint8Array {
  invariant(row.length <= LONGEST_ROW, 'a row of a packed list is too long');
  const grown = new Uint8Array(tail.length + LENGTH_BYTES + row.length);
  grown.set(tail);
  grown.set(row, tail.length + LENGTH_BYTES);
  const view = viewOf(grown);
  view.setUint32(0, countOf(tail) + 1);
  view.setUint16(tail.length, row.length);
  return grown;
}

function rowAt(rows: Uint8Array, index: number): Uint8Array {
  const view = viewOf(rows);
  let at = 0;
  for (let before = 0; before < index; before += 1) at += LENGTH_BYTES + view.getUint16(at);
  const start = at + LENGTH_BYTES;
  return rows.subarray(start, start + view.getUint16(at));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
