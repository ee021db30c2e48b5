import { Principal } from '@dfinity/principal';
import { defineNative, type TypedHandler } from '../../../core/define-native.ts';
import type { NativeContext } from '../../../core/native.ts';
import { candidText } from '../../candid-text.ts';
import { trap } from '../../native-trap.ts';
import { accountOf } from '../core/account.ts';
import type { LedgerResult } from '../core/apply-transaction.ts';
import { faultyLedger, type AdminControls, type FaultyLedger } from '../faults/faulty-ledger.ts';
import { ledgerControls } from '../ledger-controls.ts';
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
import { ICRC_TYPE_NAMES } from '../wire/icrc-types.ts';
import { icrcBlockQueries } from './icrc-block-queries.ts';
import { fullConfig } from './icrc-config.ts';
import { BLOCKLESS_LEDGER_SERVICE, ICRC_LEDGER_SERVICE, LEDGER_TYPE_NAMES } from './icrc-idl.ts';
import { IcrcLedger, type IcrcLedgerGenesis } from './icrc-ledger.ts';
import { icrcTokenQueries } from './icrc-token-queries.ts';

export const ICRC_LEDGER_PROGRAM = 'icrc-ledger';
export const BLOCKLESS_LEDGER_PROGRAM = 'icrc-ledger-without-icrc3';

const CANDID = candidText(ICRC_LEDGER_SERVICE, LEDGER_TYPE_NAMES);
const BLOCKLESS_CANDID = candidText(BLOCKLESS_LEDGER_SERVICE, ICRC_TYPE_NAMES);

/**
 * An ICRC-1/2/3 ledger, as DFINITY's of 2025, whose first blocks mint the initial balances; with
 * `hasIcrc3: false` one that shows no blocks.
 */
export function createIcrcLedger(genesis: IcrcLedgerGenesis): FaultyLedger {
  return icrcLedgerProgram(IcrcLedger.atGenesis(genesis));
}

/** A ledger to `load` a saved state into. */
export function emptyIcrcLedger(options: { readonly hasIcrc3: boolean }): FaultyLedger {
  const mintingAccount = accountOf(Principal.anonymous());
  const token = { tokenName: '', tokenSymbol: '', decimals: 0, transferFee: 0n, mintingAccount };
  return icrcLedgerProgram(new IcrcLedger(fullConfig({ ...token, ...options })));
}

function icrcLedgerProgram(ledger: IcrcLedger): FaultyLedger {
  const { hasIcrc3 } = ledger.config;
  const service = hasIcrc3 ? ICRC_LEDGER_SERVICE : BLOCKLESS_LEDGER_SERVICE;
  const updates = icrcUpdates(ledger);
  const program = defineNative({
    programId: hasIcrc3 ? ICRC_LEDGER_PROGRAM : BLOCKLESS_LEDGER_PROGRAM,
    candid: hasIcrc3 ? CANDID : BLOCKLESS_CANDID,
    service,
    handlers: {
      ...icrcTokenQueries(ledger),
      ...icrcBlockQueries(ledger),
      ...updates,
    },
    save: () => ledger.save(),
    load: (bytes) => ledger.load(bytes),
    nextTimerNs: () => (ledger.isCertified ? undefined : 0n),
    onTimer: (context) => ledger.certify(context),
  });
  const transactions = Object.keys(updates);
  return faultyLedger({ program, service, transactions, controls: icrcControls(ledger) });
}

function icrcControls(ledger: IcrcLedger): AdminControls {
  return {
    ...ledgerControls(ledger),
    setFee: (fee) => {
      ledger.setFee(fee);
    },
    mint: (context, { to, amount }) => {
      const from = ledger.config.mintingAccount;
      const plain = { spender: undefined, fee: undefined, memo: undefined, createdAtNs: undefined };
      const result = transfer(ledger.rules, { ...plain, from, to, amount }, context.timeNs);
      ledger.certify(context);
      return result;
    },
  };
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
