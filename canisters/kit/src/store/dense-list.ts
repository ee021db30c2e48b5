import { invariant, present } from '@decent-cloud/domain/assert.ts';
import { uint32 } from '../keys/integer-keys.ts';
import { composite, keyCodec, type KeyCodec, type KeyPart } from '../keys/key-codec.ts';
import { charPerByte } from '../text-host.ts';
import type { ValueCodec } from '../values/value-codec.ts';
import { BoundedCache } from './bounded-cache.ts';
import { pageSequences, type Page, type PageRequest } from './page.ts';
import type { StableStore } from './stable-store.port.ts';

/** The row that holds a parent's length; never a sequence number of an item. */
const LENGTH_SEQ = 2 ** 32 - 1;
const SEQ_BYTES = 4;
const CACHED_LENGTHS = 1_024;

export interface DenseListOptions<P, V> {
  readonly store: StableStore;
  /** How a parent is written; parents share one store. */
  readonly parent: KeyPart<P>;
  readonly value: ValueCodec<V>;
}

/**
 * Lists of rows numbered 0, 1, 2, … without holes, one list for each parent. Reading a page costs
 * point reads only, whatever the length. Rows are replaced, never removed.
 */
export class DenseList<P, V extends object> {
  readonly #store: StableStore;
  readonly #key: KeyCodec<readonly [P, number]>;
  readonly #value: ValueCodec<V>;
  readonly #lengths = new BoundedCache<string, number>(CACHED_LENGTHS);

  constructor({ store, parent, value }: DenseListOptions<P, V>) {
    this.#store = store;
    this.#key = keyCodec(composite(parent, uint32));
    this.#value = value;
  }

  /** Adds a row at the end and gives its number. */
  append(parent: P, value: V): number {
    const lengthKey = this.#key.encode([parent, LENGTH_SEQ]);
    const name = charPerByte(lengthKey);
    const seq = this.#lengths.get(name) ?? this.#storedLength(lengthKey);
    invariant(seq < LENGTH_SEQ, 'a list is full');
    this.#store.insert(rowKey(lengthKey, seq), this.#value.encode(value));
    this.#store.insert(lengthKey, encodeLength(seq + 1));
    this.#lengths.set(name, seq + 1);
    return seq;
  }

  get(parent: P, seq: number): V | undefined {
    if (!Number.isInteger(seq) || seq < 0 || seq >= LENGTH_SEQ) return undefined;
    const bytes = this.#store.get(this.#key.encode([parent, seq]));
    return bytes === undefined ? undefined : this.#value.decode(bytes);
  }

  /** Replaces an existing row. */
  replace(parent: P, row: { readonly seq: number; readonly value: V }): void {
    invariant(row.seq >= 0 && row.seq < this.length(parent), `there is no row ${row.seq}`);
    this.#store.insert(this.#key.encode([parent, row.seq]), this.#value.encode(row.value));
  }

  length(parent: P): number {
    return this.#lengthAt(this.#key.encode([parent, LENGTH_SEQ]));
  }

  page(parent: P, request: PageRequest): Page<V> {
    const { sequences, next } = pageSequences(this.length(parent), request);
    const rows = sequences.map((seq) => ({
      seq,
      value: present(this.get(parent, seq), `row ${seq} of a list is missing`),
    }));
    return { rows, next };
  }

  #lengthAt(lengthKey: Uint8Array): number {
    const name = charPerByte(lengthKey);
    const cached = this.#lengths.get(name);
    if (cached !== undefined) return cached;
    const length = this.#storedLength(lengthKey);
    this.#lengths.set(name, length);
    return length;
  }

  #storedLength(lengthKey: Uint8Array): number {
    const bytes = this.#store.get(lengthKey);
    return bytes === undefined ? 0 : decodeLength(bytes);
  }
}

/** The key of a row of the same list: it ends with the row's number. */
function rowKey(lengthKey: Uint8Array, seq: number): Uint8Array {
  const key = lengthKey.slice();
  new DataView(key.buffer).setUint32(key.length - SEQ_BYTES, seq);
  return key;
}

function encodeLength(length: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}

function decodeLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
}
