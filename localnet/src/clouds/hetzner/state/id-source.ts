import { z } from 'zod';
import type { RecordStore } from './record-store.ts';

const KIND = 'ids';
/** So many are set aside at once, so that not every id costs a write. */
const BLOCK = 10_000;
const FIRST_ID = 1_000_001;

const reservedSchema = z.object({ upTo: z.int() });

/** Ids that are never given twice, not even after a crash. */
export class IdSource {
  readonly #store: RecordStore;
  #next: number;
  #reservedUpTo: number;

  constructor(store: RecordStore) {
    this.#store = store;
    const [reserved] = store.load(KIND);
    this.#next = reserved === undefined ? FIRST_ID : reservedSchema.parse(reserved).upTo;
    this.#reservedUpTo = this.#next;
  }

  next(): number {
    if (this.#next >= this.#reservedUpTo) {
      this.#reservedUpTo += BLOCK;
      this.#store.put(KIND, 0, { upTo: this.#reservedUpTo });
    }
    this.#next += 1;
    return this.#next - 1;
  }
}
