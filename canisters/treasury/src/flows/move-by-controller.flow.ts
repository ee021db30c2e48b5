import { present } from '@decent-cloud/domain/assert.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TransferId } from '../core/ids.ts';
import type { Transfer } from '../core/transfers/transfer.ts';
import { planFeeWithdrawal, type WithdrawalRequest } from './transfers/plan-withdrawal.flow.ts';
import { resolveParked, type ParkedClaim } from './transfers/resolve-parked.flow.ts';
import { runTransfer } from './transfers/run-transfer.flow.ts';
import type { TransferCanister } from './transfers/transfer-canister.ts';
import type { TreasuryError } from './treasury-errors.ts';

/**
 * Sends collected fees from the platform's account, never from an escrow. The answer is the transfer
 * as it stands: paid, failed, or still on its way.
 */
export async function withdrawFees(
  canister: TransferCanister,
  request: WithdrawalRequest,
): Promise<Result<Transfer, TreasuryError>> {
  const planned = planFeeWithdrawal(canister, request);
  if (planned.kind === 'err') return planned;
  await runTransfer(canister, planned.value);
  return ok(read(canister, planned.value));
}

/** Moves a parked transfer on if the ledger confirms the claim. The answer is how it stands then. */
export async function resolveTransfer(
  canister: TransferCanister,
  request: { readonly transferId: TransferId; readonly claim: ParkedClaim },
): Promise<Result<Transfer, TreasuryError>> {
  const resolved = await resolveParked(canister, request);
  return resolved.kind === 'err' ? resolved : ok(read(canister, request.transferId));
}

function read({ storage }: TransferCanister, id: TransferId): Transfer {
  return present(storage.transfers.get(id), 'a transfer is missing');
}
