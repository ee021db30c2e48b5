import { invariant } from '@decent-cloud/domain/assert.ts';
import { safeUint, uint32 } from '../keys/integer-keys.ts';
import { composite, keyCodec, type KeyCodec, type KeyPart } from '../keys/key-codec.ts';
import type { StableStore } from './stable-store.port.ts';

/** The row that holds where a queue begins and ends; never the number of an item. */
const ENDS = 2 ** 32 - 1;

const idCodec = keyCodec(safeUint);

/**
 * Queues of ids, one for each parent: first in, first out. Both cost the same however long a queue
 * is. An id may be in a queue more than once; a number is used once, so a queue takes 2^32 - 1 items
 * before it has to be empty once, when it starts again.
 */
export class Fifo<P, Id extends number> {
  readonly #store: StableStore;
  readonly #key: KeyCodec<readonly [P, number]>;

  /** The store must hold nothing else; parents share it. */
  constructor(options: { readonly store: StableStore; readonly parent: KeyPart<P> }) {
    this.#store = options.store;
    this.#key = keyCodec(composite(options.parent, uint32));
  }

  size(parent: P): number {
    const { first, next } = this.#ends(parent);
    return next - first;
  }

  push(parent: P, id: Id): void {
    const { first, next } = this.#ends(parent);
    invariant(next < ENDS, 'a queue is full');
    this.#store.insert(this.#key.encode([parent, next]), idCodec.encode(id));
    this.#setEnds(parent, { first, next: next + 1 });
  }

  /** Takes the oldest out; undefined if there is none. */
  shift(parent: P): Id | undefined {
    const { first, next } = this.#ends(parent);
    if (first === next) return undefined;
    const key = this.#key.encode([parent, first]);
    const bytes = this.#store.get(key);
    invariant(bytes !== undefined, `a queue has lost item ${first}`);
    this.#store.remove(key);
    this.#setEnds(parent, { first: first + 1, next });
    return idCodec.decode(bytes) as Id;
  }

  #ends(parent: P): { readonly first: number; readonly next: number } {
    const bytes = this.#store.get(this.#key.encode([parent, ENDS]));
    if (bytes === undefined) return { first: 0, next: 0 };
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { first: view.getUint32(0), next: view.getUint32(4) };
  }

  #setEnds(parent: P, ends: { readonly first: number; readonly next: number }): void {
    const key = this.#key.encode([parent, ENDS]);
    if (ends.first === ends.next) {
      this.#store.remove(key);
      return;
    }
    const view = new DataView(new ArrayBuffer(8));
    view.setUint32(0, ends.first);
    view.setUint32(4, ends.next);
    this.#store.insert(key, new Uint8Array(view.buffer));
  }
}
