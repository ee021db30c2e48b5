import { invariant } from '@decent-cloud/domain/assert.ts';
import { balanceOf } from '../../core/escrow/party-book.ts';
import { balanceVerdict, type SeenBalance } from '../../core/transfers/account-balance.ts';
import { afterSearch, type SearchResult } from '../../core/transfers/after-search.ts';
import type { FrozenArgs, Transfer } from '../../core/transfers/transfer.ts';
import type { Result } from '@decent-cloud/domain/result.ts';
import { mapOk } from '@decent-cloud/domain/result.ts';
import { readBalance } from '../ledger/ledger-reads.ts';
import { readEscrow, readTerms, readToken, readTransfer, readUsdE8 } from './read-transfer.ts';
import { recordTransferEvent } from './record-transfer-event.ts';
import { searchBlocks } from './search-blocks.ts';
import type { TransferCanister } from './transfer-canister.ts';

/** Looks a generation up on the ledger and records what that means. The caller holds the live mark. */
export async function reconcileTransfer(
  canister: TransferCanister,
  transfer: Transfer,
  args: FrozenArgs,
): Promise<void> {
  const begunAt = canister.runtime.time();
  const result = await lookUp(canister, transfer, args);
  const current = readTransfer(canister, transfer.id);
  const { status } = current;
  invariant(
    status.kind === 'reconcile' && status.args.generation === args.generation,
    'a transfer moved while it was looked up',
  );
  const event = afterSearch(current, result, {
    ...{ args, begunAt, now: canister.runtime.time(), searches: status.attempts },
    terms: () => readTerms(canister, current),
    usdE8: readUsdE8(canister, current),
  });
  recordTransferEvent(canister, event);
}

/** By blocks where the ledger has them, else by the balance. */
async function lookUp(
  canister: TransferCanister,
  transfer: Transfer,
  args: FrozenArgs,
): Promise<SearchResult> {
  if (readToken(canister, transfer).hasIcrc3Blocks) return searchBlocks(canister, transfer, args);
  const seen = await seeBalance(canister, transfer);
  if (seen.kind === 'err') return { kind: 'unfinished', problem: seen.error };
  return balanceVerdict(transfer, args, seen.value);
}

/**
 * The balance of this canister's account, and what it should be if the transfer did not happen. The
 * account has no other transfer that is not over, so that nothing else can be on its way out of it.
 */
export async function seeBalance(
  canister: TransferCanister,
  transfer: Transfer,
): Promise<Result<SeenBalance, string>> {
  const { ledger } = transfer;
  const account = transfer.purpose.kind === 'deposit' ? transfer.to : transfer.from;
  const balance = await readBalance(canister.runtime, { ledger, account });
  return mapOk(balance, (amount) => ({
    balance: amount,
    expected: expectedOf(canister, transfer),
  }));
}

function expectedOf(canister: TransferCanister, transfer: Transfer): bigint {
  const escrow = readEscrow(canister, transfer);
  if (escrow !== undefined) return balanceOf(escrow) + escrow.surplus;
  const book = canister.storage.books.get(transfer.ledger);
  return book === undefined ? 0n : book.collected + book.platformSurplus;
}
