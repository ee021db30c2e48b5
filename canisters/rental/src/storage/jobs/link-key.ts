import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { InvariantError } from '@decent-cloud/domain/assert.ts';
import { safeUint, uint8 } from '@decent-cloud/kit/keys/integer-keys.ts';
import type { KeyPart } from '@decent-cloud/kit/keys/key-codec.ts';
import type { CloudAccountId } from '../../core/ids.ts';

/** The lists of jobs. */
export type JobLinks =
  | { readonly kind: 'of-rental'; readonly of: RentalId }
  | { readonly kind: 'live-of-rental'; readonly of: RentalId }
  /** Work on the account itself, not on its rentals. */
  | { readonly kind: 'of-account'; readonly of: CloudAccountId }
  | { readonly kind: 'live-of-account'; readonly of: CloudAccountId }
  /** What an operator should look at. */
  | { readonly kind: 'stuck'; readonly of: 0 };

/** Part of the stored form: append, never reorder. */
const KINDS = ['of-rental', 'live-of-rental', 'of-account', 'live-of-account', 'stuck'] as const;

/** How a list is named in keys. */
export const jobLinksKey: KeyPart<JobLinks> = {
  write(writer, links) {
    uint8.write(writer, KINDS.indexOf(links.kind));
    safeUint.write(writer, links.of);
  },
  read(): never {
    throw new InvariantError('BUG: lists are found by their names, never listed');
  },
};
