import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { mapOk, type Result } from '@decent-cloud/domain/result.ts';
import type { Account } from '../../core/account.ts';
import { escrowAccount } from '../../core/accounts.ts';
import type { Escrow } from '../../core/escrow/escrow.ts';
import { balanceOf } from '../../core/escrow/party-book.ts';
import type { EscrowId } from '../../core/ids.ts';
import { readBalance } from '../ledger/ledger-reads.ts';
import type { TreasuryCanister } from '../treasury-canister.ts';

type Canister = Pick<TreasuryCanister, 'runtime' | 'storage'>;

/** What the books and the ledger say about one escrow's account. */
export interface EscrowLook {
  readonly account: Account;
  /** The row as it is after the ledger's answer. */
  readonly escrow: Escrow;
  readonly books: TokenUnits;
  readonly onLedger: TokenUnits;
  /**
   * True if nothing moved and nothing else happened while the ledger was asked: then a difference is
   * real. Otherwise a transfer may be in one number and not yet in the other.
   */
  readonly isAtRest: boolean;
}

/** Reads the balance of an escrow's account, and the books again after it. */
export async function lookAtEscrow(
  { runtime, storage }: Canister,
  { id, ledger }: { readonly id: EscrowId; readonly ledger: Principal },
): Promise<Result<EscrowLook, string>> {
  const eventsBefore = storage.escrowEvents.length(id);
  const account = escrowAccount(runtime.self(), id);
  const balance = await readBalance(runtime, { ledger, account });
  return mapOk(balance, (onLedger) => {
    const escrow = present(storage.escrows.get(id), 'an escrow is missing');
    const isUnchanged = storage.escrowEvents.length(id) === eventsBefore;
    const isAtRest = isUnchanged && escrow.liveTransfer === undefined;
    return { account, escrow, books: balanceOf(escrow), onLedger, isAtRest };
  });
}
