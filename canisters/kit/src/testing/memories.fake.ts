import type { StableStore } from '../store/stable-store.port.ts';
import { MemoryStableStore } from './memory-stable-store.fake.ts';

/** The stable memories of one canister: what is opened again later still holds its rows. */
export class FakeMemories {
  readonly #stores = new Map<number, MemoryStableStore>();

  /** By memory id. */
  get stores(): ReadonlyMap<number, MemoryStableStore> {
    return this.#stores;
  }

  readonly open = (memoryId: number): StableStore => {
    const store = this.#stores.get(memoryId) ?? new MemoryStableStore();
    this.#stores.set(memoryId, store);
    return store;
  };
}
