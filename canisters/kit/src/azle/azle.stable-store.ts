import { StableBTreeMap, type Serializable } from 'azle';
import type { StableStore } from '../store/stable-store.port.ts';

/** Bytes as they are: Azle's own serializers order keys wrongly and cost ten times as much. */
const RAW: Serializable<Uint8Array> = { toBytes: (bytes) => bytes, fromBytes: (bytes) => bytes };

/** Stable memory number `memoryId` of this canister, from its `memory-ids.json`. */
export function azleStableStore(memoryId: number): StableStore {
  const map = new StableBTreeMap<Uint8Array, Uint8Array>(memoryId, RAW, RAW);
  return {
    get: (key) => map.get(key),
    has: (key) => map.containsKey(key),
    insert: (key, value) => {
      map.insert(key, value);
    },
    remove: (key) => map.remove(key) !== undefined,
    size: () => map.len(),
    firstKeys: (limit) => map.keys(0, limit),
  };
}
