import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { callTyped } from '@decent-cloud/kit/runtime/typed-call.ts';
import type { Account } from '../../core/account.ts';
import type { AttemptOutcome, LedgerRefusal } from '../../core/transfers/attempt.ts';
import type { FrozenArgs, Transfer } from '../../core/transfers/transfer.ts';
import { TransferArgType, TransferFromArgType, TransferResultType } from './ledger-types.ts';
import type { WireAccount, WireTransferResult } from './ledger-types.ts';

/** What of a transfer goes to the ledger. */
export type Sending = Pick<Transfer, 'ledger' | 'from' | 'to' | 'purpose'>;

/**
 * Calls `icrc2_transfer_from` for a deposit and `icrc1_transfer` for everything else, with all of
 * fee, memo and created_at_time given: equal arguments are equal bytes. Every end of the call is a
 * value; only the rejection that follows a trap of our own is thrown, and must be let through.
 */
export async function sendTransfer(
  runtime: Runtime,
  sending: Sending,
  args: FrozenArgs,
): Promise<AttemptOutcome> {
  const isDeposit = sending.purpose.kind === 'deposit';
  const reply = await callTyped(runtime, {
    canisterId: sending.ledger,
    method: isDeposit ? 'icrc2_transfer_from' : 'icrc1_transfer',
    argTypes: [isDeposit ? TransferFromArgType : TransferArgType],
    args: [isDeposit ? transferFromArg(sending, args) : transferArg(sending, args)],
    replyTypes: [TransferResultType],
  });
  if (reply.kind === 'err') return reply.error;
  return outcomeOf(reply.value[0] as WireTransferResult);
}

function transferArg({ from, to }: Sending, args: FrozenArgs): Record<string, unknown> {
  return { from_subaccount: opt(from.subaccount), to: accountToWire(to), ...common(args) };
}

function transferFromArg({ from, to }: Sending, args: FrozenArgs): Record<string, unknown> {
  const accounts = { from: accountToWire(from), to: accountToWire(to) };
  return { spender_subaccount: [], ...accounts, ...common(args) };
}

function common({ amount, fee, memo, createdAt }: FrozenArgs): Record<string, unknown> {
  return { amount, fee: [fee], memo: [memo], created_at_time: [createdAt] };
}

/** An account as ledgers take it. */
export function accountToWire({ owner, subaccount }: Account): WireAccount {
  return { owner, subaccount: opt(subaccount) };
}

function opt(value: Uint8Array | undefined): [] | [Uint8Array] {
  return value === undefined ? [] : [value];
}

function outcomeOf(result: WireTransferResult): AttemptOutcome {
  if ('Ok' in result) return { kind: 'executed', block: result.Ok };
  return { kind: 'refused', refusal: refusalOf(result.Err) };
}

type WireRefusal = Extract<WireTransferResult, { readonly Err: unknown }>['Err'];

function refusalOf(error: WireRefusal): LedgerRefusal {
  if ('BadFee' in error) return { kind: 'bad-fee', expectedFee: error.BadFee.expected_fee };
  if ('BadBurn' in error) return { kind: 'bad-burn', minBurnAmount: error.BadBurn.min_burn_amount };
  if ('InsufficientFunds' in error) {
    return { kind: 'insufficient-funds', balance: error.InsufficientFunds.balance };
  }
  if ('InsufficientAllowance' in error) {
    return { kind: 'insufficient-allowance', allowance: error.InsufficientAllowance.allowance };
  }
  if ('TooOld' in error) return { kind: 'too-old' };
  if ('CreatedInFuture' in error) {
    return { kind: 'created-in-future', ledgerTime: error.CreatedInFuture.ledger_time };
  }
  if ('Duplicate' in error) return { kind: 'duplicate', duplicateOf: error.Duplicate.duplicate_of };
  if ('TemporarilyUnavailable' in error) return { kind: 'temporarily-unavailable' };
  const { error_code: code, message } = error.GenericError;
  return { kind: 'generic', code, message };
}
