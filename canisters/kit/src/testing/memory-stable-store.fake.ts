import { charPerByte } from '../text-host.ts';
import type { StableStore } from '../store/stable-store.port.ts';

/** Stable memory on the heap, byte for byte like the real one; counts what is asked of it. */
export class MemoryStableStore implements StableStore {
  readonly #rows = new Map<string, Uint8Array>();
  /** Names of all keys in order, from the first time that somebody asks for an order. */
  #ordered: string[] | undefined;
  reads = 0;
  writes = 0;

  readonly get = (key: Uint8Array): Uint8Array | undefined => {
    this.reads += 1;
    return this.#rows.get(charPerByte(key))?.slice();
  };

  readonly has = (key: Uint8Array): boolean => this.#rows.has(charPerByte(key));

  readonly insert = (key: Uint8Array, value: Uint8Array): void => {
    this.writes += 1;
    const name = charPerByte(key);
    if (!this.#rows.has(name)) this.#ordered?.splice(this.#positionOf(name), 0, name);
    this.#rows.set(name, value.slice());
  };

  readonly remove = (key: Uint8Array): boolean => {
    const name = charPerByte(key);
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
    for (const [name, value] of this.#rows) yield { key: bytesOf(name), value };
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

function bytesOf(name: string): Uint8Array {
  return Uint8Array.from(name, (char) => char.charCodeAt(0));
}
