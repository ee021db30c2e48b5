import type { JobId } from './ids.ts';
import type { RentalRef } from './server-name.ts';

/** What a secret is for; each purpose has a key of its own. */
export type SecretPurpose =
  /** The machine's own SSH key. */
  | { readonly kind: 'host-key' }
  /** The standing login that may only open and shut the door. */
  | { readonly kind: 'door-key' }
  /** The login of one job. */
  | { readonly kind: 'job-key'; readonly jobId: JobId }
  /** One that a recipe wants made; the same in all versions of the recipe. */
  | { readonly kind: 'secret'; readonly recipeId: number; readonly name: string };

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Bytes from here on would make the first letters likelier than the others. */
const FAIR_BELOW = 256 - (256 % ALPHABET.length);

/**
 * The `info` of HKDF for a secret: different for different secrets, because no part can hold a `/`.
 * Part of what machines were made with: never changed.
 */
export function derivationInfo(
  { installation, rentalId }: RentalRef,
  purpose: SecretPurpose,
): string {
  const start = `decent-cloud/${purpose.kind}/${installation}/${rentalId}`;
  switch (purpose.kind) {
    case 'host-key':
    case 'door-key':
      return start;
    case 'job-key':
      return `${start}/${purpose.jobId}`;
    case 'secret':
      return `${start}/${purpose.recipeId}/${purpose.name}`;
  }
}

/**
 * Letters and digits, each as likely as any other, out of random bytes; fewer than `length` if the bytes
 * do not suffice. A shorter text is the beginning of a longer one.
 */
export function alphanumerics(bytes: Uint8Array, length: number): string {
  let text = '';
  for (const byte of bytes) {
    if (text.length === length) break;
    if (byte < FAIR_BELOW) text += ALPHABET.charAt(byte % ALPHABET.length);
  }
  return text;
}
