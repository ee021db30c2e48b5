import { Principal } from '@dfinity/principal';
import { invariant } from '@decent-cloud/domain/assert.ts';
import type { KeyPart } from './key-codec.ts';

const MAX_PRINCIPAL_BYTES = 29;

/** A principal after its length: shorter ones first, then by bytes. */
export const principal: KeyPart<Principal> = {
  write(writer, value) {
    const bytes = value.toUint8Array();
    const at = writer.reserve(1);
    writer.bytes[at] = bytes.length;
    writer.append(bytes);
  },
  read(reader) {
    const size = reader.view.getUint8(reader.skip(1));
    invariant(size <= MAX_PRINCIPAL_BYTES, 'a stored principal is too long');
    const start = reader.skip(size);
    return Principal.fromUint8Array(reader.bytes.slice(start, start + size));
  },
};
