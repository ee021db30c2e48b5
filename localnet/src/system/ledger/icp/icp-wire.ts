import type { Principal } from '@dfinity/principal';
import type { Opt } from '../../../core/candid-opt.ts';
import { some } from '../../../core/candid-opt.ts';
import { trap } from '../../native-trap.ts';
import { TRANSACTION_WINDOW_NS, type LedgerResult } from '../core/apply-transaction.ts';
import type { Block, Operation } from '../core/transaction.ts';
import { accountIdBytes, type AccountId } from './account-identifier.ts';

/** Values of the types in `icp-idl.ts` as the Candid library gives and takes them. */
export interface WireTokens {
  readonly e8s: bigint;
}

export interface WireTimeStamp {
  readonly timestamp_nanos: bigint;
}

export interface WireIcpTransfer {
  readonly memo: bigint;
  readonly amount: WireTokens;
  readonly fee: WireTokens;
  readonly from_subaccount: Opt<Uint8Array>;
  readonly to: Uint8Array;
  readonly created_at_time: Opt<WireTimeStamp>;
}

export type WireSend = Omit<WireIcpTransfer, 'to'> & { readonly to: string };

export interface WireIcpRange {
  readonly start: bigint;
  readonly length: bigint;
}

export interface WireRemoveApproval {
  readonly from_subaccount: Opt<Uint8Array>;
  readonly spender: Uint8Array;
  readonly fee: Opt<bigint>;
}

export interface WireIcpAllowances {
  readonly from_account_id: string;
  readonly prev_spender_id: Opt<string>;
  readonly take: Opt<bigint>;
}

/** What a caller of query_blocks gets per block; absent fields are empty. */
export interface WireIcpBlock {
  readonly parent_hash: Opt<Uint8Array>;
  readonly transaction: {
    readonly memo: bigint;
    readonly icrc1_memo: Opt<Uint8Array>;
    readonly operation: Opt<WireIcpOperation>;
    readonly created_at_time: WireTimeStamp;
  };
  readonly timestamp: WireTimeStamp;
}

export type WireIcpOperation =
  | { readonly Mint: { readonly to: Uint8Array; readonly amount: WireTokens } }
  | {
      readonly Burn: {
        readonly from: Uint8Array;
        readonly spender: Opt<Uint8Array>;
        readonly amount: WireTokens;
      };
    }
  | {
      readonly Transfer: {
        readonly from: Uint8Array;
        readonly to: Uint8Array;
        readonly amount: WireTokens;
        readonly fee: WireTokens;
        readonly spender: Opt<Uint8Array>;
      };
    }
  | {
      readonly Approve: {
        readonly from: Uint8Array;
        readonly spender: Uint8Array;
        readonly allowance_e8s: bigint;
        readonly allowance: WireTokens;
        readonly fee: WireTokens;
        readonly expires_at: Opt<WireTimeStamp>;
        readonly expected_allowance: Opt<WireTokens>;
      };
    };

export interface WireQueryBlocks {
  readonly chain_length: bigint;
  readonly certificate: Opt<Uint8Array>;
  readonly blocks: readonly WireIcpBlock[];
  readonly first_block_index: bigint;
  readonly archived_blocks: readonly {
    readonly start: bigint;
    readonly length: bigint;
    readonly callback: [Principal, string];
  }[];
}

export function writeIcpBlock(block: Block<AccountId>): WireIcpBlock {
  const { transaction } = block;
  const createdAtNs = transaction.createdAtNs ?? block.timestampNs;
  return {
    parent_hash: some(block.parentHash),
    transaction: {
      memo: transaction.numericMemo,
      icrc1_memo: some(transaction.memo),
      operation: [writeOperation(transaction.operation)],
      created_at_time: { timestamp_nanos: createdAtNs },
    },
    timestamp: { timestamp_nanos: block.timestampNs },
  };
}

function writeOperation(operation: Operation<AccountId>): WireIcpOperation {
  switch (operation.kind) {
    case 'mint':
      return { Mint: { to: accountIdBytes(operation.to), amount: tokens(operation.amount) } };
    case 'burn':
      return {
        Burn: {
          from: accountIdBytes(operation.from),
          spender: optionalId(operation.spender),
          amount: tokens(operation.amount),
        },
      };
    case 'transfer':
      return {
        Transfer: {
          from: accountIdBytes(operation.from),
          to: accountIdBytes(operation.to),
          amount: tokens(operation.amount),
          fee: tokens(operation.fee ?? 0n),
          spender: optionalId(operation.spender),
        },
      };
    case 'approve':
      return {
        Approve: {
          from: accountIdBytes(operation.from),
          spender: accountIdBytes(operation.spender),
          allowance_e8s: operation.amount,
          allowance: tokens(operation.amount),
          fee: tokens(operation.fee ?? 0n),
          expires_at: optional(operation.expiresAtNs, (ns) => ({ timestamp_nanos: ns })),
          expected_allowance: optional(operation.expectedAllowance, tokens),
        },
      };
  }
}

export function tokens(e8s: bigint): WireTokens {
  return { e8s };
}

function optionalId(id: AccountId | undefined): Opt<Uint8Array> {
  return optional(id, accountIdBytes);
}

function optional<T, R>(value: T | undefined, write: (value: T) => R): Opt<R> {
  return value === undefined ? [] : [write(value)];
}

/** The answer of the ICP ledger's own `transfer`. */
export function writeTransferResult(
  result: LedgerResult,
): { readonly Ok: bigint } | { readonly Err: Record<string, unknown> } {
  if (result.kind === 'ok') return { Ok: BigInt(result.blockIndex) };
  const { error } = result;
  switch (error.kind) {
    case 'bad-fee':
      return { Err: { BadFee: { expected_fee: tokens(error.expectedFee) } } };
    case 'insufficient-funds':
      return { Err: { InsufficientFunds: { balance: tokens(error.balance) } } };
    case 'too-old':
      return { Err: { TxTooOld: { allowed_window_nanos: TRANSACTION_WINDOW_NS } } };
    case 'created-in-future':
      return { Err: { TxCreatedInFuture: null } };
    case 'duplicate':
      return { Err: { TxDuplicate: { duplicate_of: BigInt(error.duplicateOf) } } };
    case 'temporarily-unavailable':
      return trap('the ledger is throttling, retry later');
    case 'bad-burn':
    case 'insufficient-allowance':
    case 'allowance-changed':
    case 'expired':
    case 'generic':
      throw new Error(`BUG: transfer cannot fail with ${error.kind}`);
  }
}
