import type { Principal } from '@dfinity/principal';
import { charPerByte } from '@decent-cloud/kit/text-host.ts';

/** Bounds of one kind of questions to ledgers. */
export interface ReadLimits {
  readonly inAll: number;
  readonly perLedger: number;
}

/**
 * Balances that are being asked for. On the heap: an upgrade loses it with the answers. It bounds how
 * many calls wait at once, so that a ledger that stalls does not take all of them.
 */
export class OpenReads {
  readonly #limits: ReadLimits;
  readonly #ledgers = new Map<string, string>();

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#ledgers.size;
  }

  has(key: string): boolean {
    return this.#ledgers.has(key);
  }

  /** Whether one more may be asked, with `started` already chosen, one entry for each. */
  hasRoom(ledger: Principal, started: readonly Principal[] = []): boolean {
    if (this.#ledgers.size + started.length >= this.#limits.inAll) return false;
    const name = charPerByte(ledger.toUint8Array());
    let ofLedger = 0;
    for (const open of this.#ledgers.values()) if (open === name) ofLedger += 1;
    for (const one of started) if (one.compareTo(ledger) === 'eq') ofLedger += 1;
    return ofLedger < this.#limits.perLedger;
  }

  /** Marks the key while the work waits. The mark also goes in the cleanup that follows a trap. */
  async during<T>(
    read: { readonly key: string; readonly ledger: Principal },
    work: () => Promise<T>,
  ): Promise<T> {
    this.#ledgers.set(read.key, charPerByte(read.ledger.toUint8Array()));
    try {
      return await work();
    } finally {
      this.#ledgers.delete(read.key);
    }
  }
}
