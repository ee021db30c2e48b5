import { InvariantError } from '@decent-cloud/domain/assert.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { safeUint, uint8 } from '@decent-cloud/kit/keys/integer-keys.ts';
import type { KeyPart } from '@decent-cloud/kit/keys/key-codec.ts';
import type { CloudAccountId } from '../../core/ids.ts';

/** The lists of rentals. */
export type RentalList =
  /** All that are still in this canister. */
  | { readonly kind: 'of-renter'; readonly of: AccountId }
  /** All that were paid and are still in this canister. */
  | { readonly kind: 'of-provider'; readonly of: AccountId }
  /** Where a machine may be: paid and not closed. */
  | { readonly kind: 'of-cloud-account'; readonly of: CloudAccountId }
  /** Not paid. */
  | { readonly kind: 'quotes-of-renter'; readonly of: AccountId }
  /** Paid and not closed. */
  | { readonly kind: 'live-of-renter'; readonly of: AccountId };

/** Part of the stored form: append, never reorder. */
const KINDS: readonly RentalList['kind'][] = [
  'of-renter',
  'of-provider',
  'of-cloud-account',
  'quotes-of-renter',
  'live-of-renter',
];

/** How a list is named in keys. */
export const rentalListKey: KeyPart<RentalList> = {
  write(writer, list) {
    uint8.write(writer, KINDS.indexOf(list.kind));
    safeUint.write(writer, list.of);
  },
  read(): never {
    throw new InvariantError('BUG: lists are found by their names, never listed');
  },
};
