import type { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { bTreeMemory } from './b-tree-memory.ts';
import { RowStore } from './row-store.ts';
import { StableImage } from './stable-image.ts';

/**
 * The stable memory of a canister with the rows of `memories`, from that of a fresh one in which every
 * memory was opened. Rows lie as if they had come in the order of their keys.
 */
export function filledImage(fresh: Uint8Array, memories: FakeMemories): Uint8Array {
  const image = new StableImage(fresh);
  for (const [memoryId, store] of memories.stores) {
    const rows = new RowStore();
    for (const { key, value } of store.rows()) rows.add(key, value);
    image.replace(memoryId, bTreeMemory(image.firstBucket(memoryId), rows));
  }
  return image.bytes();
}
