import { sha256 as digestOf } from 'js-sha256';

/** SHA-256 of the bytes: 32 bytes. Costs a canister about 18,000 instructions for each byte. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(digestOf.array(bytes));
}

/** SHA-256 of the bytes, or of the text's UTF-8, in lower-case hexadecimal digits. */
export function sha256Hex(message: Uint8Array | string): string {
  return digestOf.hex(message);
}
