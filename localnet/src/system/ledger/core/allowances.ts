/** How much `spender` may still take from `from`. */
export interface Allowance {
  readonly amount: bigint;
  readonly expiresAtNs: bigint | undefined;
}

export interface AllowanceEntry extends Allowance {
  readonly from: string;
  readonly spender: string;
}

/** Names an allowance: whose tokens, and who may take them. */
export interface AllowancePair {
  readonly from: string;
  readonly spender: string;
}

const NONE: Allowance = { amount: 0n, expiresAtNs: undefined };

/**
 * ICRC-2 allowances by account keys. An allowance is usable strictly before its expiry; expired
 * ones stay until pruned, which some ledgers' answers depend on.
 */
export class Allowances {
  readonly #byPair = new Map<string, AllowanceEntry>();
  /** Nothing expires before this time. */
  #earliestExpiryNs: bigint | undefined;

  /** The stored entry, even if expired. */
  stored(pair: AllowancePair): AllowanceEntry | undefined {
    return this.#byPair.get(pairKey(pair));
  }

  /** What the spender may use now. */
  usable(pair: AllowancePair, nowNs: bigint): Allowance {
    const entry = this.stored(pair);
    return entry === undefined || isExpired(entry, nowNs) ? NONE : entry;
  }

  /** Replaces the allowance; amount 0 removes it. */
  set(entry: AllowanceEntry): void {
    const key = pairKey(entry);
    if (entry.amount === 0n) {
      this.#byPair.delete(key);
      return;
    }
    this.#byPair.set(key, entry);
    this.#noteExpiry(entry.expiresAtNs);
  }

  /** Lowers the allowance. The caller has checked that it covers the amount. */
  use(pair: AllowancePair, amount: bigint): void {
    const entry = this.stored(pair);
    if (entry === undefined || entry.amount < amount) throw new Error('BUG: allowance below zero');
    this.set({ ...entry, amount: entry.amount - amount });
  }

  /** Forgets what has expired at `nowNs`. */
  prune(nowNs: bigint): void {
    if (this.#earliestExpiryNs === undefined || this.#earliestExpiryNs > nowNs) return;
    this.#earliestExpiryNs = undefined;
    for (const [key, entry] of this.#byPair) {
      if (isExpired(entry, nowNs)) this.#byPair.delete(key);
      else this.#noteExpiry(entry.expiresAtNs);
    }
  }

  /** Sorted by owner, then spender. */
  entries(): AllowanceEntry[] {
    return [...this.#byPair].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  }

  load(entries: readonly AllowanceEntry[]): void {
    this.#byPair.clear();
    this.#earliestExpiryNs = undefined;
    for (const entry of entries) this.set(entry);
  }

  #noteExpiry(expiresAtNs: bigint | undefined): void {
    if (expiresAtNs === undefined) return;
    const earliest = this.#earliestExpiryNs;
    if (earliest === undefined || expiresAtNs < earliest) this.#earliestExpiryNs = expiresAtNs;
  }
}

export function isExpired(allowance: Allowance, nowNs: bigint): boolean {
  return allowance.expiresAtNs !== undefined && allowance.expiresAtNs <= nowNs;
}

function pairKey(pair: AllowancePair): string {
  return `${pair.from}|${pair.spender}`;
}
