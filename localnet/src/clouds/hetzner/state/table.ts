import type { z } from 'zod';
import type { RecordStore } from './record-store.ts';

/** Records by id, in the order they were made; each change is stored before it returns. */
export class Table<T extends { readonly id: number }> {
  readonly #kind: string;
  readonly #store: RecordStore;
  readonly #records = new Map<number, T>();

  /** Errors: throws if a stored record cannot be read; nothing is guessed. */
  constructor(kind: string, schema: z.ZodType<T>, store: RecordStore) {
    this.#kind = kind;
    this.#store = store;
    const records = store.load(kind).map((record) => schema.parse(record));
    for (const record of records.sort((a, b) => a.id - b.id)) this.#records.set(record.id, record);
  }

  all(): readonly T[] {
    return [...this.#records.values()];
  }

  get(id: number): T | undefined {
    return this.#records.get(id);
  }

  put(record: T): T {
    this.#store.put(this.#kind, record.id, record);
    this.#records.set(record.id, record);
    return record;
  }

  remove(id: number): void {
    this.#store.remove(this.#kind, id);
    this.#records.delete(id);
  }
}
