import type { Principal } from '@dfinity/principal';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { Account } from '../../core/account.ts';
import type { Party } from '../../core/escrow/escrow.ts';
import type { EscrowId, TransferId } from '../../core/ids.ts';
import type { Terms } from '../../core/transfers/transfer-events.ts';
import { recordTransferEvent } from './record-transfer-event.ts';
import type { TransferCanister } from './transfer-canister.ts';

/** A payer's tokens on their way into an escrow. */
export interface DepositPlan {
  readonly escrowId: EscrowId;
  readonly ledger: Principal;
  readonly from: Account;
  readonly to: Account;
  readonly amount: TokenUnits;
  readonly fee: TokenUnits;
  readonly exposureUsdE8: UsdE8;
}

/** Reserves a deposit. Run it in the same message: then it is sent before anything else happens. */
export function planDeposit(canister: TransferCanister, plan: DepositPlan): TransferId {
  const { ledger, ...deposit } = plan;
  const scanFrom = canister.memory.tips.scanFrom(ledger);
  const transferId = canister.storage.ids.transfers.next();
  recordTransferEvent(canister, { kind: 'deposit-planned', transferId, ...deposit, scanFrom });
  return transferId;
}

/** What an escrow owes a party, on its way out. */
export interface PayoutRequest {
  readonly escrowId: EscrowId;
  readonly party: Party;
  readonly ledger: Principal;
  readonly from: Account;
  readonly to: Account;
  readonly terms: Terms;
}

/** Reserves a payout of an escrow that has no other transfer under way. */
export function planPayout(canister: TransferCanister, request: PayoutRequest): TransferId {
  const { escrowId, party, ledger, from, to, terms } = request;
  const { memory, storage } = canister;
  const depositBlock = storage.escrows.get(escrowId)?.depositBlock ?? 0n;
  const tip = memory.tips.scanFrom(ledger);
  const transferId = storage.ids.transfers.next();
  recordTransferEvent(canister, {
    ...{ kind: 'transfer-planned', transferId, purpose: { kind: 'payout', escrowId, party } },
    ...{ ledger, from, to, ...terms },
    scanFrom: depositBlock > tip ? depositBlock : tip,
  });
  return transferId;
}
