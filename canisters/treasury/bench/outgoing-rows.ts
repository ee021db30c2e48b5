import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { charPerByte } from '@decent-cloud/kit/text-host.ts';
import { MEMORY_IDS } from '../src/storage/memory-ids.ts';

/** One row of one stable memory. */
export interface MemoryRow {
  readonly memoryId: number;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Rows that many rentals share. All others are of one rental and are read no more once it is made. */
const SHARED: readonly (keyof typeof MEMORY_IDS)[] = [
  'tokens',
  'token_numbers',
  'counters',
  'settings',
  'books',
  'payees',
  'payee_transfers',
];

/**
 * Stable memories that only remember what was written to them since somebody last took it. Many
 * writes of one row are one row then. A row that was taken is gone, unless rentals share it.
 */
export class OutgoingRows {
  readonly #fresh = new Map<string, MemoryRow>();
  readonly #shared = new Map<string, MemoryRow>();
  readonly #sharedIds = new Set<number>(SHARED.map((name) => MEMORY_IDS[name]));

  readonly open = (memoryId: number): StableStore => {
    const nameOf = (key: Uint8Array) => `${String.fromCharCode(memoryId)}${charPerByte(key)}`;
    const find = (key: Uint8Array) => this.#fresh.get(nameOf(key)) ?? this.#shared.get(nameOf(key));
    return {
      get: (key) => find(key)?.value,
      has: (key) => find(key) !== undefined,
      insert: (key, value) => {
        this.#fresh.set(nameOf(key), { memoryId, key: key.slice(), value: value.slice() });
      },
      remove: (key) => {
        if (!this.#fresh.delete(nameOf(key))) throw new Error('what was taken cannot be removed');
        return true;
      },
      size: unasked,
      firstKeys: unasked,
    };
  };

  /** What was written since the last time. */
  take(): MemoryRow[] {
    const rows = [...this.#fresh.values()];
    for (const [name, row] of this.#fresh) {
      if (this.#sharedIds.has(row.memoryId)) this.#shared.set(name, row);
    }
    this.#fresh.clear();
    return rows;
  }
}

function unasked(): never {
  throw new Error('nobody asks that while rentals are made');
}
