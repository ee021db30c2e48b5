import { present } from '@decent-cloud/domain/assert.ts';
import { parseId, type Id } from '@decent-cloud/domain/ids.ts';
import { safeUint, uint8 } from '../keys/integer-keys.ts';
import { keyCodec } from '../keys/key-codec.ts';
import type { StableStore } from './stable-store.port.ts';

const COUNTER_KEY = keyCodec(uint8);
const COUNTER_VALUE = keyCodec(safeUint);

/** Hands out 0, 1, 2, … and never the same number twice, across upgrades too. */
export class IdAllocator<T extends Id<string>> {
  readonly #store: StableStore;
  readonly #key: Uint8Array;

  /** `counter` names this allocator among those that share the store. */
  constructor(options: { readonly store: StableStore; readonly counter: number }) {
    this.#store = options.store;
    this.#key = COUNTER_KEY.encode(options.counter);
  }

  next(): T {
    const count = this.count();
    this.#store.insert(this.#key, COUNTER_VALUE.encode(count + 1));
    const id = parseId<T>(count);
    return present(id.kind === 'ok' ? id.value : undefined, 'ids are used up');
  }

  /** How many were handed out. */
  count(): number {
    const bytes = this.#store.get(this.#key);
    return bytes === undefined ? 0 : COUNTER_VALUE.decode(bytes);
  }
}
