import type { StableStore } from '../store/stable-store.port.ts';

/** Stable memory on the heap, byte for byte like the real one; counts what is asked of it. */
export class MemoryStableStore implements StableStore {
  /** Keys and values with one character for each byte: millions of small arrays would take gigabytes. */
  readonly #rows = new Map<string, string>();
  /** Names of all keys in order, from the first time that somebody asks for an order. */
  #ordered: string[] | undefined;
  reads = 0;
  writes = 0;

  readonly get = (key: Uint8Array): Uint8Array | undefined => {
    this.reads += 1;
    const value = this.#rows.get(textOf(key));
    return value === undefined ? undefined : bytesOf(value);
  };

  readonly has = (key: Uint8Array): boolean => this.#rows.has(textOf(key));

  readonly insert = (key: Uint8Array, value: Uint8Array): void => {
    this.writes += 1;
    const name = textOf(key);
    if (this.#ordered !== undefined && !this.#rows.has(name)) {
      this.#ordered.splice(this.#positionOf(name), 0, name);
    }
    this.#rows.set(name, textOf(value));
  };

  readonly remove = (key: Uint8Array): boolean => {
    const name = textOf(key);
    const isRemoved = this.#rows.delete(name);
    if (isRemoved) this.#ordered?.splice(this.#positionOf(name), 1);
    return isRemoved;
  };

  readonly size = (): number => this.#rows.size;

  readonly firstKeys = (limit: number): Uint8Array[] => {
    this.#ordered ??= [...this.#rows.keys()].sort();
    const first = this.#ordered.slice(0, limit);
    return first.map(bytesOf);
  };

  /** Everything that is stored, in no order. */
  *rows(): Generator<{ readonly key: Uint8Array; readonly value: Uint8Array }> {
    for (const [name, value] of this.#rows) yield { key: bytesOf(name), value: bytesOf(value) };
  }

  /** How many names are smaller. */
  #positionOf(name: string): number {
    const names = this.#ordered ?? [];
    let [from, to] = [0, names.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((names[middle] ?? '') < name) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
