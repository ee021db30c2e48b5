import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { idKey, uint8 } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite, keyCodec, type KeyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { text as textKey } from '@decent-cloud/kit/keys/text-key.ts';
import { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { charPerByte } from '@decent-cloud/kit/text-host.ts';
import { bigint, list, text, type Fields } from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { CloudLocation, MachineImage, MachineType } from '../../core/market/catalogue.ts';
import type { CatalogueInput } from '../../core/market/check-catalogue.ts';
import type { CatalogueLookup } from '../../core/market/orderable.ts';
import { imageFields, locationFields, typeFields } from './market-fields.ts';

/** When a catalogue was read; apart from its names, because everybody asks for it. */
export interface CatalogueState {
  readonly readAt: TimestampNs;
  readonly currency: string;
}

export interface CatalogueNames {
  readonly types: readonly string[];
  readonly images: readonly string[];
  readonly locations: readonly string[];
}

type PartKey = readonly [CloudAccountId, number];
type ItemKey = readonly [CloudAccountId, number, string];

/** Part of the stored form. */
const PART = { state: 0, names: 1 } as const;
const ITEM = { types: 0, images: 1, locations: 2 } as const;
const CACHED = 1_024;
const NO_NAMES: CatalogueNames = { types: [], images: [], locations: [] };

/**
 * What cloud accounts can order, one row for each type, image and location: looking one up costs
 * the same in a small and a large catalogue, and a new reading writes only what has changed.
 */
export class CatalogueStore {
  readonly #states: StableMap<PartKey, CatalogueState>;
  readonly #names: StableMap<PartKey, CatalogueNames>;
  readonly #types: Items<MachineType>;
  readonly #images: Items<MachineImage>;
  readonly #locations: Items<CloudLocation>;

  constructor(stores: { readonly headers: StableStore; readonly items: StableStore }) {
    const { headers, items } = stores;
    const part = <V extends object>(fields: Fields<V>) =>
      new StableMap<PartKey, V>({
        store: headers,
        key: keyCodec(composite(idKey<CloudAccountId>(), uint8)),
        value: valueCodec<V>({ version: 1, fields }),
        cachedValues: CACHED,
      });
    this.#states = part<CatalogueState>({ readAt: bigint<TimestampNs>(), currency: text });
    this.#names = part<CatalogueNames>({
      types: list(text),
      images: list(text),
      locations: list(text),
    });
    this.#types = new Items(items, { kind: ITEM.types, fields: typeFields });
    this.#images = new Items(items, { kind: ITEM.images, fields: imageFields });
    this.#locations = new Items(items, { kind: ITEM.locations, fields: locationFields });
  }

  /** Undefined if nothing was published yet. */
  state(account: CloudAccountId): CatalogueState | undefined {
    return this.#states.get([account, PART.state]);
  }

  names(account: CloudAccountId): CatalogueNames {
    return this.#names.get([account, PART.names]) ?? NO_NAMES;
  }

  lookup(account: CloudAccountId): CatalogueLookup {
    return {
      type: (name) => this.#types.get(account, name),
      image: (name) => this.#images.get(account, name),
      location: (name) => this.#locations.get(account, name),
    };
  }

  /** Replaces the whole catalogue and gives how many rows were written or removed. */
  publish(input: CatalogueInput): number {
    const { cloudAccountId: account, types, images, locations, readAt, currency } = input;
    const before = this.names(account);
    const names: CatalogueNames = {
      types: types.map(({ name }) => name),
      images: images.map(({ name }) => name),
      locations: locations.map(({ name }) => name),
    };
    this.#states.set([account, PART.state], { readAt, currency });
    if (JSON.stringify(names) !== JSON.stringify(before)) {
      this.#names.set([account, PART.names], names);
    }
    return (
      this.#types.replace(account, { before: before.types, items: types }) +
      this.#images.replace(account, { before: before.images, items: images }) +
      this.#locations.replace(account, { before: before.locations, items: locations })
    );
  }
}

/** The rows of one kind. */
class Items<V extends { readonly name: string }> {
  readonly #store: StableStore;
  readonly #kind: number;
  readonly #key: KeyCodec<ItemKey>;
  readonly #encode: (value: V) => Uint8Array;
  readonly #rows: StableMap<ItemKey, V>;

  constructor(store: StableStore, of: { readonly kind: number; readonly fields: Fields<V> }) {
    const value = valueCodec<V>({ version: 1, fields: of.fields });
    this.#store = store;
    this.#kind = of.kind;
    this.#key = keyCodec(composite(idKey<CloudAccountId>(), uint8, textKey));
    this.#encode = value.encode;
    this.#rows = new StableMap({ store, key: this.#key, value, cachedValues: CACHED });
  }

  get(account: CloudAccountId, name: string): V | undefined {
    return this.#rows.get([account, this.#kind, name]);
  }

  replace(
    account: CloudAccountId,
    rows: { readonly before: readonly string[]; readonly items: readonly V[] },
  ): number {
    let changes = 0;
    for (const item of rows.items) {
      const key: ItemKey = [account, this.#kind, item.name];
      if (this.#isStored(key, item)) continue;
      this.#rows.set(key, item);
      changes += 1;
    }
    const kept = new Set(rows.items.map(({ name }) => name));
    for (const name of rows.before) {
      if (kept.has(name)) continue;
      this.#rows.remove([account, this.#kind, name]);
      changes += 1;
    }
    return changes;
  }

  /** Compared as texts: that is done natively, and byte by byte it would cost more than writing. */
  #isStored(key: ItemKey, item: V): boolean {
    const stored = this.#store.get(this.#key.encode(key));
    return stored !== undefined && charPerByte(stored) === charPerByte(this.#encode(item));
  }
}
