import { safeUint } from '@decent-cloud/kit/keys/integer-keys.ts';
import { keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';

/** Part of the stored form: never changed. */
const BLOCK_BYTES = 512;
const IDS_PER_BLOCK = BLOCK_BYTES * 8;

const keys = keyCodec(safeUint);

/** Which ids, one bit for each: 100 000 take 13 kB. Nothing is ever taken out. */
export class IdSet<Id extends number> {
  readonly #store: StableStore;

  /** The store must hold nothing else. */
  constructor(store: StableStore) {
    this.#store = store;
  }

  has(id: Id): boolean {
    const bytes = this.#store.get(blockKey(id));
    return bytes !== undefined && ((bytes[byteOf(id)] ?? 0) & bitOf(id)) !== 0;
  }

  /** Doing it again changes nothing. */
  add(id: Id): void {
    const key = blockKey(id);
    const bytes = this.#store.get(key) ?? new Uint8Array(BLOCK_BYTES);
    bytes[byteOf(id)] = (bytes[byteOf(id)] ?? 0) | bitOf(id);
    this.#store.insert(key, bytes);
  }
}

function blockKey(id: number): Uint8Array {
  return keys.encode(Math.floor(id / IDS_PER_BLOCK));
}

function byteOf(id: number): number {
  return Math.floor((id % IDS_PER_BLOCK) / 8);
}

function bitOf(id: number): number {
  return 1 << (id % 8);
}
