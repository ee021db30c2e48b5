import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { NativeCall, NativeCallOutcome, NativeContext } from '../../core/native.ts';
import type { Opt } from '../../core/candid-opt.ts';
import { accountOf, SUBACCOUNT_BYTES, toHex } from '../ledger/core/account.ts';
import { accountIdBytes, accountIdOf, type AccountId } from '../ledger/icp/account-identifier.ts';
import { GetBlocksResult, ICP_QUERY_BLOCKS, ICP_TRANSFER } from '../ledger/icp/icp-idl.ts';
import { ICP_TRANSFER_FEE_E8S } from '../ledger/icp/icp-ledger.ts';
import type { WireIcpBlock, WireQueryBlocks } from '../ledger/icp/icp-wire.ts';
import { ICP_LEDGER_ID } from '../system-ids.ts';
import type { Intent, NotifyError } from './notifications.ts';

export type Steps<T> = Generator<NativeCall, T, NativeCallOutcome>;

/** Codes of NotifyError.Other. Source: dfinity/ic rs/nns/cmc/src/lib.rs. */
export const NOTIFY_ERROR = {
  fetchFailed: 2n,
  refundFailed: 3n,
  badSubnetSelection: 4n,
  unauthorized: 5n,
  memoTooLong: 6n,
} as const;

/** Memos by which a payer says what the ICP is for. Source: dfinity/ic rs/nns/cmc/src/lib.rs. */
export const INTENT_MEMOS: Readonly<Record<Intent, bigint>> = {
  'top-up': 0x50555054n,
  create: 0x41455243n,
  mint: 0x544e494dn,
};

export interface Payment {
  readonly from: AccountId;
  readonly amountE8s: bigint;
  readonly memo: bigint;
}

export type Found<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'error'; readonly error: NotifyError };

export function failure(error: NotifyError): {
  readonly kind: 'error';
  readonly error: NotifyError;
} {
  return { kind: 'error', error };
}

export function otherError(code: bigint, message: string): NotifyError {
  return { Other: { error_code: code, error_message: message } };
}

/** The subaccount of the CMC that payments for a principal go to. */
export function subaccountOf(principal: Principal): Uint8Array {
  const bytes = principal.toUint8Array();
  const subaccount = new Uint8Array(SUBACCOUNT_BYTES);
  subaccount[0] = bytes.length;
  subaccount.set(bytes, 1);
  return subaccount;
}

/** Reads a block of the ICP ledger and checks that it pays into the given subaccount. */
export function* fetchPayment(
  context: NativeContext,
  ask: { readonly blockIndex: bigint; readonly toSubaccount: Uint8Array },
): Steps<Found<Payment>> {
  const block = yield* fetchBlock(ask.blockIndex);
  if (block.kind === 'error') return block;
  const { operation, memo, icrc1_memo: icrcMemo } = block.value.transaction;
  const [transfer] = operation;
  if (transfer === undefined || !('Transfer' in transfer)) {
    return invalid('Notification transaction must be of type Transfer');
  }
  const { from, to, amount } = transfer.Transfer;
  const expectedTo = accountIdOf(accountOf(context.self, ask.toSubaccount));
  if (toHex(to) !== expectedTo) {
    return invalid(
      `Destination account in the block (${toHex(to)}) different than in the notification ` +
        `(${expectedTo})`,
    );
  }
  return {
    kind: 'ok',
    value: {
      from: toHex(from) as AccountId,
      amountE8s: amount.e8s,
      memo: numericMemo(memo, icrcMemo),
    },
  };
}

/** The 64-bit memo, or else an ICRC-1 memo of 8 bytes read as little-endian. */
function numericMemo(memo: bigint, icrcMemo: Opt<Uint8Array>): bigint {
  const [bytes] = icrcMemo;
  if (memo !== 0n || bytes?.length !== 8) return memo;
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
}

function* fetchBlock(blockIndex: bigint): Steps<Found<WireIcpBlock>> {
  const range = { start: blockIndex, length: 1n };
  const { response } = yield {
    canisterId: ICP_LEDGER_ID,
    method: 'query_blocks',
    arg: IDL.encode(ICP_QUERY_BLOCKS.argTypes, [range]),
  };
  if (response.kind === 'reject') return fetchFailed(response.message);
  const [answer] = IDL.decode(ICP_QUERY_BLOCKS.retTypes, new Uint8Array(response.data));
  const { blocks, archived_blocks: archived } = answer as unknown as WireQueryBlocks;
  const [local] = blocks;
  if (local !== undefined) return { kind: 'ok', value: local };
  const [archive] = archived;
  return archive === undefined
    ? invalid(`Block ${blockIndex.toString()} not found`)
    : yield* fetchArchived(blockIndex, archive.callback);
}

