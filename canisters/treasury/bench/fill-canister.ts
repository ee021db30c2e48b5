import { IDL } from '@dfinity/candid';
import { update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { azleStableStore } from '@decent-cloud/kit/azle/azle.stable-store.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { MEMORY_IDS } from '../src/storage/memory-ids.ts';
import { readRows } from './row-stream.ts';

const stores = new Map<number, StableStore>(
  Object.values(MEMORY_IDS).map((id) => [id, azleStableStore(id)]),
);

/**
 * Fills the treasury's stable memories and is then upgraded to the treasury itself, so that what is
 * measured is the module that is deployed, and none of this is in it.
 */
class FillCanister {
  /** Rows as `writeRows` gives them; gives how many there were. */
  @update([IDL.Vec(IDL.Nat8)], IDL.Nat32)
  insert_rows(stream: Uint8Array): number {
    let count = 0;
    for (const { memoryId, key, value } of readRows(stream)) {
      const store = stores.get(memoryId);
      if (store === undefined) throw new Error(`there is no memory ${memoryId}`);
      store.insert(key, value);
      count += 1;
    }
    return count;
  }
}

export { FillCanister as default };
