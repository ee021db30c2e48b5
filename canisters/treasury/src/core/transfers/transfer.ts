import type { Principal } from '@dfinity/principal';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Account } from '../account.ts';
import type { Party } from '../escrow/escrow.ts';
import type { EscrowId, TransferId } from '../ids.ts';

/** What a transfer is for. Deposits come in by ICRC-2, all others go out by ICRC-1. */
export type Purpose =
  | { readonly kind: 'deposit'; readonly escrowId: EscrowId }
  | { readonly kind: 'payout'; readonly escrowId: EscrowId; readonly party: Party }
  /** The platform's collected fees, from the platform's own account. Never from an escrow. */
  | { readonly kind: 'fee-withdrawal' };

/** The exact arguments of one generation: retried byte for byte, never changed. */
export interface FrozenArgs {
  /** 1, 2, …: a new one only when the one before can surely never execute. */
  readonly generation: number;
  readonly createdAt: TimestampNs;
  /** SHA-256 over the transfer's id and the generation. */
  readonly memo: Uint8Array;
  readonly amount: TokenUnits;
  readonly fee: TokenUnits;
}

/**
 * The payout machine. `isUnknown` means that an earlier attempt of this generation may have executed.
 *
 * - planned: nothing was sent in this generation; amounts and fee are reserved.
 * - in-flight: sent; the answer is awaited. The persisted state is the lock.
 * - retry: to be sent again with the same bytes.
 * - reconcile: to be looked up on the ledger; no more sends in this generation.
 * - paid, failed: over. Only a deposit fails: a payout is planned again instead.
 * - parked: nobody knows; visible, alarmed, resolved only against the ledger itself.
 */
export type TransferStatus =
  | { readonly kind: 'planned'; readonly notBefore: TimestampNs; readonly attempts: number }
  | {
      readonly kind: 'in-flight';
      readonly args: FrozenArgs;
      readonly isUnknown: boolean;
      readonly attempts: number;
    }
  | {
      readonly kind: 'retry';
      readonly args: FrozenArgs;
      readonly isUnknown: boolean;
      readonly attempts: number;
      readonly notBefore: TimestampNs;
    }
  | {
      readonly kind: 'reconcile';
      readonly args: FrozenArgs;
      readonly attempts: number;
      readonly notBefore: TimestampNs;
    }
  | {
      readonly kind: 'paid';
      readonly args: FrozenArgs;
      readonly block: bigint | undefined;
      readonly at: TimestampNs;
      readonly usdE8: UsdE8 | undefined;
    }
  | { readonly kind: 'failed'; readonly at: TimestampNs; readonly reason: string }
  | {
      readonly kind: 'parked';
      readonly args: FrozenArgs;
      readonly at: TimestampNs;
      readonly reason: string;
    };

export interface Transfer {
  readonly id: TransferId;
  readonly purpose: Purpose;
  readonly ledger: Principal;
  /** A deposit's source is the payer's account; all others leave a subaccount of this canister. */
  readonly from: Account;
  readonly to: Account;
  /** What the receiver gets; a replan may lower it when the ledger's fee rose. */
  readonly amount: TokenUnits;
  /** Of the ledger's fee, what the receiving party bears; the platform bears the rest. */
  readonly feeFromPayee: TokenUnits;
  readonly fee: TokenUnits;
  /** First block that may hold it: everything before was there already. */
  readonly scanFrom: bigint;
  /** Last generation ever frozen; 0 before the first. */
  readonly lastGeneration: number;
  /** Why the last attempt did not end it, for people. */
  readonly lastProblem: string | undefined;
  readonly plannedAt: TimestampNs;
  /** When the machine looks at it next; undefined once it is over or parked. */
  readonly dueAt: TimestampNs | undefined;
  readonly status: TransferStatus;
}
