import type { EscrowId } from '../core/ids.ts';
import { checkBook, checkEscrow } from '../core/invariants.ts';
import { rowsOf } from './escrow-rows.ts';
import type { TransferCanister } from './transfers/transfer-canister.ts';

/** One page of a check; `next` is where the one after it starts, undefined at the end. */
export interface InvariantReport {
  readonly checked: number;
  readonly troubles: readonly string[];
  readonly next: number | undefined;
}

const MAX_TOKENS = 100;

/** Checks the invariants of `limit` escrows from `from` on, and with the first also all token books. */
export function checkInvariants(
  { runtime, storage }: Pick<TransferCanister, 'runtime' | 'storage'>,
  { from, limit }: { readonly from: number; readonly limit: number },
): InvariantReport {
  const troubles: string[] = [];
  if (from === 0) {
    const { rows } = storage.tokens.page({ order: 'oldest-first', limit: MAX_TOKENS });
    for (const { value } of rows) {
      const book = storage.books.get(value.ledger);
      const found = book === undefined ? [] : checkBook(book);
      troubles.push(...found.map((trouble) => `${value.symbol}: ${trouble}`));
    }
  }
  const end = Math.min(from + limit, storage.ids.escrows.count());
  let checked = 0;
  for (let id = from; id < end; id += 1) {
    const rows = rowsOf(storage, id as EscrowId);
    if (rows === undefined) continue;
    checked += 1;
    const found = checkEscrow({ ...rows, now: runtime.time() });
    troubles.push(...found.map((trouble) => `escrow ${id}: ${trouble}`));
  }
  return { checked, troubles, next: end < storage.ids.escrows.count() ? end : undefined };
}
