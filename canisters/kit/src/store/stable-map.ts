import type { KeyCodec } from '../keys/key-codec.ts';
import type { ValueCodec } from '../values/value-codec.ts';
import { charPerByte } from '../text-host.ts';
import { BoundedCache } from './bounded-cache.ts';
import type { StableStore } from './stable-store.port.ts';

export interface StableMapOptions<K, V> {
  readonly store: StableStore;
  readonly key: KeyCodec<K>;
  readonly value: ValueCodec<V>;
  /** Values kept decoded in the heap; 0 (the default) keeps none. */
  readonly cachedValues?: number;
}

type CacheKey = string | number | bigint;

/**
 * A map in stable memory. Every write goes to stable memory at once; the cache only saves reads, is
 * rolled back with the message that filled it, and is empty after an upgrade. Values are shared with
 * the cache: nobody may change one that was written or read.
 */
export class StableMap<K, V extends object> {
  readonly #store: StableStore;
  readonly #keys: KeyCodec<K>;
  readonly #values: ValueCodec<V>;
  readonly #cached: BoundedCache<CacheKey, V> | undefined;

  constructor({ store, key, value, cachedValues = 0 }: StableMapOptions<K, V>) {
    this.#store = store;
    this.#keys = key;
    this.#values = value;
    this.#cached = cachedValues === 0 ? undefined : new BoundedCache(cachedValues);
  }

  /** The number case stands first and alone: it is the hot one, and each call in it would show. */
  get(key: K): V | undefined {
    const cacheKey = typeof key === 'number' ? key : this.#cacheKey(key);
    const cached = this.#cached?.get(cacheKey);
    if (cached !== undefined) return cached;
    const bytes = this.#store.get(this.#keys.encode(key));
    if (bytes === undefined) return undefined;
    const value = this.#values.decode(bytes);
    this.#cached?.set(cacheKey, value);
    return value;
  }

  has(key: K): boolean {
    const isCached = this.#cached?.get(this.#cacheKey(key)) !== undefined;
    return isCached || this.#store.has(this.#keys.encode(key));
  }

  set(key: K, value: V): void {
    this.#store.insert(this.#keys.encode(key), this.#values.encode(value));
    this.#cached?.set(this.#cacheKey(key), value);
  }

  /** True if there was something to remove. */
  remove(key: K): boolean {
    this.#cached?.delete(this.#cacheKey(key));
    return this.#store.remove(this.#keys.encode(key));
  }

  size(): number {
    return this.#store.size();
  }

  /** Primitive keys stand for themselves, others for their bytes, one character per byte. */
  #cacheKey(key: K): CacheKey {
    if (typeof key === 'number' || typeof key === 'string' || typeof key === 'bigint') return key;
    return this.#cached === undefined ? '' : charPerByte(this.#keys.encode(key));
  }
}
