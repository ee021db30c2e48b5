import type { Principal } from '@dfinity/principal';
import { ledgerKey } from './live-transfers.ts';

/**
 * The newest block known of each ledger. Every later transfer gets a later block, so a search for it
 * starts there. On the heap: without it a search starts earlier and finds the same.
 */
export class KnownTips {
  readonly #tips = new Map<string, bigint>();

  /** A block that exists on the ledger. */
  saw(ledger: Principal, block: bigint): void {
    const key = ledgerKey(ledger);
    if (block > (this.#tips.get(key) ?? -1n)) this.#tips.set(key, block);
  }

  /** First block that a transfer planned now may get. */
  scanFrom(ledger: Principal): bigint {
    const tip = this.#tips.get(ledgerKey(ledger));
    return tip === undefined ? 0n : tip + 1n;
  }
}
