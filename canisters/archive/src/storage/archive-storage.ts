import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { idKey } from '@decent-cloud/kit/keys/integer-keys.ts';
import { keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { principal as principalKey } from '@decent-cloud/kit/keys/principal-key.ts';
import { DenseList } from '@decent-cloud/kit/store/dense-list.ts';
import { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { bigint, optional, plainAs, principal, text } from '@decent-cloud/kit/values/field.ts';
import { union } from '@decent-cloud/kit/values/field.ts';
import { valueCodec, type ValueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { ClosedRental, Outcome } from '../core/rentals/closed-rental.ts';
import { MEMORY_IDS } from './memory-ids.ts';

const rentalCodec: ValueCodec<ClosedRental> = valueCodec({
  version: 1,
  fields: {
    id: plainAs<RentalId>(),
    renter: principal,
    provider: principal,
    offering: text,
    startedAt: optional(bigint<TimestampNs>()),
    closedAt: bigint<TimestampNs>(),
    outcome: union<Outcome>({
      completed: {},
      cancelled: { by: plainAs<'renter' | 'provider'>() },
      failed: { reason: text },
    }),
    ledger: principal,
    paid: bigint<TokenUnits>(),
    refunded: bigint<TokenUnits>(),
  },
});

/** A row of a renter's list. */
export interface RentalRef {
  readonly id: RentalId;
}

/** Since when a canister may hand rentals over. */
export interface Writer {
  readonly since: TimestampNs;
}

/** All stable memory of this canister. */
export interface ArchiveStorage {
  readonly rentals: StableMap<RentalId, ClosedRental>;
  readonly byRenter: DenseList<Principal, RentalRef>;
  readonly writers: StableMap<Principal, Writer>;
}

/** Opens the storage over any store, so that flows can be tested without a canister. */
export function openStorage(openStore: (memoryId: number) => StableStore): ArchiveStorage {
  return {
    rentals: new StableMap({
      store: openStore(MEMORY_IDS.rentals),
      key: keyCodec(idKey<RentalId>()),
      value: rentalCodec,
    }),
    byRenter: new DenseList({
      store: openStore(MEMORY_IDS.by_renter),
      parent: principalKey,
      value: valueCodec<RentalRef>({ version: 1, fields: { id: plainAs<RentalId>() } }),
    }),
    writers: new StableMap({
      store: openStore(MEMORY_IDS.writers),
      key: keyCodec(principalKey),
      value: valueCodec<Writer>({ version: 1, fields: { since: bigint<TimestampNs>() } }),
    }),
  };
}

/** Equal as stored: the codec gives equal bytes for equal values. */
export function isSameRental(a: ClosedRental, b: ClosedRental): boolean {
  const [left, right] = [rentalCodec.encode(a), rentalCodec.encode(b)];
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
