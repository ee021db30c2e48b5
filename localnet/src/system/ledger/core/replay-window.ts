export interface ReplayEntry {
  readonly id: string;
  readonly blockIndex: number;
  /** The entry is kept up to and including this time. */
  readonly keepUntilNs: bigint;
}

/** Remembers recent transactions so that a repeated one is answered with the first one's block. */
export class ReplayWindow {
  readonly #byId = new Map<string, ReplayEntry>();
  /** Nothing is due to be forgotten before this time. */
  #earliestNs: bigint | undefined;

  find(id: string): number | undefined {
    return this.#byId.get(id)?.blockIndex;
  }

  remember(entry: ReplayEntry): void {
    this.#byId.set(entry.id, entry);
    this.#note(entry.keepUntilNs);
  }

  prune(nowNs: bigint): void {
    if (this.#earliestNs === undefined || this.#earliestNs >= nowNs) return;
    this.#earliestNs = undefined;
    for (const [id, entry] of this.#byId) {
      if (entry.keepUntilNs < nowNs) this.#byId.delete(id);
      else this.#note(entry.keepUntilNs);
    }
  }

  /** In block order, so that equal windows give equal bytes. */
  entries(): ReplayEntry[] {
    return [...this.#byId.values()].sort((a, b) => a.blockIndex - b.blockIndex);
  }

  load(entries: readonly ReplayEntry[]): void {
    this.#byId.clear();
    this.#earliestNs = undefined;
    for (const entry of entries) this.remember(entry);
  }

  #note(keepUntilNs: bigint): void {
    if (this.#earliestNs === undefined || keepUntilNs < this.#earliestNs) {
      this.#earliestNs = keepUntilNs;
    }
  }
}
