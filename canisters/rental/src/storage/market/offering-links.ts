import type { Principal } from '@dfinity/principal';
import { InvariantError } from '@decent-cloud/domain/assert.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { safeUint, uint8 } from '@decent-cloud/kit/keys/integer-keys.ts';
import type { KeyPart } from '@decent-cloud/kit/keys/key-codec.ts';
import { principal } from '@decent-cloud/kit/keys/principal-key.ts';
import type { CloudAccountId } from '../../core/ids.ts';

/** The lists of offers. A retired one is in `retired-of` alone. */
export type OfferingLinks =
  | { readonly kind: 'of-provider'; readonly of: AccountId }
  | { readonly kind: 'of-account'; readonly of: CloudAccountId }
  | { readonly kind: 'shared-with'; readonly of: Principal }
  | { readonly kind: 'retired-of'; readonly of: AccountId };

/** Part of the stored form: append, never reorder. */
const KINDS = ['of-provider', 'of-account', 'shared-with', 'retired-of'] as const;

/** How a list is named in keys. */
export const offeringLinksKey: KeyPart<OfferingLinks> = {
  write(writer, links) {
    uint8.write(writer, KINDS.indexOf(links.kind));
    if (links.kind === 'shared-with') principal.write(writer, links.of);
    else safeUint.write(writer, links.of);
  },
  read(): never {
    throw new InvariantError('BUG: lists are found by their names, never listed');
  },
};
