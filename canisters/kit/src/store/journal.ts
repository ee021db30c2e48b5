import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { whole } from '../keys/whole-key.ts';
import { bigint, type Field } from '../values/field.ts';
import { valueCodec, type OlderVersion } from '../values/value-codec.ts';
import { DenseList } from './dense-list.ts';
import { PackedList } from './packed-list.ts';
import type { Page, PageRequest } from './page.ts';
import type { StableStore } from './stable-store.port.ts';

/** One thing that happened. */
export interface Entry<Event> {
  readonly at: TimestampNs;
  readonly event: Event;
}

export interface JournalOptions<Event> {
  /** Must hold nothing else. */
  readonly store: StableStore;
  /**
   * For a journal that many calls write to: a small store, which may hold other rows, for the newest
   * entries. Then an entry costs the same however many there are. Part of the stored form.
   */
  readonly tail?: StableStore;
  readonly version: number;
  readonly event: Field<Event>;
  readonly older?: readonly OlderVersion<Entry<Event>>[];
}

/** What happened, in order, for ever: entries can be added and read, never changed or removed. */
export class Journal<Event> {
  readonly #list: DenseList<null, Entry<Event>> | PackedList<null, Entry<Event>>;

  constructor({ store, tail, version, event, older = [] }: JournalOptions<Event>) {
    const fields = { at: bigint<TimestampNs>(), event };
    const value = valueCodec<Entry<Event>>({ version, fields, older });
    this.#list =
      tail === undefined
        ? new DenseList({ store, parent: whole, value })
        : new PackedList({ store, tails: tail, parent: whole, value });
  }

  /** Adds an entry and gives its number; the first is 0. */
  append(entry: Entry<Event>): number {
    return this.#list.append(null, entry);
  }

  get(seq: number): Entry<Event> | undefined {
    return this.#list.get(null, seq);
  }

  length(): number {
    return this.#list.length(null);
  }

  page(request: PageRequest): Page<Entry<Event>> {
    return this.#list.page(null, request);
  }
}
