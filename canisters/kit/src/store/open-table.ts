import { keyCodec, type KeyPart } from '../keys/key-codec.ts';
import type { Fields } from '../values/field.ts';
import { valueCodec, type OlderVersion } from '../values/value-codec.ts';
import { StableMap } from './stable-map.ts';
import type { StableStore } from './stable-store.port.ts';

export interface TableOptions<K, V> {
  readonly store: StableStore;
  readonly key: KeyPart<K>;
  readonly fields: Fields<V>;
  /** Of the stored form; 1 unless there were others, which are in `older`. */
  readonly version?: number;
  readonly older?: readonly OlderVersion<V>[];
  readonly cachedValues?: number;
}

/** A map of versioned records under a key of one part. */
export function openTable<K, V extends object>(options: TableOptions<K, V>): StableMap<K, V> {
  const { store, key, fields, version = 1, older = [], cachedValues = 0 } = options;
  const value = valueCodec<V>({ version, fields, older });
  return new StableMap({ store, key: keyCodec(key), value, cachedValues });
}
