import { sha256 } from '@decent-cloud/domain/sha256.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { FrozenTerms } from '../../core/rentals/terms.ts';
import { termsCodec } from '../../storage/rentals/terms-fields.ts';

const WORD = 8;

/** SHA-256 of the terms as they are stored. */
export function draftHash(terms: FrozenTerms): Uint8Array {
  return sha256(termsCodec.encode(terms));
}

/** For an extension: over the stored terms, its start and its length, each as 8 bytes, big-endian. */
export function extensionHash(
  terms: FrozenTerms,
  extension: { readonly startsAt: TimestampNs; readonly termNs: DurationNs },
): Uint8Array {
  const stored = termsCodec.encode(terms);
  const bytes = new Uint8Array(stored.length + 2 * WORD);
  bytes.set(stored);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(stored.length, extension.startsAt);
  view.setBigUint64(stored.length + WORD, extension.termNs);
  return sha256(bytes);
}
