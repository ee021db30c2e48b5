import { Principal } from '@dfinity/principal';
import { defineNative, type TypedHandler } from '../../../core/define-native.ts';
import type { NativeContext, NativeProgram } from '../../../core/native.ts';
import { candidText } from '../../candid-text.ts';
import { trap } from '../../native-trap.ts';
import { accountOf } from '../core/account.ts';
import type { LedgerResult } from '../core/apply-transaction.ts';
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
import { icrcBlockQueries } from './icrc-block-queries.ts';
import { fullConfig } from './icrc-config.ts';
import { ICRC_LEDGER_SERVICE, LEDGER_TYPE_NAMES } from './icrc-idl.ts';
import { IcrcLedger, type IcrcLedgerGenesis } from './icrc-ledger.ts';
import { icrcTokenQueries } from './icrc-token-queries.ts';

export const ICRC_LEDGER_PROGRAM = 'icrc-ledger';

const CANDID = candidText(ICRC_LEDGER_SERVICE, LEDGER_TYPE_NAMES);

/** An ICRC-1/2/3 ledger, as DFINITY's of 2025, whose first blocks mint the initial balances. */
export function createIcrcLedger(genesis: IcrcLedgerGenesis): NativeProgram {
  return icrcLedgerProgram(IcrcLedger.atGenesis(genesis));
}

/** A ledger to `load` a saved state into. */
export function emptyIcrcLedger(): NativeProgram {
  const mintingAccount = accountOf(Principal.anonymous());
  const token = { tokenName: '', tokenSymbol: '', decimals: 0, transferFee: 0n, mintingAccount };
  return icrcLedgerProgram(new IcrcLedger(fullConfig(token)));
}

function icrcLedgerProgram(ledger: IcrcLedger): NativeProgram {
  return defineNative({
    programId: ICRC_LEDGER_PROGRAM,
    candid: CANDID,
    service: ICRC_LEDGER_SERVICE,
    handlers: {
      ...icrcTokenQueries(ledger),
      ...icrcBlockQueries(ledger),
      ...icrcUpdates(ledger),
    },
    save: () => ledger.save(),
    load: (bytes) => ledger.load(bytes),
    nextTimerNs: () => (ledger.isCertified ? undefined : 0n),
    onTimer: (context) => ledger.certify(context),
  });
}

function icrcUpdates(ledger: IcrcLedger): Record<string, TypedHandler> {
  const run = (context: NativeContext, execute: () => LedgerResult): unknown =>
    submit(ledger, context, { execute, answer: writeResult });
  return {
    icrc1_transfer: (context: NativeContext, arg: WireTransfer) => {
      const request = {
        from: accountOf(context.caller, readSubaccount(arg.from_subaccount)),
        spender: undefined,
        ...movement(arg),
      };
      return run(context, () => transfer(ledger.rules, request, context.timeNs));
    },
    icrc2_transfer_from: (context: NativeContext, arg: WireTransferFrom) => {
      const request = {
        from: readAccount(arg.from),
        spender: accountOf(context.caller, readSubaccount(arg.spender_subaccount)),
        ...movement(arg),
      };
      return run(context, () => transfer(ledger.rules, request, context.timeNs));
    },
    icrc2_approve: (context: NativeContext, arg: WireApprove) => {
      const spender = readAccount(arg.spender);
      if (spender.owner.compareTo(context.caller) === 'eq') trap('self approval is not allowed');
      const request = {
        from: accountOf(context.caller, readSubaccount(arg.from_subaccount)),
        spender,
        amount: arg.amount,
        expectedAllowance: arg.expected_allowance[0],
        expiresAtNs: arg.expires_at[0],
        fee: arg.fee[0],
        memo: arg.memo[0],
        createdAtNs: arg.created_at_time[0],
      };
      return run(context, () => approve(ledger.rules, request, context.timeNs));
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
