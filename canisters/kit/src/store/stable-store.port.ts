/**
 * Stable memory as the kit sees it: an ordered map of bytes that survives upgrades. There is no
 * iteration on purpose: a scan grows with the total, so lists are kept as dense counters instead.
 */
export interface StableStore {
  /** The bytes stored under exactly this key. The caller owns the array. */
  readonly get: (key: Uint8Array) => Uint8Array | undefined;
  readonly has: (key: Uint8Array) => boolean;
  readonly insert: (key: Uint8Array, value: Uint8Array) => void;
  /** True if there was something to remove. */
  readonly remove: (key: Uint8Array) => boolean;
  readonly size: () => number;
  /** The smallest keys in ascending order, at most `limit` of them; costs nothing for the others. */
  readonly firstKeys: (limit: number) => Uint8Array[];
}