function* fetchArchived(
  blockIndex: bigint,
  callback: readonly [Principal, string],
): Steps<Found<WireIcpBlock>> {
  const [canisterId, method] = callback;
  const range = { start: blockIndex, length: 1n };
  const arg = IDL.encode(ICP_QUERY_BLOCKS.argTypes, [range]);
  const { response } = yield { canisterId, method, arg };
  if (response.kind === 'reject') return fetchFailed(response.message);
  const answer = IDL.decode([GetBlocksResult], new Uint8Array(response.data))[0] as unknown as
    { Ok: { blocks: WireIcpBlock[] } } | { Err: unknown };
  const block = 'Ok' in answer ? answer.Ok.blocks[0] : undefined;
  return block === undefined
    ? fetchFailed(`Block ${blockIndex.toString()} not found in archive ${canisterId.toText()}`)
    : { kind: 'ok', value: block };
}

function invalid(reason: string): ReturnType<typeof failure> {
  return failure({ InvalidTransaction: reason });
}

function fetchFailed(reason: string): ReturnType<typeof failure> {
  return failure(otherError(NOTIFY_ERROR.fetchFailed, `Failed to fetch block: ${reason}`));
}

/** ICP of one payment, still on its subaccount of the CMC. */
export interface HeldIcp {
  readonly subaccount: Uint8Array;
  readonly amountE8s: bigint;
  readonly mintingId: AccountId;
}

/** Burns ICP that bought cycles. A failure only leaves it unburned, as on mainnet. */
export function* burnIcp(context: NativeContext, held: HeldIcp): Steps<void> {
  if (held.amountE8s < ICP_TRANSFER_FEE_E8S) return;
  const sent = yield* sendIcp(held, { to: held.mintingId, amountE8s: held.amountE8s, feeE8s: 0n });
  if (sent.kind === 'error') context.print(`burning ICP failed: ${sent.reason}`);
}

/** Sends a payment back, less the transfer fee and a fee for the trouble, which is burned. */
export function* refundIcp(
  context: NativeContext,
  held: HeldIcp,
  refund: { readonly to: AccountId; readonly extraFeeE8s: bigint },
): Steps<Found<Opt<bigint>>> {
  const amountE8s = held.amountE8s - ICP_TRANSFER_FEE_E8S - refund.extraFeeE8s;
  if (amountE8s <= 0n) {
    yield* burnIcp(context, held);
    return { kind: 'ok', value: [] };
  }
  const { to } = refund;
  const sent = yield* sendIcp(held, { to, amountE8s, feeE8s: ICP_TRANSFER_FEE_E8S });
  if (sent.kind === 'error') {
    const message = `Refund to ${to} failed: ${sent.reason}`;
    return failure(otherError(NOTIFY_ERROR.refundFailed, message));
  }
  yield* burnIcp(context, { ...held, amountE8s: refund.extraFeeE8s });
  return { kind: 'ok', value: [sent.blockIndex] };
}

function* sendIcp(
  held: HeldIcp,
  send: { readonly to: AccountId; readonly amountE8s: bigint; readonly feeE8s: bigint },
): Steps<
  | { readonly kind: 'ok'; readonly blockIndex: bigint }
  | { readonly kind: 'error'; readonly reason: string }
> {
  const transfer = {
    memo: 0n,
    amount: { e8s: send.amountE8s },
    fee: { e8s: send.feeE8s },
    from_subaccount: [held.subaccount],
    to: accountIdBytes(send.to),
    created_at_time: [],
  };
  const { response } = yield {
    canisterId: ICP_LEDGER_ID,
    method: 'transfer',
    arg: IDL.encode(ICP_TRANSFER.argTypes, [transfer]),
  };
  if (response.kind === 'reject') return { kind: 'error', reason: response.message };
  const result = IDL.decode(ICP_TRANSFER.retTypes, new Uint8Array(response.data))[0] as unknown as
    { Ok: bigint } | { Err: Record<string, unknown> };
  return 'Ok' in result
    ? { kind: 'ok', blockIndex: result.Ok }
    : { kind: 'error', reason: Object.keys(result.Err).join() };
}
