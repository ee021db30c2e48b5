import type { Principal } from '@dfinity/principal';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { idKey } from '@decent-cloud/kit/keys/integer-keys.ts';
import { principal as principalKey } from '@decent-cloud/kit/keys/principal-key.ts';
import { DenseList } from '@decent-cloud/kit/store/dense-list.ts';
import { openTable } from '@decent-cloud/kit/store/open-table.ts';
import type { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { bigint, bytes, list, plainAs, principal } from '@decent-cloud/kit/values/field.ts';
import { text } from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { ArchivedRental } from '../core/archived-rental.ts';
import { MEMORY_IDS } from './memory-ids.ts';

/** A row of a reader's list. */
export interface RentalRef {
  readonly id: RentalId;
}

/** Since when a canister may hand rentals over. */
export interface Writer {
  readonly since: TimestampNs;
}

/** All stable memory of this canister. */
export interface ArchiveStorage {
  readonly records: StableMap<RentalId, ArchivedRental>;
  /** What each principal may read, in the order of archiving. */
  readonly byReader: DenseList<Principal, RentalRef>;
  readonly writers: StableMap<Principal, Writer>;
}

/** Opens the storage over any store, so that flows can be tested without a canister. */
export function openStorage(openStore: (memoryId: number) => StableStore): ArchiveStorage {
  return {
    records: openTable<RentalId, ArchivedRental>({
      store: openStore(MEMORY_IDS.records),
      key: idKey<RentalId>(),
      fields: {
        id: plainAs<RentalId>(),
        renter: plainAs<AccountId>(),
        provider: plainAs<AccountId>(),
        closedAt: bigint<TimestampNs>(),
        readers: list(principal),
        title: text,
        sha256: text,
        body: bytes,
      },
    }),
    byReader: new DenseList({
      store: openStore(MEMORY_IDS.by_reader),
      parent: principalKey,
      value: valueCodec<RentalRef>({ version: 1, fields: { id: plainAs<RentalId>() } }),
    }),
    writers: openTable<Principal, Writer>({
      store: openStore(MEMORY_IDS.writers),
      key: principalKey,
      fields: { since: bigint<TimestampNs>() },
    }),
  };
}
