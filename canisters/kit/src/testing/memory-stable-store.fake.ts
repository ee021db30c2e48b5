import type { StableStore } from '../store/stable-store.port.ts';

/** Stable memory on the heap, byte for byte like the real one; counts what is asked of it. */
export class MemoryStableStore implements StableStore {
  readonly #rows = new Map<string, Uint8Array>();
  reads = 0;
  writes = 0;

  readonly get = (key: Uint8Array): Uint8Array | undefined => {
    this.reads += 1;
    return this.#rows.get(nameOf(key))?.slice();
  };

  readonly has = (key: Uint8Array): boolean => this.#rows.has(nameOf(key));

  readonly insert = (key: Uint8Array, value: Uint8Array): void => {
    this.writes += 1;
    this.#rows.set(nameOf(key), value.slice());
  };

  readonly remove = (key: Uint8Array): boolean => this.#rows.delete(nameOf(key));

  readonly size = (): number => this.#rows.size;
}

function nameOf(key: Uint8Array): string {
  return key.join();
}
