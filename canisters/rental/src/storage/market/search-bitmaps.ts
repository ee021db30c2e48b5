import { uint32 } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite, keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { text as textKey } from '@decent-cloud/kit/keys/text-key.ts';
import { BoundedCache } from '@decent-cloud/kit/store/bounded-cache.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { charPerByte, encodeText } from '@decent-cloud/kit/text-host.ts';
import { bitSetOf, EMPTY, type BitSet } from '../../core/market/search/bit-set.ts';
import type { BitSets } from '../../core/market/search/bit-slices.ts';

/** Sets of up to that many are kept as a list of their slots. */
const MAX_LISTED = 64;
/** A write touches one chunk, so it costs the same however many offers there are. */
const CHUNK_BITS = 2_048;
const CHUNK_DIGITS = CHUNK_BITS / 4;
const EMPTY_CHUNK = '0'.repeat(CHUNK_DIGITS);
/** The row that says how a set is kept; never a chunk's number. */
const HEAD = 2 ** 32 - 1;
const CACHED_SETS = 256;

/** As a list of slots, or in how many chunks. */
type Head = readonly number[] | number;

const KEY = keyCodec(composite(textKey, uint32));

/**
 * The sets of the search index in stable memory, and in the heap once somebody asked. Chunks are
 * kept as hexadecimal text, because the engine makes one large number of their concatenation
 * natively. Sets that are `pinned` stay in the heap for good; of the others, those used last.
 */
export class SearchBitmaps implements BitSets {
  readonly #store: StableStore;
  readonly #isPinned: (term: string) => boolean;
  readonly #pinned = new Map<string, BitSet>();
  readonly #others = new BoundedCache<string, BitSet>(CACHED_SETS);

  /** The store must hold nothing else. */
  constructor(options: {
    readonly store: StableStore;
    readonly isPinned: (term: string) => boolean;
  }) {
    this.#store = options.store;
    this.#isPinned = options.isPinned;
  }

  readonly of = (term: string): BitSet => {
    const known = this.#cached(term);
    if (known !== undefined) return known;
    const set = this.#load(term);
    this.#remember(term, set);
    return set;
  };

  /** Puts a slot into a set, or takes it out. */
  put(term: string, { slot, isIn }: { readonly slot: number; readonly isIn: boolean }): void {
    const head = this.#head(term);
    if (typeof head === 'number') this.#putIntoChunk(term, { slot, isIn, chunks: head });
    else this.#putIntoList(term, { slot, isIn, listed: head });
    const known = this.#cached(term);
    if (known !== undefined) this.#remember(term, withBit(known, { slot, isIn }));
  }

  #putIntoList(
    term: string,
    change: { readonly slot: number; readonly isIn: boolean; readonly listed: readonly number[] },
  ): void {
    const { slot, isIn, listed } = change;
    if (listed.includes(slot) === isIn) return;
    const slots = isIn ? [...listed, slot] : listed.filter((one) => one !== slot);
    if (slots.length === 0) this.#store.remove(KEY.encode([term, HEAD]));
    else if (slots.length <= MAX_LISTED) this.#writeHead(term, slots);
    else this.#spread(term, slots);
  }

  /** From a list to chunks; there is no way back, so that a set at the border does not flap. */
  #spread(term: string, slots: readonly number[]): void {
    const byChunk = new Map<number, number[]>();
    for (const slot of slots) {
      const chunk = Math.floor(slot / CHUNK_BITS);
      byChunk.set(chunk, [...(byChunk.get(chunk) ?? []), slot % CHUNK_BITS]);
    }
    for (const [chunk, inChunk] of byChunk) this.#writeChunk(term, chunk, bitSetOf(inChunk));
    this.#writeHead(term, Math.max(...byChunk.keys()) + 1);
  }

  #putIntoChunk(
    term: string,
    change: { readonly slot: number; readonly isIn: boolean; readonly chunks: number },
  ): void {
    const { slot, isIn, chunks } = change;
    const chunk = Math.floor(slot / CHUNK_BITS);
    const before = BigInt(`0x${this.#chunkText(term, chunk)}`);
    const after = withBit(before, { slot: slot % CHUNK_BITS, isIn });
    if (after === before) return;
    this.#writeChunk(term, chunk, after);
    if (chunk >= chunks) this.#writeHead(term, chunk + 1);
  }

  #load(term: string): BitSet {
    const head = this.#head(term);
    if (typeof head !== 'number') return bitSetOf(head);
    let digits = '';
    for (let chunk = head - 1; chunk >= 0; chunk -= 1) digits += this.#chunkText(term, chunk);
    return BigInt(`0x${digits}`);
  }

  #head(term: string): Head {
    const bytes = this.#store.get(KEY.encode([term, HEAD]));
    return bytes === undefined ? [] : (JSON.parse(charPerByte(bytes)) as Head);
  }

  #writeHead(term: string, head: Head): void {
    this.#store.insert(KEY.encode([term, HEAD]), encodeText(JSON.stringify(head)));
  }

  #chunkText(term: string, chunk: number): string {
    const bytes = this.#store.get(KEY.encode([term, chunk]));
    return bytes === undefined ? EMPTY_CHUNK : charPerByte(bytes);
  }

  #writeChunk(term: string, chunk: number, set: BitSet): void {
    const text = set.toString(16).padStart(CHUNK_DIGITS, '0');
    this.#store.insert(KEY.encode([term, chunk]), encodeText(text));
  }

  #cached(term: string): BitSet | undefined {
    return this.#pinned.get(term) ?? this.#others.get(term);
  }

  #remember(term: string, set: BitSet): void {
    if (this.#isPinned(term)) this.#pinned.set(term, set);
    else this.#others.set(term, set);
  }
}

function withBit(set: BitSet, change: { readonly slot: number; readonly isIn: boolean }): BitSet {
  const bit = 1n << BigInt(change.slot);
  const isThere = (set & bit) !== EMPTY;
  return isThere === change.isIn ? set : set ^ bit;
}
