import type { Principal } from '@dfinity/principal';
import { present } from '@decent-cloud/domain/assert.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { Page, PageRequest } from '@decent-cloud/kit/store/page.ts';
import type { TransferId } from '../core/ids.ts';
import { payoutLine, type PayoutLine } from '../core/payees/payout-line.ts';
import type { TreasuryCanister } from './treasury-canister.ts';
import type { TreasuryError } from './treasury-errors.ts';

type Canister = Pick<TreasuryCanister, 'runtime' | 'storage'>;

/** Every transfer to the caller: earnings as provider or author, refunds as payer. */
export function myPayouts(
  canister: Canister,
  request: PageRequest,
): Result<Page<PayoutLine>, TreasuryError> {
  const caller = requireUser(canister.runtime);
  if (caller.kind === 'err') return caller;
  const { rows, next } = canister.storage.payeeTransfers.page(caller.value, request);
  const lines = rows.map(({ seq, value }) => ({ seq, value: lineOf(canister, value.transferId) }));
  return ok({ rows: lines, next });
}

/** The line that stands at a number of somebody's list. */
export function payoutLineAt(canister: Canister, owner: Principal, seq: number): PayoutLine {
  const row = canister.storage.payeeTransfers.get(owner, seq);
  return lineOf(canister, present(row, 'a payout is not listed').transferId);
}

function lineOf({ storage }: Canister, id: TransferId): PayoutLine {
  const transfer = present(storage.transfers.get(id), 'a listed transfer is missing');
  const { purpose } = transfer;
  const escrowId = present(
    purpose.kind === 'payout' ? purpose.escrowId : undefined,
    'only payouts are listed',
  );
  const quote = present(storage.quotes.get(escrowId), 'a payout has no quote');
  const token = present(storage.tokens.get(transfer.ledger), 'a payout has no token');
  return payoutLine({ transfer, quote, token });
}
