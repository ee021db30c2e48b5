import type { TypedHandler } from '../../core/define-native.ts';
import type { NativeContext } from '../../core/native.ts';
import type { Opt } from '../../core/candid-opt.ts';
import { trap } from '../native-trap.ts';
import { accountOf } from '../ledger/core/account.ts';
import type { LedgerResult } from '../ledger/core/apply-transaction.ts';
import { submit } from '../ledger/submit.ts';
import {
  readAccount,
  readSubaccount,
  writeResult,
  type WireAccount,
  type WireApprove,
  type WireTransfer,
  type WireTransferFrom,
} from '../ledger/wire/icrc-messages.ts';
import type { CyclesLedger } from './cycles-ledger.ts';
import {
  approve,
  CYCLES_LEDGER_FEE,
  CYCLES_MEMO_BYTES_MAX,
  mint,
  transfer,
} from './cycles-rules.ts';
import {
  create,
  failedToCreate,
  failedToCreateFrom,
  failedToWithdraw,
  failedToWithdrawFrom,
  withdraw,
  type ForCanister,
  type Source,
  type ToCanister,
  type WireBurn,
} from './payout-calls.ts';

interface WireDeposit {
  readonly to: WireAccount;
  readonly memo: Opt<Uint8Array>;
}

interface FromCaller {
  readonly from_subaccount: Opt<Uint8Array>;
}
interface FromOther {
  readonly from: WireAccount;
  readonly spender_subaccount: Opt<Uint8Array>;
}

/** Every call that changes the cycles ledger. */
export function cyclesUpdates(ledger: CyclesLedger): Record<string, TypedHandler> {
  return {
    ...icrcUpdates(ledger),
    deposit: (context: NativeContext, arg: WireDeposit) => deposit(ledger, context, arg),
    withdraw: (context: NativeContext, arg: WireBurn & FromCaller & ToCanister) =>
      withdraw(ledger, context, { arg, source: ofCaller(context, arg), failed: failedToWithdraw }),
    withdraw_from: (context: NativeContext, arg: WireBurn & FromOther & ToCanister) =>
      withdraw(ledger, context, {
        arg,
        source: ofOther(context, arg),
        failed: failedToWithdrawFrom,
      }),
    create_canister: (context: NativeContext, arg: WireBurn & FromCaller & ForCanister) =>
      create(ledger, context, { arg, source: ofCaller(context, arg), failed: failedToCreate }),
    create_canister_from: (context: NativeContext, arg: WireBurn & FromOther & ForCanister) =>
      create(ledger, context, { arg, source: ofOther(context, arg), failed: failedToCreateFrom }),
  };
}

function icrcUpdates(ledger: CyclesLedger): Record<string, TypedHandler> {
  const run = (context: NativeContext, execute: () => LedgerResult): unknown =>
    submit(ledger, context, { execute, answer: writeResult });
  return {
    icrc1_transfer: (context: NativeContext, arg: WireTransfer) => {
      const request = { ...ofCaller(context, arg), ...movement(arg) };
      return run(context, () => transfer(ledger.state, request, context.timeNs));
    },
    icrc2_transfer_from: (context: NativeContext, arg: WireTransferFrom) => {
      const request = { ...ofOther(context, arg), ...movement(arg) };
      return run(context, () => transfer(ledger.state, request, context.timeNs));
    },
    icrc2_approve: (context: NativeContext, arg: WireApprove) => {
      const request = {
        from: ofCaller(context, arg).from,
        spender: readAccount(arg.spender),
        amount: arg.amount,
        expectedAllowance: arg.expected_allowance[0],
        expiresAtNs: arg.expires_at[0],
        fee: arg.fee[0],
        memo: arg.memo[0],
        createdAtNs: arg.created_at_time[0],
      };
      return run(context, () => approve(ledger.state, request, context.timeNs));
    },
  };
}

function movement(arg: WireTransfer | WireTransferFrom) {
  return {
    to: readAccount(arg.to),
    amount: arg.amount,
    fee: arg.fee[0],
    memo: arg.memo[0],
    createdAtNs: arg.created_at_time[0],
  };
}

function ofCaller(context: NativeContext, arg: FromCaller): Source {
  const from = accountOf(context.caller, readSubaccount(arg.from_subaccount));
  return { from, spender: undefined };
}

function ofOther(context: NativeContext, arg: FromOther): Source {
  const spender = accountOf(context.caller, readSubaccount(arg.spender_subaccount));
  return { from: readAccount(arg.from), spender };
}

function deposit(ledger: CyclesLedger, context: NativeContext, arg: WireDeposit): unknown {
  const to = readAccount(arg.to);
  const [memo] = arg.memo;
  const offered = context.cyclesAvailable();
  if (offered <= CYCLES_LEDGER_FEE) {
    trap(
      `The requested amount ${offered.toString()} to be deposited is not more than the cycles ` +
        `ledger fee: ${CYCLES_LEDGER_FEE.toString()}`,
    );
  }
  if (memo !== undefined && memo.length > CYCLES_MEMO_BYTES_MAX) {
    trap(`memo length exceeds the maximum of ${CYCLES_MEMO_BYTES_MAX} bytes`);
  }
  const execute = (): LedgerResult => {
    const amount = context.acceptCycles(offered) - CYCLES_LEDGER_FEE;
    const request = { to, amount, fee: CYCLES_LEDGER_FEE, memo };
    return { kind: 'ok', blockIndex: mint(ledger.state, request, context.timeNs) };
  };
  return submit(ledger, context, {
    execute,
    answer: (result) =>
      result.kind === 'ok'
        ? { balance: ledger.state.balanceOf(to), block_index: BigInt(result.blockIndex) }
        : trap(result.error.kind),
  });
}
