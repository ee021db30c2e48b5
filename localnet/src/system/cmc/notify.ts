import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { NativeContext } from '../../core/native.ts';
import type { Opt } from '../../core/candid-opt.ts';
import { CYCLES_DEPOSIT } from '../cycles-ledger/cycles-idl.ts';
import { CYCLES_MEMO_BYTES_MAX } from '../cycles-ledger/cycles-rules.ts';
import { ICP_TRANSFER_FEE_E8S } from '../ledger/icp/icp-ledger.ts';
import { CYCLES_LEDGER_ID, MANAGEMENT_ID } from '../system-ids.ts';
import type { Cmc } from './cmc.ts';
import {
  createOnSubnet,
  missingCycles,
  readSelection,
  type WireCreateCanister,
} from './create-canister.ts';
import type {
  Intent,
  MintSuccess,
  Notification,
  NotifyError,
  NotifyResult,
} from './notifications.ts';
import {
  burnIcp,
  fetchPayment,
  INTENT_MEMOS,
  NOTIFY_ERROR,
  otherError,
  refundIcp,
  subaccountOf,
  type HeldIcp,
  type Payment,
  type Steps,
} from './payments.ts';

/** ICP kept when a payment is sent back. Source: dfinity/ic rs/nns/cmc/src/lib.rs. */
const REFUND_FEES_E8S: Readonly<Record<Intent, bigint>> = {
  'top-up': 2n * ICP_TRANSFER_FEE_E8S,
  create: 4n * ICP_TRANSFER_FEE_E8S,
  mint: 2n * ICP_TRANSFER_FEE_E8S,
};

export interface WireNotifyTopUp {
  readonly block_index: bigint;
  readonly canister_id: Principal;
}

export interface WireNotifyCreate extends WireCreateCanister {
  readonly block_index: bigint;
  readonly controller: Principal;
}

export interface WireNotifyMint {
  readonly block_index: bigint;
  readonly to_subaccount: Opt<Uint8Array>;
  readonly deposit_memo: Opt<Uint8Array>;
}

type Provided<T> =
  { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'error'; readonly reason: string };

/** Cycles for ICP, given to a canister. */
export function* notifyTopUp(
  cmc: Cmc,
  context: NativeContext,
  arg: WireNotifyTopUp,
): Steps<NotifyResult<bigint>> {
  return yield* notify<bigint>(cmc, context, {
    intent: 'top-up',
    blockIndex: arg.block_index,
    toSubaccount: subaccountOf(arg.canister_id),
    provide: (cycles) => depositCycles(arg.canister_id, cycles),
    remember: (result) => ({ TopUp: result }),
  });
}

/** Cycles for ICP, in a new canister of the caller. */
export function* notifyCreateCanister(
  cmc: Cmc,
  context: NativeContext,
  arg: WireNotifyCreate,
): Steps<NotifyResult<Principal>> {
  const { controller } = arg;
  if (context.caller.compareTo(controller) !== 'eq') {
    const message =
      `${context.caller.toText()} is not authorized to call notify_create_canister on behalf of ` +
      `${controller.toText()}. (Do not retry, because the same result will occur.)`;
    return { Err: otherError(NOTIFY_ERROR.unauthorized, message) };
  }
  const selection = readSelection(arg);
  if (typeof selection === 'string') {
    return { Err: otherError(NOTIFY_ERROR.badSubnetSelection, selection) };
  }
  const { settings } = arg;
  return yield* notify<Principal>(cmc, context, {
    intent: 'create',
    blockIndex: arg.block_index,
    toSubaccount: subaccountOf(controller),
    *provide(cycles) {
      const ask = { creator: controller, cycles, selection, settings };
      const created = yield* createOnSubnet(cmc, context, ask);
      return created.kind === 'ok' ? { kind: 'ok', value: created.canisterId } : created;
    },
    remember: (result) => ({ Create: result }),
  });
}

/** Cycles for ICP, on the caller's account of the cycles ledger. */
export function* notifyMintCycles(
  cmc: Cmc,
  context: NativeContext,
  arg: WireNotifyMint,
): Steps<NotifyResult<MintSuccess>> {
  const { caller } = context;
  const memoBytes = arg.deposit_memo[0]?.length ?? 0;
  if (memoBytes > CYCLES_MEMO_BYTES_MAX) {
    const message = `Memo length ${memoBytes} exceeds the maximum length of ${CYCLES_MEMO_BYTES_MAX}`;
    return { Err: otherError(NOTIFY_ERROR.memoTooLong, message) };
  }
  return yield* notify<MintSuccess>(cmc, context, {
    intent: 'mint',
    blockIndex: arg.block_index,
    toSubaccount: subaccountOf(caller),
    provide: (cycles) =>
      depositToLedger(cycles, {
        to: { owner: caller, subaccount: arg.to_subaccount },
        memo: arg.deposit_memo,
      }),
    remember: (result) => ({ Mint: result }),
  });
}

interface Conversion<T> {
  readonly intent: Intent;
  readonly blockIndex: bigint;
  readonly toSubaccount: Uint8Array;
  /** Gives out the cycles. Anything but success sends the ICP back. */
  readonly provide: (cycles: bigint) => Steps<Provided<T>>;
  readonly remember: (result: NotifyResult<T>) => Notification;
}

