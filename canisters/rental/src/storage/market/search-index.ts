import { idKey } from '@decent-cloud/kit/keys/integer-keys.ts';
import { openTable } from '@decent-cloud/kit/store/open-table.ts';
import type { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import type { OfferingId } from '../../core/ids.ts';
import {
  BARE,
  bitTerm,
  LIVE,
  NUMBER_BITS,
  type IndexEntry,
  type IndexNumber,
  type IndexNumbers,
} from '../../core/market/search/index-entry.ts';
import { entryFields, type StoredEntry } from './market-fields.ts';
import { SearchBitmaps } from './search-bitmaps.ts';

/** Terms hold no control characters. */
const BETWEEN_TERMS = '\n';
const NO_NUMBERS: IndexNumbers = {
  price: 0,
  cores: 0,
  memoryMb: 0,
  diskGb: 0,
  trust: 0,
  speed: 0,
};
/** What every search reads: numbers' bits have this prefix. */
const OF_NUMBERS = 'n:';

/**
 * What offers are found by: for each its entry, and for each term the set of offers that have it.
 */
export class SearchIndex {
  readonly sets: SearchBitmaps;
  readonly #entries: StableMap<OfferingId, StoredEntry>;
  readonly #toWarm: string[] = pinnedTerms();

  constructor(stores: { readonly bitmaps: StableStore; readonly entries: StableStore }) {
    this.sets = new SearchBitmaps({ store: stores.bitmaps, isPinned });
    this.#entries = openTable({
      store: stores.entries,
      key: idKey<OfferingId>(),
      fields: entryFields,
    });
  }

  /** Undefined for an offer that is not in the index. */
  entry(id: OfferingId): Pick<IndexEntry, 'card' | 'numbers'> | undefined {
    return this.#entries.get(id);
  }

  /** Puts an offer in its place, or takes it out. Writes only what changes. */
  put(id: OfferingId, entry: IndexEntry | undefined): void {
    const before = this.#entries.get(id);
    const termsBefore = new Set(before === undefined ? [] : before.terms.split(BETWEEN_TERMS));
    const terms = new Set(entry?.terms ?? []);
    for (const term of termsBefore) {
      if (!terms.has(term)) this.sets.put(term, { slot: id, isIn: false });
    }
    for (const term of terms) {
      if (!termsBefore.has(term)) this.sets.put(term, { slot: id, isIn: true });
    }
    this.#putNumbers(id, before?.numbers ?? NO_NUMBERS, entry?.numbers ?? NO_NUMBERS);
    if (entry === undefined) {
      this.#entries.remove(id);
      return;
    }
    const { card, numbers } = entry;
    this.#entries.set(id, { card, numbers, terms: entry.terms.join(BETWEEN_TERMS) });
  }

  /** Changes one number of an offer; nothing happens if it is not in the index. */
  setNumber(
    id: OfferingId,
    change: { readonly number: IndexNumber; readonly value: number },
  ): void {
    const before = this.#entries.get(id);
    if (before?.numbers[change.number] === change.value || before === undefined) return;
    const numbers = { ...before.numbers, [change.number]: change.value };
    this.#putNumbers(id, before.numbers, numbers);
    this.#entries.set(id, { ...before, numbers });
  }

  /** Reads one more of the sets that every search needs into the heap. */
  warmOne(): 'more' | 'done' {
    const term = this.#toWarm.pop();
    if (term !== undefined) this.sets.of(term);
    return this.#toWarm.length === 0 ? 'done' : 'more';
  }

  #putNumbers(id: OfferingId, before: IndexNumbers, after: IndexNumbers): void {
    for (const [number, bits] of numberBits()) {
      if (before[number] === after[number]) continue;
      for (let bit = 0; bit < bits; bit += 1) {
        const isIn = hasBit(after[number], bit);
        if (isIn === hasBit(before[number], bit)) continue;
        this.sets.put(bitTerm(number, bit), { slot: id, isIn });
      }
    }
  }
}

function hasBit(value: number, bit: number): boolean {
  return Math.floor(value / 2 ** bit) % 2 === 1;
}

function numberBits(): readonly (readonly [IndexNumber, number])[] {
  return Object.entries(NUMBER_BITS) as [IndexNumber, number][];
}

function isPinned(term: string): boolean {
  return term === LIVE || term === BARE || term.startsWith(OF_NUMBERS);
}

function pinnedTerms(): string[] {
  const terms = [LIVE, BARE];
  for (const [number, bits] of numberBits()) {
    for (let bit = 0; bit < bits; bit += 1) terms.push(bitTerm(number, bit));
  }
  return terms;
}
