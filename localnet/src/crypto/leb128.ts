/** Shortest unsigned LEB128 of a natural number: how the IC writes nats in hashes and trees. */
export function encodeUleb128(value: bigint): Uint8Array {
  if (value < 0n) throw new RangeError('BUG: unsigned LEB128 of a negative number');
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}