/** Turns one payment into cycles, once: cycles first, then the ICP is burned or sent back. */
function* notify<T>(
  cmc: Cmc,
  context: NativeContext,
  conversion: Conversion<T>,
): Steps<NotifyResult<T>> {
  const { intent, blockIndex, toSubaccount } = conversion;
  const payment = yield* fetchPayment(context, { blockIndex, toSubaccount });
  if (payment.kind === 'error') return { Err: payment.error };
  const held = { subaccount: toSubaccount, amountE8s: payment.value.amountE8s };
  const icp: HeldIcp = { ...held, mintingId: cmc.mintingId };
  const { memo } = payment.value;
  if (!Object.values(INTENT_MEMOS).includes(memo)) {
    return { Err: yield* refundUnknown(cmc, context, { blockIndex, payment: payment.value, icp }) };
  }
  if (memo !== INTENT_MEMOS[intent]) return { Err: wrongMemo(memo, intent) };

  const claim = cmc.notifications.claim(blockIndex, intent);
  if (claim.kind === 'answered') return claim.result as NotifyResult<T>;
  const result = yield* convert(cmc, context, { conversion, payment: payment.value, icp });
  if ('Ok' in result || 'Refunded' in result.Err) {
    cmc.notifications.finish(blockIndex, conversion.remember(result));
  } else cmc.notifications.release(blockIndex);
  return result;
}

function* convert<T>(
  cmc: Cmc,
  context: NativeContext,
  job: {
    readonly conversion: Conversion<T>;
    readonly payment: Payment;
    readonly icp: HeldIcp;
  },
): Steps<NotifyResult<T>> {
  const { conversion, payment, icp } = job;
  const cycles = cmc.rates.toCycles(payment.amountE8s);
  const shortage = missingCycles(context, cycles);
  const provided: Provided<T> =
    shortage === undefined
      ? yield* conversion.provide(cycles)
      : { kind: 'error', reason: shortage };
  if (provided.kind === 'ok') {
    yield* burnIcp(context, icp);
    return { Ok: provided.value };
  }
  const extraFeeE8s = REFUND_FEES_E8S[conversion.intent];
  const refund = yield* refundIcp(context, icp, { to: payment.from, extraFeeE8s });
  return refund.kind === 'error'
    ? { Err: refund.error }
    : { Err: { Refunded: { reason: provided.reason, block_index: refund.value } } };
}

/** A memo that says nothing the CMC knows: the payment goes back at once, and only once. */
function* refundUnknown(
  cmc: Cmc,
  context: NativeContext,
  job: { readonly blockIndex: bigint; readonly payment: Payment; readonly icp: HeldIcp },
): Steps<NotifyError> {
  const { blockIndex, payment, icp } = job;
  const reason =
    `Memo (0x${payment.memo.toString(16).toUpperCase()}) in the incoming ICP transfer does not ` +
    'correspond to any of the operations that the Cycles Minting canister offers.';
  const [earlier] = cmc.notifications.refundOf(blockIndex);
  if (earlier !== undefined) return { Refunded: { reason, block_index: earlier } };
  const claim = cmc.notifications.claim(blockIndex, 'top-up');
  if (claim.kind === 'answered') {
    return 'Err' in claim.result ? claim.result.Err : { InvalidTransaction: reason };
  }
  const refund = yield* refundIcp(context, icp, { to: payment.from, extraFeeE8s: 0n });
  if (refund.kind === 'error') {
    cmc.notifications.release(blockIndex);
    return refund.error;
  }
  cmc.notifications.finish(blockIndex, { Refund: refund.value });
  return { Refunded: { reason, block_index: refund.value } };
}

function wrongMemo(memo: bigint, intent: Intent): NotifyError {
  return {
    InvalidTransaction:
      `The memo (${memo.toString()}) in the transaction does not match the expected memo ` +
      `(${INTENT_MEMOS[intent].toString()}) for the operation.`,
  };
}

function* depositCycles(canisterId: Principal, cycles: bigint): Steps<Provided<bigint>> {
  const { response } = yield {
    canisterId: MANAGEMENT_ID,
    method: 'deposit_cycles',
    arg: IDL.encode([IDL.Record({ canister_id: IDL.Principal })], [{ canister_id: canisterId }]),
    cycles,
  };
  return response.kind === 'reply'
    ? { kind: 'ok', value: cycles }
    : {
        kind: 'error',
        reason: `Depositing cycles failed with code ${response.code}: ${response.message}`,
      };
}

function* depositToLedger(
  cycles: bigint,
  arg: {
    readonly to: { readonly owner: Principal; readonly subaccount: Opt<Uint8Array> };
    readonly memo: Opt<Uint8Array>;
  },
): Steps<Provided<MintSuccess>> {
  const { response } = yield {
    canisterId: CYCLES_LEDGER_ID,
    method: 'deposit',
    arg: IDL.encode(CYCLES_DEPOSIT.argTypes, [arg]),
    cycles,
  };
  if (response.kind === 'reject') {
    const reason = `Cycles ledger rejected deposit call with code ${response.code}: `;
    return { kind: 'error', reason: reason + response.message };
  }
  const [answer] = IDL.decode(CYCLES_DEPOSIT.retTypes, new Uint8Array(response.data));
  const deposit = answer as unknown as { balance: bigint; block_index: bigint };
  return { kind: 'ok', value: { ...deposit, minted: cycles } };
}
