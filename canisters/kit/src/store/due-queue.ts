import { invariant } from '@decent-cloud/domain/assert.ts';
import { timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { uint64 } from '../keys/integer-keys.ts';
import { composite, keyCodec, type KeyCodec, type KeyPart } from '../keys/key-codec.ts';
import type { StableStore } from './stable-store.port.ts';

/** Everything is in the key. */
const NO_VALUE = new Uint8Array(0);
/** Mostly little or nothing is due: the first look is at one entry, each further one at more. */
const GROWTH = 4;

/** Something that is to be done at a time. */
export interface Due<Id> {
  readonly id: Id;
  readonly dueAtNs: TimestampNs;
}

/**
 * What is to be done when, earliest first and then in the order of the ids' bytes. Survives upgrades.
 * Asking for what is due reads only that, and every write is one row, so nothing grows with the
 * number of entries. The owner of an id remembers when it is due; an id with two times is there twice.
 */
export class DueQueue<Id> {
  readonly #store: StableStore;
  readonly #key: KeyCodec<readonly [bigint, Id]>;

  /** The store must hold nothing else. */
  constructor(options: { readonly store: StableStore; readonly id: KeyPart<Id> }) {
    this.#store = options.store;
    this.#key = keyCodec(composite(uint64, options.id));
  }

  /** Doing it again changes nothing. */
  schedule(id: Id, dueAtNs: TimestampNs): void {
    this.#store.insert(this.#key.encode([dueAtNs, id]), NO_VALUE);
  }

  /** Moves an entry; there need not be one at `from`. */
  reschedule(move: {
    readonly id: Id;
    readonly from: TimestampNs;
    readonly to: TimestampNs;
  }): void {
    if (move.from !== move.to) this.cancel(move.id, move.from);
    this.schedule(move.id, move.to);
  }

  /** True if it was there. */
  cancel(id: Id, dueAtNs: TimestampNs): boolean {
    return this.#store.remove(this.#key.encode([dueAtNs, id]));
  }

  /** At most `limit` entries that are due at `nowNs` or were earlier. They stay in the queue. */
  due(nowNs: TimestampNs, limit: number): Due<Id>[] {
    invariant(Number.isInteger(limit) && limit >= 0, 'a limit is a whole number');
    let asked = Math.min(1, limit);
    let first = this.#store.firstKeys(asked);
    while (first.length === asked && asked < limit && this.#isDue(first.at(-1), nowNs)) {
      asked = Math.min(asked * GROWTH, limit);
      first = this.#store.firstKeys(asked);
    }
    const found: Due<Id>[] = [];
    for (const bytes of first) {
      const [dueAtNs, id] = this.#key.decode(bytes);
      if (dueAtNs > nowNs) break;
      found.push({ id, dueAtNs: timestampNs(dueAtNs) });
    }
    return found;
  }

  #isDue(bytes: Uint8Array | undefined, nowNs: TimestampNs): boolean {
    return bytes !== undefined && this.#key.decode(bytes)[0] <= nowNs;
  }

  /** When the next entry is due, or was; undefined if there is none. */
  nextDueAtNs(): TimestampNs | undefined {
    const [bytes] = this.#store.firstKeys(1);
    return bytes === undefined ? undefined : timestampNs(this.#key.decode(bytes)[0]);
  }

  size(): number {
    return this.#store.size();
  }
}
