import { invariant } from '@decent-cloud/domain/assert.ts';
import { safeUint } from '@decent-cloud/kit/keys/integer-keys.ts';
import { keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { BoundedCache } from '@decent-cloud/kit/store/bounded-cache.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';

const keys = keyCodec(safeUint);
const BYTES = 4;
const CACHED_ROWS = 1_024;
const NO_COUNTS = new Uint8Array(0);

/** Rows of counters; changing one is one read and one write of a few bytes. */
export class CountRows {
  readonly #store: StableStore;
  readonly #rows = new BoundedCache<number, Uint8Array>(CACHED_ROWS);

  /** The store must hold nothing else. */
  constructor(store: StableStore) {
    this.#store = store;
  }

  get(row: number, slot: number): number {
    const bytes = this.#row(row);
    return bytes.length < (slot + 1) * BYTES ? 0 : read(bytes, slot);
  }

  /** All slots that were ever counted. */
  all(row: number): readonly number[] {
    const bytes = this.#row(row);
    return Array.from({ length: bytes.length / BYTES }, (_slot, slot) => read(bytes, slot));
  }

  /** Adds to several slots of a row at once. */
  add(row: number, changes: readonly { readonly slot: number; readonly by: number }[]): void {
    const stored = this.#row(row);
    const slots = Math.max(stored.length / BYTES, ...changes.map(({ slot }) => slot + 1));
    const grown = new Uint8Array(slots * BYTES);
    grown.set(stored);
    const view = new DataView(grown.buffer);
    for (const { slot, by } of changes) {
      const count = view.getUint32(slot * BYTES) + by;
      invariant(count >= 0, `counter ${slot} of row ${row} would be below zero`);
      view.setUint32(slot * BYTES, count);
    }
    this.#store.insert(keys.encode(row), grown);
    this.#rows.set(row, grown);
  }

  #row(row: number): Uint8Array {
    const known = this.#rows.get(row);
    if (known !== undefined) return known;
    const stored = this.#store.get(keys.encode(row)) ?? NO_COUNTS;
    this.#rows.set(row, stored);
    return stored;
  }
}

function read(bytes: Uint8Array, slot: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(slot * BYTES);
}
