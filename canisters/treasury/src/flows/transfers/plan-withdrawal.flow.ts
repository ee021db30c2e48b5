import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireController } from '@decent-cloud/kit/runtime/callers.ts';
import { platformAccount } from '../../core/accounts.ts';
import type { Account } from '../../core/account.ts';
import type { TransferId } from '../../core/ids.ts';
import { postpone, refuse, type TreasuryError } from '../treasury-errors.ts';
import { recordTransferEvent } from './record-transfer-event.ts';
import type { TransferCanister } from './transfer-canister.ts';

/** The platform's collected fees on their way out. */
export interface WithdrawalRequest {
  readonly ledger: Principal;
  readonly to: Account;
  /** What arrives; the ledger's fee comes on top. Undefined: everything collected, less the fee. */
  readonly amount: TokenUnits | undefined;
}

/**
 * Lets a controller take collected fees out of the platform's own account, one withdrawal at a time.
 * There is no other account that a controller can send from. Run it in the same message.
 */
export function planFeeWithdrawal(
  canister: TransferCanister,
  request: WithdrawalRequest,
): Result<TransferId, TreasuryError> {
  const { runtime, storage } = canister;
  const { ledger, to } = request;
  const controller = requireController(runtime);
  if (controller.kind === 'err') return controller;
  const token = storage.tokens.get(ledger);
  if (token === undefined) return refuse({ kind: 'unknown-token' }, 'there is no such token');
  if (to.owner.isAnonymous() || to.owner.compareTo(runtime.self()) === 'eq') {
    return invalidArgument({ argument: 'to', rule: 'must be an account of somebody else' });
  }
  const book = storage.books.get(ledger);
  if (book?.liveWithdrawal !== undefined) {
    return postpone({ kind: 'busy' }, 'the withdrawal before is not over; nothing was sent');
  }
  const available = (book?.collected ?? 0n) - token.fee;
  const amount = request.amount ?? available;
  if (amount <= 0n || amount > available) {
    const leaf = { kind: 'nothing-to-withdraw' } as const;
    return refuse(leaf, `at most ${(available > 0n ? available : 0n).toString()} can be taken now`);
  }
  const transferId = storage.ids.transfers.next();
  recordTransferEvent(canister, {
    ...{ kind: 'transfer-planned', transferId, purpose: { kind: 'fee-withdrawal' } },
    ...{ ledger, from: platformAccount(runtime.self()), to },
    ...{ amount: amount as TokenUnits, fee: token.fee, feeFromPayee: token.fee },
    scanFrom: canister.memory.tips.scanFrom(ledger),
  });
  return ok(transferId);
}
