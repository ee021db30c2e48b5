import type { Principal } from '@dfinity/principal';
import type { Opt } from '../../../core/candid-opt.ts';
import { some } from '../../../core/candid-opt.ts';
import { trap } from '../../native-trap.ts';
import { SUBACCOUNT_BYTES, type Account } from '../core/account.ts';
import type { LedgerError, LedgerResult } from '../core/apply-transaction.ts';

/** Values of the types in `icrc-types.ts` as the Candid library gives and takes them. */
export interface WireAccount {
  readonly owner: Principal;
  readonly subaccount: Opt<Uint8Array>;
}

export interface WireTransfer {
  readonly from_subaccount: Opt<Uint8Array>;
  readonly to: WireAccount;
  readonly amount: bigint;
  readonly fee: Opt<bigint>;
  readonly memo: Opt<Uint8Array>;
  readonly created_at_time: Opt<bigint>;
}

export interface WireTransferFrom {
  readonly spender_subaccount: Opt<Uint8Array>;
  readonly from: WireAccount;
  readonly to: WireAccount;
  readonly amount: bigint;
  readonly fee: Opt<bigint>;
  readonly memo: Opt<Uint8Array>;
  readonly created_at_time: Opt<bigint>;
}

export interface WireApprove {
  readonly from_subaccount: Opt<Uint8Array>;
  readonly spender: WireAccount;
  readonly amount: bigint;
  readonly expected_allowance: Opt<bigint>;
  readonly expires_at: Opt<bigint>;
  readonly fee: Opt<bigint>;
  readonly memo: Opt<Uint8Array>;
  readonly created_at_time: Opt<bigint>;
}

export interface WireAllowanceArgs {
  readonly account: WireAccount;
  readonly spender: WireAccount;
}

/** Reads a subaccount; a wrong length fails as a decoding error of the call's arguments does. */
export function readSubaccount(value: Opt<Uint8Array>): Uint8Array | undefined {
  const [subaccount] = value;
  if (subaccount !== undefined && subaccount.length !== SUBACCOUNT_BYTES) {
    trap(`failed to decode call arguments: subaccount of ${subaccount.length} bytes`);
  }
  return subaccount;
}

export function readAccount(wire: WireAccount): Account {
  return { owner: wire.owner, subaccount: readSubaccount(wire.subaccount) };
}

export function writeAccount(account: Account): WireAccount {
  return { owner: account.owner, subaccount: some(account.subaccount) };
}

export type WireResult = { readonly Ok: bigint } | { readonly Err: Record<string, unknown> };

/** The answer of icrc1_transfer, icrc2_approve and icrc2_transfer_from. */
export function writeResult(result: LedgerResult): WireResult {
  return result.kind === 'ok'
    ? { Ok: BigInt(result.blockIndex) }
    : { Err: writeError(result.error) };
}

export function writeError(error: LedgerError): Record<string, unknown> {
  switch (error.kind) {
    case 'bad-fee':
      return { BadFee: { expected_fee: error.expectedFee } };
    case 'bad-burn':
      return { BadBurn: { min_burn_amount: error.minBurnAmount } };
    case 'insufficient-funds':
      return { InsufficientFunds: { balance: error.balance } };
    case 'insufficient-allowance':
      return { InsufficientAllowance: { allowance: error.allowance } };
    case 'allowance-changed':
      return { AllowanceChanged: { current_allowance: error.currentAllowance } };
    case 'expired':
      return { Expired: { ledger_time: error.ledgerTimeNs } };
    case 'too-old':
      return { TooOld: null };
    case 'created-in-future':
      return { CreatedInFuture: { ledger_time: error.ledgerTimeNs } };
    case 'duplicate':
      return { Duplicate: { duplicate_of: BigInt(error.duplicateOf) } };
    case 'temporarily-unavailable':
      return { TemporarilyUnavailable: null };
    case 'generic':
      return { GenericError: { error_code: error.code, message: error.message } };
  }
}
