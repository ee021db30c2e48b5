import type { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import type { Table } from '../core/state.ts';

/** A stable map as the core sees it. */
export class StableTable<K, V extends object> implements Table<K, V> {
  readonly #map: StableMap<K, V>;

  constructor(map: StableMap<K, V>) {
    this.#map = map;
  }

  readonly get = (key: K): V | undefined => this.#map.get(key);
  readonly put = (key: K, value: V): void => {
    this.#map.set(key, value);
  };
  readonly size = (): number => this.#map.size();
}
