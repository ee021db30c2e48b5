import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { idKey, uint64 } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite, keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { text as textKey } from '@decent-cloud/kit/keys/text-key.ts';
import { DueQueue } from '@decent-cloud/kit/store/due-queue.ts';
import { IdAllocator } from '@decent-cloud/kit/store/id-allocator.ts';
import { LinkedList } from '@decent-cloud/kit/store/linked-list.ts';
import { openTable } from '@decent-cloud/kit/store/open-table.ts';
import { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import {
  bytes,
  list,
  optional,
  plainAs,
  record,
  text,
  type Fields,
} from '@decent-cloud/kit/values/field.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { InputValue, RentalInputs } from '../../core/recipes/inputs.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import type { RentalConfig, RentalSecrets } from '../../core/rentals/rental-config.ts';
import type { FrozenTerms } from '../../core/rentals/terms.ts';
import type { OpenNamed } from '../memory-ids.ts';
import { openFactStorage } from './facts-storage.ts';
import { rentalFields } from './rental-fields.ts';
import { rentalListKey, type RentalList } from './rental-links.ts';
import { termsCodec } from './terms-fields.ts';

/** What is stored about rentals. */
export type RentalStateStorage = ReturnType<typeof openRentalStateStorage>;

/** A rental, and how long it took from the payment until it was ready, in nanoseconds. */
export type BegunRental = readonly [RentalId, bigint];

/** Of the counters that all areas share. */
const RENTAL_COUNTER = 4;
/** Workers and probes come back to the same rentals again and again. */
const CACHED = 256;

const inputFields: Fields<InputValue> = { name: text, value: text };
const inputs = record<RentalInputs>({ values: list(record(inputFields)), secretNames: list(text) });

const configFields: Fields<RentalConfig> = {
  sshKeys: list(text),
  inputs,
  inputsBefore: optional(inputs),
};

const secretsFields: Fields<RentalSecrets> = { sealed: bytes, sealedBefore: optional(bytes) };

export function openRentalStateStorage(store: OpenNamed) {
  const key = idKey<RentalId>();
  return {
    ids: new IdAllocator<RentalId>({ store: store('counters'), counter: RENTAL_COUNTER }),
    /** Changed by `applyRentalEvent` and `issueFact` alone. */
    rentals: openTable<RentalId, Rental>({
      store: store('rentals'),
      key,
      fields: rentalFields,
      cachedValues: CACHED,
    }),
    /** Written once. */
    terms: new StableMap<RentalId, FrozenTerms>({
      store: store('terms'),
      key: keyCodec(key),
      value: termsCodec,
      cachedValues: CACHED,
    }),
    /** Until the rental ends. */
    configs: openTable<RentalId, RentalConfig>({
      store: store('rental_configs'),
      key,
      fields: configFields,
    }),
    /** Until the rental ends; only where the recipe asks for secrets. */
    secrets: openTable<RentalId, RentalSecrets>({
      store: store('rental_secrets'),
      key,
      fields: secretsFields,
    }),
    links: new LinkedList<RentalList, RentalId>({
      store: store('rental_links'),
      parent: rentalListKey,
    }),
    /** Which rental has the server of that id in a cloud account, until it is confirmed gone. */
    ofServers: openTable<readonly [CloudAccountId, string], { readonly rentalId: RentalId }>({
      store: store('server_rentals'),
      key: composite(idKey<CloudAccountId>(), textKey),
      fields: { rentalId: plainAs<RentalId>() },
    }),
    /** A rental is in it once, at its `dueAt`, until it is closed. */
    due: new DueQueue<RentalId>({ store: store('rentals_due'), id: key }),
    /**
     * What became ready, at that time and so long after it was paid, until it is counted and its renter
     * told.
     */
    begun: new DueQueue<BegunRental>({ store: store('rentals_begun'), id: composite(key, uint64) }),
    facts: openFactStorage(store),
    /**
     * Rentals about whose money the treasury is to be asked. In the heap only: what is lost is asked
     * about when the rental is next due.
     */
    toAsk: new Set<RentalId>(),
  };
}
