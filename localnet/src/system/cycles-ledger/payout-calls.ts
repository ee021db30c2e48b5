import type { Principal } from '@dfinity/principal';
import type { NativeContext } from '../../core/native.ts';
import type { Opt } from '../../core/candid-opt.ts';
import { some } from '../../core/candid-opt.ts';
import type { Account } from '../ledger/core/account.ts';
import type { LedgerError } from '../ledger/core/apply-transaction.ts';
import { submit } from '../ledger/submit.ts';
import { writeError } from '../ledger/wire/icrc-messages.ts';
import type { CyclesLedger } from './cycles-ledger.ts';
import { burn, pairOf, zeroAmount, type BurnRequest } from './cycles-rules.ts';
import {
  CREATE_CANISTER_MEMO,
  createCanister,
  payOut,
  type CreationArgs,
  type FailedPayout,
  type Payout,
} from './payouts.ts';

export interface WireBurn {
  readonly amount: bigint;
  readonly created_at_time: Opt<bigint>;
}

export interface ToCanister {
  readonly to: Principal;
}

export interface ForCanister {
  readonly creation_args: Opt<CreationArgs>;
}

/** Whose cycles a call takes, and who asks if not the owner. */
export interface Source {
  readonly from: Account;
  readonly spender: Account | undefined;
}

export interface PayoutCall<T> {
  readonly arg: T;
  readonly source: Source;
  readonly failed: (outcome: FailedPayout) => Record<string, unknown>;
}

/** `withdraw` and `withdraw_from`. */
export function withdraw(
  ledger: CyclesLedger,
  context: NativeContext,
  call: PayoutCall<WireBurn & ToCanister>,
): unknown {
  const { to } = call.arg;
  if (isSelfAuthenticating(to)) return { Err: { InvalidReceiver: { receiver: to } } };
  if (call.arg.amount === 0n) return { Err: writeError(zeroAmount('Withdrawing')) };
  return burnThen(ledger, context, { ...call, memo: withdrawMemo(to) }, function* (payout) {
    const outcome = yield* payOut(ledger, context, { ...payout, to });
    return outcome.kind === 'ok'
      ? { Ok: BigInt(outcome.blockIndex) }
      : { Err: call.failed(outcome) };
  });
}

/** `create_canister` and `create_canister_from`. */
export function create(
  ledger: CyclesLedger,
  context: NativeContext,
  call: PayoutCall<WireBurn & ForCanister>,
): unknown {
  const [args] = call.arg.creation_args;
  return burnThen(ledger, context, { ...call, memo: CREATE_CANISTER_MEMO }, function* (payout) {
    const outcome = yield* createCanister(ledger, context, { ...payout, args });
    return outcome.kind === 'ok'
      ? { Ok: { block_id: BigInt(payout.blockIndex), canister_id: outcome.canisterId } }
      : { Err: call.failed(outcome) };
  });
}

/** Burns what is to leave, then goes on with it; the burn is final before anything is awaited. */
function burnThen(
  ledger: CyclesLedger,
  context: NativeContext,
  call: PayoutCall<WireBurn> & { readonly memo: Uint8Array },
  goOn: (payout: Payout) => unknown,
): unknown {
  const { arg, memo } = call;
  const { from, spender } = call.source;
  const { state } = ledger;
  const allowanceExpiresAtNs =
    spender && state.allowances.stored(pairOf(state, from, spender))?.expiresAtNs;
  const { amount } = arg;
  const request: BurnRequest = { from, spender, amount, createdAtNs: arg.created_at_time[0], memo };
  return submit(ledger, context, {
    execute: () => burn(state, request, context.timeNs),
    answer: (result) =>
      result.kind === 'error'
        ? { Err: payoutError(ledger, result.error) }
        : goOn({ blockIndex: result.blockIndex, from, spender, amount, allowanceExpiresAtNs }),
  });
}

/** A repeated creation also learns which canister the first one made. */
function payoutError(ledger: CyclesLedger, error: LedgerError): Record<string, unknown> {
  if (error.kind !== 'duplicate') return writeError(error);
  const canisterId = ledger.createdBy(error.duplicateOf);
  return {
    Duplicate: { duplicate_of: BigInt(error.duplicateOf), canister_id: some(canisterId) },
  };
}

export function failedToWithdraw(outcome: FailedPayout): Record<string, unknown> {
  return {
    FailedToWithdraw: {
      fee_block: index(outcome.refundBlock),
      rejection_code: outcome.code,
      rejection_reason: outcome.reason,
    },
  };
}

export function failedToWithdrawFrom(outcome: FailedPayout): Record<string, unknown> {
  return {
    FailedToWithdrawFrom: {
      withdraw_from_block: [BigInt(outcome.blockIndex)],
      refund_block: index(outcome.refundBlock),
      approval_refund_block: index(outcome.approvalRefundBlock),
      rejection_code: outcome.code,
      rejection_reason: outcome.reason,
    },
  };
}

export function failedToCreate(outcome: FailedPayout): Record<string, unknown> {
  return {
    FailedToCreate: {
      fee_block: [BigInt(outcome.blockIndex)],
      refund_block: index(outcome.refundBlock),
      error: outcome.reason,
    },
  };
}

export function failedToCreateFrom(outcome: FailedPayout): Record<string, unknown> {
  return {
    FailedToCreateFrom: {
      create_from_block: [BigInt(outcome.blockIndex)],
      refund_block: index(outcome.refundBlock),
      approval_refund_block: index(outcome.approvalRefundBlock),
      rejection_code: outcome.code,
      rejection_reason: outcome.reason,
    },
  };
}

function index(blockIndex: number | undefined): Opt<bigint> {
  return some(blockIndex === undefined ? undefined : BigInt(blockIndex));
}

const SELF_AUTHENTICATING_BYTES = 29;
const SELF_AUTHENTICATING_TAG = 2;

/** Keys hold no cycles: only a canister can receive a withdrawal. */
function isSelfAuthenticating(principal: Principal): boolean {
  const bytes = principal.toUint8Array();
  return bytes[SELF_AUTHENTICATING_BYTES - 1] === SELF_AUTHENTICATING_TAG;
}

/** CBOR `[receiver]`. Source: dfinity/cycles-ledger memo.rs. */
function withdrawMemo(to: Principal): Uint8Array {
  const receiver = to.toUint8Array();
  const header = receiver.length < 24 ? [0x40 | receiver.length] : [0x58, receiver.length];
  return Uint8Array.of(0x81, ...header, ...receiver);
}
