import { InvariantError } from '@decent-cloud/domain/assert.ts';
import { safeUint, uint8 } from '@decent-cloud/kit/keys/integer-keys.ts';
import type { KeyPart } from '@decent-cloud/kit/keys/key-codec.ts';
import type { CloudAccountId } from '../../core/ids.ts';

/** The lists of strays: those that are there, and those that were deleted. */
export interface StrayList {
  readonly kind: 'there' | 'deleted';
  readonly of: CloudAccountId;
}

/** Part of the stored form: append, never reorder. */
const KINDS: readonly StrayList['kind'][] = ['there', 'deleted'];

/** How a list is named in keys. */
export const strayListKey: KeyPart<StrayList> = {
  write(writer, list) {
    uint8.write(writer, KINDS.indexOf(list.kind));
    safeUint.write(writer, list.of);
  },
  read(): never {
    throw new InvariantError('BUG: lists are found by their names, never listed');
  },
};
