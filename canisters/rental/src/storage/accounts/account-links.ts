import type { Principal } from '@dfinity/principal';
import { InvariantError } from '@decent-cloud/domain/assert.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { safeUint, uint8 } from '@decent-cloud/kit/keys/integer-keys.ts';
import type { KeyPart } from '@decent-cloud/kit/keys/key-codec.ts';
import { principal } from '@decent-cloud/kit/keys/principal-key.ts';

/** The lists of cloud accounts. */
export type AccountLinks =
  | { readonly kind: 'of-provider'; readonly of: AccountId }
  | { readonly kind: 'of-agent'; readonly of: Principal };

/** Part of the stored form: append, never reorder. */
const KINDS = ['of-provider', 'of-agent'] as const;

/** How a list is named in keys. */
export const accountLinksKey: KeyPart<AccountLinks> = {
  write(writer, links) {
    uint8.write(writer, KINDS.indexOf(links.kind));
    if (links.kind === 'of-provider') safeUint.write(writer, links.of);
    else principal.write(writer, links.of);
  },
  read(): never {
    throw new InvariantError('BUG: lists are found by their names, never listed');
  },
};
