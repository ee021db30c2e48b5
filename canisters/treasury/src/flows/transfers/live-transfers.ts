import type { Principal } from '@dfinity/principal';
import type { TransferId } from '../../core/ids.ts';

/** A stalled ledger keeps at most this many calls waiting, so that others still get theirs. */
const MAX_PER_LEDGER = 10;
const MAX_IN_ALL = 20;

/**
 * Transfers that somebody in this process works on right now. On the heap on purpose: an upgrade
 * loses it together with the answers that were awaited. It decides nothing about money; the stored
 * status does.
 */
export class LiveTransfers {
  readonly #ledgers = new Map<TransferId, string>();

  has(id: TransferId): boolean {
    return this.#ledgers.has(id);
  }

  /** How many timer-driven transfers may be started now on a ledger, with `started` already chosen. */
  hasRoom(ledger: Principal, started: ReadonlyMap<string, number>): boolean {
    let startedInAll = 0;
    for (const count of started.values()) startedInAll += count;
    if (this.#ledgers.size + startedInAll >= MAX_IN_ALL) return false;
    const key = ledgerKey(ledger);
    return this.#countOf(key) + (started.get(key) ?? 0) < MAX_PER_LEDGER;
  }

  /**
   * Runs the work while it is marked as live. The mark goes away in `finally`, also in the cleanup
   * that follows a trap: there the stored status stays as it is, and the watchdog takes it up again.
   */
  async during<T>(
    transfer: { readonly id: TransferId; readonly ledger: Principal },
    work: () => Promise<T>,
  ): Promise<T> {
    this.#ledgers.set(transfer.id, ledgerKey(transfer.ledger));
    try {
      return await work();
    } finally {
      this.#ledgers.delete(transfer.id);
    }
  }

  #countOf(key: string): number {
    let count = 0;
    for (const ledger of this.#ledgers.values()) if (ledger === key) count += 1;
    return count;
  }
}

/** A ledger as a map's key; cheaper than its text. */
export function ledgerKey(ledger: Principal): string {
  return ledger.toUint8Array().join('.');
}
