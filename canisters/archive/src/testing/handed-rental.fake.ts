import type { Principal } from '@dfinity/principal';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { recordText, type RentalRecord } from '@decent-cloud/domain/rental-record/rental-record.ts';
import { givenRecord } from '@decent-cloud/domain/testing/rental-record.fake.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import type { HandedRental } from '../core/archived-rental.ts';

/** A rental as the market hands it over, with a record that fits. */
export function handedRental(given: {
  readonly id: number;
  readonly readers: readonly Principal[];
  readonly record?: Partial<RentalRecord>;
}): HandedRental {
  const record = givenRecord({ id: given.id, ...given.record });
  return {
    id: given.id as RentalId,
    renter: record.renter as AccountId,
    provider: record.provider as AccountId,
    closedAt: timestampNs(1_795_132_800_000_000_000n),
    readers: given.readers,
    body: new TextEncoder().encode(recordText(record)),
  };
}
