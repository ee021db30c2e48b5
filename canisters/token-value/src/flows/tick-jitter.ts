import type { Principal } from '@dfinity/principal';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';

/** FNV-1a, 32 bits. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Seconds to wait before sampling, 0 to `spreadSeconds - 1`: canisters on one clock do not all ask at
 * once, and samples do not fall on a grid. It hides nothing: anybody can compute it, and the median of
 * an hour is what makes the moment of one sample worthless.
 */
export function jitterSeconds(input: {
  readonly at: TimestampNs;
  readonly self: Principal;
  readonly spreadSeconds: number;
}): number {
  let hash = FNV_OFFSET;
  for (const byte of input.self.toUint8Array()) hash = Math.imul(hash ^ byte, FNV_PRIME);
  for (let rest: bigint = input.at; rest > 0n; rest >>= 8n) {
    hash = Math.imul(hash ^ Number(rest & 0xffn), FNV_PRIME);
  }
  return (hash >>> 0) % input.spreadSeconds;
}
