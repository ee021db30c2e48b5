/**
 * Token balances by account key.
 *
 * Invariant: the sum of all balances is `totalSupply`; burning and fees lower it, minting raises
 * it. An account that reaches zero is forgotten.
 */
export class Balances {
  readonly #byKey = new Map<string, bigint>();
  #totalSupply = 0n;

  get totalSupply(): bigint {
    return this.#totalSupply;
  }

  of(key: string): bigint {
    return this.#byKey.get(key) ?? 0n;
  }

  /** Creates tokens. */
  mint(key: string, amount: bigint): void {
    this.#add(key, amount);
    this.#totalSupply += amount;
  }

  /** Destroys tokens. The caller has checked that the balance covers them. */
  burn(key: string, amount: bigint): void {
    this.#subtract(key, amount);
    this.#totalSupply -= amount;
  }

  move(move: { readonly from: string; readonly to: string; readonly amount: bigint }): void {
    this.#subtract(move.from, move.amount);
    this.#add(move.to, move.amount);
  }

  /** Sorted by key, so that equal balances give equal bytes. */
  entries(): [string, bigint][] {
    return [...this.#byKey].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  load(entries: readonly (readonly [string, bigint])[]): void {
    this.#byKey.clear();
    this.#totalSupply = 0n;
    for (const [key, amount] of entries) this.mint(key, amount);
  }

  #add(key: string, amount: bigint): void {
    const balance = this.of(key) + amount;
    if (balance > 0n) this.#byKey.set(key, balance);
  }

  #subtract(key: string, amount: bigint): void {
    const balance = this.of(key) - amount;
    if (balance < 0n) throw new Error('BUG: balance below zero');
    if (balance === 0n) this.#byKey.delete(key);
    else this.#byKey.set(key, balance);
  }
}
