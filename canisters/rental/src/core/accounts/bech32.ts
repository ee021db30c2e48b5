/** The characters of bech32 by value. Source: BIP 173. */
const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const CHECKSUM_LENGTH = 6;

/** True for bech32 in lower case with that prefix, data of `dataLength` characters, and a checksum. */
export function isBech32(
  value: string,
  of: { readonly prefix: string; readonly dataLength: number },
): boolean {
  const { prefix, dataLength } = of;
  const length = prefix.length + 1 + dataLength + CHECKSUM_LENGTH;
  if (value.length !== length || !value.startsWith(`${prefix}1`)) return false;
  const words = expandPrefix(prefix);
  for (let at = prefix.length + 1; at < value.length; at += 1) {
    const word = CHARSET.indexOf(value.charAt(at));
    if (word < 0) return false;
    words.push(word);
  }
  return polymod(words) === 1;
}

/** The words that the prefix adds to the checksum. */
export function expandPrefix(prefix: string): number[] {
  const codes = Array.from(prefix, (char) => char.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

/** The checksum's remainder; 1 over a whole text that is right. */
export function polymod(words: readonly number[]): number {
  let sum = 1;
  for (const word of words) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ word;
    for (let bit = 0; bit < GENERATORS.length; bit += 1) {
      if ((top >>> bit) & 1) sum ^= GENERATORS[bit] ?? 0;
    }
  }
  return sum >>> 0;
}
