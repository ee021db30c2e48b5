import { IDL } from '@dfinity/candid';
import type { Opt } from '../../../core/candid-opt.ts';
import { some } from '../../../core/candid-opt.ts';
import type { Account } from '../core/account.ts';
import type { Block, Operation } from '../core/transaction.ts';
import { writeAccount } from '../wire/icrc-messages.ts';
import { Account as AccountType, Blob } from '../wire/icrc-types.ts';

const COMMON = {
  amount: IDL.Nat,
  memo: IDL.Opt(Blob),
  created_at_time: IDL.Opt(IDL.Nat64),
};

/** A transaction as get_transactions of DFINITY's ICRC-1 ledger shows it. */
export const TransactionRecord = IDL.Record({
  kind: IDL.Text,
  timestamp: IDL.Nat64,
  mint: IDL.Opt(IDL.Record({ ...COMMON, to: AccountType })),
  burn: IDL.Opt(IDL.Record({ ...COMMON, from: AccountType, spender: IDL.Opt(AccountType) })),
  transfer: IDL.Opt(
    IDL.Record({
      ...COMMON,
      from: AccountType,
      to: AccountType,
      spender: IDL.Opt(AccountType),
      fee: IDL.Opt(IDL.Nat),
    }),
  ),
  approve: IDL.Opt(
    IDL.Record({
      ...COMMON,
      from: AccountType,
      spender: AccountType,
      expected_allowance: IDL.Opt(IDL.Nat),
      expires_at: IDL.Opt(IDL.Nat64),
      fee: IDL.Opt(IDL.Nat),
    }),
  ),
});

export function transactionRecord(block: Block<Account>): Record<string, unknown> {
  const { operation, memo, createdAtNs } = block.transaction;
  const common = {
    amount: operation.amount,
    memo: some(memo),
    created_at_time: some(createdAtNs),
  };
  return {
    kind: operation.kind,
    timestamp: block.timestampNs,
    mint: [],
    burn: [],
    transfer: [],
    approve: [],
    [operation.kind]: [{ ...common, ...parts(operation, block.effectiveFee) }],
  };
}

function parts(
  operation: Operation<Account>,
  effectiveFee: bigint | undefined,
): Record<string, unknown> {
  switch (operation.kind) {
    case 'mint':
      return { to: writeAccount(operation.to) };
    case 'burn':
      return { from: writeAccount(operation.from), spender: optAccount(operation.spender) };
    case 'transfer':
      return {
        from: writeAccount(operation.from),
        to: writeAccount(operation.to),
        spender: optAccount(operation.spender),
        fee: some(operation.fee ?? effectiveFee),
      };
    case 'approve':
      return {
        from: writeAccount(operation.from),
        spender: writeAccount(operation.spender),
        expected_allowance: some(operation.expectedAllowance),
        expires_at: some(operation.expiresAtNs),
        fee: some(operation.fee ?? effectiveFee),
      };
  }
}

function optAccount(account: Account | undefined): Opt<ReturnType<typeof writeAccount>> {
  return some(account === undefined ? undefined : writeAccount(account));
}
