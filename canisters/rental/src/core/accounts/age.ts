import { isBech32 } from './bech32.ts';

/** 32 bytes in groups of 5 bits. */
const RECIPIENT_WORDS = 52;
/** How encrypted files begin, binary and armored. Source: the age specification, C2SP `age.md`. */
const BEGINNINGS = ['age-encryption.org/v1\n', '-----BEGIN AGE ENCRYPTED FILE-----'] as const;

/** True for an X25519 recipient whose checksum is right. Source: the same, "X25519 recipient". */
export function isAgeRecipient(value: string): boolean {
  if (!isBech32(value, { prefix: 'age', dataLength: RECIPIENT_WORDS })) return false;
  // 52 words are 260 bits for 256: the four bits too many must be zero, which only q and s have.
  const last = value.charAt('age1'.length + RECIPIENT_WORDS - 1);
  return last === 'q' || last === 's';
}

/** True if bytes begin as what age encrypted does: a secret that was not sealed is found out. */
export function isAgeSealed(bytes: Uint8Array): boolean {
  return BEGINNINGS.some(
    (beginning) =>
      bytes.length > beginning.length &&
      Array.from(beginning).every((char, index) => bytes[index] === char.charCodeAt(0)),
  );
}
