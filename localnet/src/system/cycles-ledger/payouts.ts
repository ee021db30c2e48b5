import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { NativeCall, NativeCallOutcome, NativeContext } from '../../core/native.ts';
import { RejectCode, type Response } from '../../core/types.ts';
import type { Opt } from '../../core/candid-opt.ts';
import { settingsFor, type WireSettings, type WireSubnetSelection } from '../canister-settings.ts';
import { CMC_CREATE_CANISTER } from '../cmc/cmc-idl.ts';
import type { Account } from '../ledger/core/account.ts';
import { CMC_ID, MANAGEMENT_ID } from '../system-ids.ts';
import type { CyclesLedger } from './cycles-ledger.ts';
import { approve, currentAllowance, CYCLES_LEDGER_FEE, mint, pairOf } from './cycles-rules.ts';

/** Memos that mark what a block was for. Source: dfinity/cycles-ledger storage.rs. */
const MEMO_BYTES = 32;
export const CREATE_CANISTER_MEMO = new Uint8Array(MEMO_BYTES).fill(0xfe);
const FAILED_WITHDRAW_MEMO = new Uint8Array(MEMO_BYTES).fill(0xff);
const FAILED_CREATE_MEMO = new Uint8Array(MEMO_BYTES).fill(0xfd);

/** Burned cycles on their way out, and what their failure must give back. */
export interface Payout {
  readonly blockIndex: number;
  readonly from: Account;
  readonly spender: Account | undefined;
  readonly amount: bigint;
  /** When the used allowance was to expire. */
  readonly allowanceExpiresAtNs: bigint | undefined;
}

export interface FailedPayout {
  readonly kind: 'failed';
  readonly blockIndex: number;
  readonly refundBlock: number | undefined;
  readonly approvalRefundBlock: number | undefined;
  readonly code: WireRejectionCode;
  readonly reason: string;
}

export type WireRejectionCode = Readonly<Record<string, null>>;

type Steps<T> = Generator<NativeCall, T, NativeCallOutcome>;

/** Sends the cycles to a canister by `deposit_cycles`; on failure they return, minus fees. */
export function* payOut(
  ledger: CyclesLedger,
  context: NativeContext,
  payout: Payout & { readonly to: Principal },
): Steps<{ readonly kind: 'ok'; readonly blockIndex: number } | FailedPayout> {
  const { response } = yield {
    canisterId: MANAGEMENT_ID,
    method: 'deposit_cycles',
    arg: IDL.encode([IDL.Record({ canister_id: IDL.Principal })], [{ canister_id: payout.to }]),
    cycles: payout.amount,
  };
  if (response.kind === 'reply') return { kind: 'ok', blockIndex: payout.blockIndex };
  const returned = { amount: payout.amount, memo: FAILED_WITHDRAW_MEMO };
  return refund(ledger, context, payout, { ...returned, ...rejection(response) });
}

export interface CreationArgs {
  readonly settings: Opt<WireSettings>;
  readonly subnet_selection: Opt<WireSubnetSelection>;
}

/** Has the CMC create a canister with the cycles; on failure what it returns comes back. */
export function* createCanister(
  ledger: CyclesLedger,
  context: NativeContext,
  payout: Payout & { readonly args: CreationArgs | undefined },
): Steps<{ readonly kind: 'ok'; readonly canisterId: Principal } | FailedPayout> {
  const { args } = payout;
  const request = {
    settings: [settingsFor(context.caller, args?.settings ?? [])],
    subnet_type: [],
    subnet_selection: args?.subnet_selection ?? [],
  };
  const { response } = yield {
    canisterId: CMC_ID,
    method: 'create_canister',
    arg: IDL.encode(CMC_CREATE_CANISTER.argTypes, [request]),
    cycles: payout.amount,
  };
  const failure = { memo: FAILED_CREATE_MEMO };
  if (response.kind === 'reject') {
    const returned = { amount: payout.amount, ...rejection(response) };
    return refund(ledger, context, payout, { ...failure, ...returned });
  }
  const result = IDL.decode(CMC_CREATE_CANISTER.retTypes, new Uint8Array(response.data))[0] as
    { Ok: Principal } | { Err: { Refunded: { refund_amount: bigint; create_error: string } } };
  if ('Err' in result) {
    const { refund_amount: amount, create_error: reason } = result.Err.Refunded;
    return refund(ledger, context, payout, {
      ...failure,
      ...{ amount, reason, code: { CanisterError: null } },
    });
  }
  ledger.noteCreated(payout.blockIndex, result.Ok);
  return { kind: 'ok', canisterId: result.Ok };
}

interface Returned {
  readonly amount: bigint;
  readonly memo: Uint8Array;
  readonly code: WireRejectionCode;
  readonly reason: string;
}

/** Each block of a refund costs a fee: one for the cycles, one for the allowance. */
function refund(
  ledger: CyclesLedger,
  context: NativeContext,
  payout: Payout,
  returned: Returned,
): FailedPayout {
  const { code, reason, memo } = returned;
  const base = { kind: 'failed', blockIndex: payout.blockIndex, code, reason } as const;
  const amount = returned.amount - CYCLES_LEDGER_FEE;
  if (amount <= 0n) return { ...base, refundBlock: undefined, approvalRefundBlock: undefined };
  const request = { to: payout.from, amount, fee: 0n, memo };
  const refundBlock = mint(ledger.state, request, context.timeNs);
  const approvalRefundBlock = refundAllowance(ledger, context, payout, amount);
  ledger.certify(context);
  return { ...base, refundBlock, approvalRefundBlock };
}

function refundAllowance(
  ledger: CyclesLedger,
  context: NativeContext,
  payout: Payout,
  refunded: bigint,
): number | undefined {
  const { from, spender, allowanceExpiresAtNs } = payout;
  const { state } = ledger;
  const nowNs = context.timeNs;
  const hasExpired = allowanceExpiresAtNs !== undefined && allowanceExpiresAtNs <= nowNs;
  if (spender === undefined || refunded <= CYCLES_LEDGER_FEE || hasExpired) return undefined;
  const pair = pairOf(state, from, spender);
  if (pair.from === pair.spender) return undefined;
  const current = currentAllowance(state, pair, nowNs);
  const request = {
    ...{ from, spender, memo: FAILED_WITHDRAW_MEMO },
    amount: refunded - CYCLES_LEDGER_FEE + current.amount,
    expiresAtNs: current.expiresAtNs ?? allowanceExpiresAtNs,
    ...{ expectedAllowance: undefined, fee: undefined, createdAtNs: undefined },
  };
  const result = approve(state, request, nowNs);
  if (result.kind === 'error') throw new Error(`BUG: allowance refund: ${result.error.kind}`);
  return result.blockIndex;
}

const REJECTION_CODES: Readonly<Record<RejectCode, string>> = {
  [RejectCode.SysFatal]: 'SysFatal',
  [RejectCode.SysTransient]: 'SysTransient',
  [RejectCode.DestinationInvalid]: 'DestinationInvalid',
  [RejectCode.CanisterReject]: 'CanisterReject',
  [RejectCode.CanisterError]: 'CanisterError',
  [RejectCode.SysUnknown]: 'Unknown',
};

function rejection(response: Extract<Response, { kind: 'reject' }>): {
  readonly code: WireRejectionCode;
  readonly reason: string;
} {
  return { code: { [REJECTION_CODES[response.code]]: null }, reason: response.message };
}
