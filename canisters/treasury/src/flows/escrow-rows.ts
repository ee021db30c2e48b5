import { present } from '@decent-cloud/domain/assert.ts';
import type { Escrow } from '../core/escrow/escrow.ts';
import type { EscrowId } from '../core/ids.ts';
import type { Quote } from '../core/quotes/quote.ts';
import type { Transfer } from '../core/transfers/transfer.ts';
import type { TreasuryStorage } from '../storage/treasury-storage.ts';

/** Everything that is stored about one escrow. */
export interface EscrowRows {
  readonly quote: Quote;
  readonly escrow: Escrow;
  readonly transfers: readonly Transfer[];
}

/** Undefined if there is no such escrow; an id is lost where a quote was refused. */
export function rowsOf(storage: TreasuryStorage, id: EscrowId): EscrowRows | undefined {
  const quote = storage.quotes.get(id);
  const escrow = storage.escrows.get(id);
  if (quote === undefined || escrow === undefined) return undefined;
  const transfers: Transfer[] = [];
  for (let index = 0; index < storage.escrowTransfers.length(id); index += 1) {
    const row = present(storage.escrowTransfers.get(id, index), 'a transfer is not listed');
    transfers.push(present(storage.transfers.get(row.transferId), 'a listed transfer is missing'));
  }
  return { quote, escrow, transfers };
}
