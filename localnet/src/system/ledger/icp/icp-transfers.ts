import type { TypedHandler } from '../../../core/define-native.ts';
import type { NativeContext } from '../../../core/native.ts';
import { trap } from '../../native-trap.ts';
import { accountOf, type Account } from '../core/account.ts';
import { applyTransaction, ledgerError, type LedgerResult } from '../core/apply-transaction.ts';
import type { Operation } from '../core/transaction.ts';
import { submit } from '../submit.ts';
import { approve, transfer } from '../suite-rules.ts';
import {
  readAccount,
  readSubaccount,
  writeResult,
  type WireApprove,
  type WireTransfer,
  type WireTransferFrom,
} from '../wire/icrc-messages.ts';
import {
  accountIdOf,
  parseAccountId,
  parseAccountIdText,
  type AccountId,
} from './account-identifier.ts';
import type { IcpLedger } from './icp-ledger.ts';
import {
  writeTransferResult,
  type WireIcpTransfer,
  type WireRemoveApproval,
  type WireSend,
} from './icp-wire.ts';

/** Every call that changes the ICP ledger. */
export function icpUpdates(ledger: IcpLedger): Record<string, TypedHandler> {
  return { ...ownTransfers(ledger), ...icrcTransfers(ledger), ...approvals(ledger) };
}

function ownTransfers(ledger: IcpLedger): Record<string, TypedHandler> {
  return {
    transfer: (context: NativeContext, arg: WireIcpTransfer) => {
      const to = parseAccountId(arg.to) ?? trap('Invalid account identifier');
      const execute = (): LedgerResult => ownTransfer(ledger, context, { ...arg, to });
      return submit(ledger, context, { execute, answer: writeTransferResult });
    },
    send_dfx: (context: NativeContext, arg: WireSend) => {
      const to = parseAccountIdText(arg.to) ?? trap('Invalid account identifier');
      const execute = (): LedgerResult => ownTransfer(ledger, context, { ...arg, to });
      return submit(ledger, context, {
        execute,
        answer: (result) =>
          result.kind === 'ok' ? BigInt(result.blockIndex) : trap(result.error.kind),
      });
    },
  };
}

/**
 * The ledger's own `transfer`: the fee must be named, and without a creation time the ledger's
 * clock is used, so that two equal transfers at one instant are duplicates.
 */
function ownTransfer(
  ledger: IcpLedger,
  context: NativeContext,
  arg: Omit<WireIcpTransfer, 'to'> & { readonly to: AccountId },
): LedgerResult {
  checkSender(ledger, context);
  const from = accountIdOf(accountOf(context.caller, readSubaccount(arg.from_subaccount)));
  const operation = ownOperation(ledger, { from, to: arg.to, arg });
  if (operation === undefined) {
    return ledgerError({ kind: 'bad-fee', expectedFee: ledger.rules.fee });
  }
  const createdAtNs = arg.created_at_time[0]?.timestamp_nanos ?? context.timeNs;
  return applyTransaction(
    ledger.state,
    { operation, createdAtNs, memo: undefined, numericMemo: arg.memo },
    { nowNs: context.timeNs, fee: ledger.rules.fee },
  );
}

/** The operation asked for, or undefined when the fee of a transfer is wrong. */
function ownOperation(
  ledger: IcpLedger,
  ask: {
    readonly from: AccountId;
    readonly to: AccountId;
    readonly arg: Pick<WireIcpTransfer, 'amount' | 'fee'>;
  },
): Operation<AccountId> | undefined {
  const { from, to } = ask;
  const amount = ask.arg.amount.e8s;
  const fee = ask.arg.fee.e8s;
  const { mintingId, rules } = ledger;
  if (from === mintingId) {
    if (fee !== 0n) trap('Fee for minting should be zero');
    if (to === mintingId) trap('It is illegal to mint to a minting_account');
    return { kind: 'mint', to, amount, fee: undefined };
  }
  if (to === mintingId) {
    if (fee !== 0n) trap('Fee for burning should be zero');
    if (amount < rules.fee) trap(`Burns lower than ${rules.fee.toString()} e8s are not allowed`);
    return { kind: 'burn', from, spender: undefined, amount };
  }
  return fee === rules.fee
    ? { kind: 'transfer', from, to, spender: undefined, amount, fee }
    : undefined;
}

function icrcTransfers(ledger: IcpLedger): Record<string, TypedHandler> {
  const run = (
    context: NativeContext,
    accounts: { readonly from: Account; readonly spender: Account | undefined },
    arg: WireTransfer | WireTransferFrom,
  ): unknown => {
    checkSender(ledger, context);
    const request = {
      from: accountIdOf(accounts.from),
      to: accountIdOf(readAccount(arg.to)),
      spender: accounts.spender && accountIdOf(accounts.spender),
      amount: arg.amount,
      fee: arg.fee[0],
      memo: arg.memo[0],
      createdAtNs: arg.created_at_time[0],
    };
    const execute = (): LedgerResult => transfer(ledger.rules, request, context.timeNs);
    return submit(ledger, context, { execute, answer: writeResult });
  };
  return {
    icrc1_transfer: (context: NativeContext, arg: WireTransfer) => {
      const from = accountOf(context.caller, readSubaccount(arg.from_subaccount));
      return run(context, { from, spender: undefined }, arg);
    },
    icrc2_transfer_from: (context: NativeContext, arg: WireTransferFrom) => {
      const spender = accountOf(context.caller, readSubaccount(arg.spender_subaccount));
      return run(context, { from: readAccount(arg.from), spender }, arg);
    },
  };
}

function approvals(ledger: IcpLedger): Record<string, TypedHandler> {
  return {
    icrc2_approve: (context: NativeContext, arg: WireApprove) => {
      checkSender(ledger, context);
      const spender = readAccount(arg.spender);
      if (spender.owner.compareTo(context.caller) === 'eq') trap('self approval is not allowed');
      const request = {
        from: accountIdOf(accountOf(context.caller, readSubaccount(arg.from_subaccount))),
        spender: accountIdOf(spender),
        amount: arg.amount,
        expectedAllowance: arg.expected_allowance[0],
        expiresAtNs: arg.expires_at[0],
        fee: arg.fee[0],
        memo: arg.memo[0],
        createdAtNs: arg.created_at_time[0],
      };
      const execute = (): LedgerResult => approve(ledger.rules, request, context.timeNs);
      return submit(ledger, context, { execute, answer: writeResult });
    },
    remove_approval: (context: NativeContext, arg: WireRemoveApproval) => {
      checkSender(ledger, context);
      const request = {
        from: accountIdOf(accountOf(context.caller, readSubaccount(arg.from_subaccount))),
        spender: parseAccountId(arg.spender) ?? trap('Invalid account identifier'),
        amount: 0n,
        expectedAllowance: undefined,
        expiresAtNs: undefined,
        fee: arg.fee[0],
        memo: undefined,
        createdAtNs: undefined,
      };
      const execute = (): LedgerResult => approve(ledger.rules, request, context.timeNs);
      return submit(ledger, context, { execute, answer: writeResult });
    },
  };
}

function checkSender(ledger: IcpLedger, context: NativeContext): void {
  if (!ledger.config.allowsAnonymous && context.caller.isAnonymous()) {
    trap('Anonymous principal cannot hold tokens on the ledger.');
  }
}
