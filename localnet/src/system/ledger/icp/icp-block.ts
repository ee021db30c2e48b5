import { hash } from 'node:crypto';
import { toHex } from '../core/account.ts';
import type { Block, BlockFormat, Operation, Transaction } from '../core/transaction.ts';
import { accountIdBytes, parseAccountId, type AccountId } from './account-identifier.ts';
import { ProtoMessage, ProtoWriter } from './protobuf.ts';

/**
 * Blocks of the ICP ledger: Protocol Buffers, chained by the SHA-256 of the encoding.
 * Source: dfinity/ic rs/ledger_suite/icp/proto/ic_ledger/pb/v1/types.proto.
 */
export const ICP_BLOCK_FORMAT: BlockFormat<AccountId> = {
  keyOf: (account) => account,
  seal: (block) => {
    const bytes = encodeBlock(block);
    return { bytes, hash: new Uint8Array(hash('sha256', bytes, 'buffer')) };
  },
  open: decodeBlock,
  transactionId: (transaction) => toHex(hash('sha256', encodeTransaction(transaction), 'buffer')),
};

function encodeBlock(block: Block<AccountId>): Uint8Array {
  const { parentHash } = block;
  return new ProtoWriter()
    .bytes(1, parentHash && new ProtoWriter().bytes(1, parentHash).finish())
    .bytes(2, uint64Message(block.timestampNs))
    .bytes(3, encodeTransaction(block.transaction))
    .finish();
}

function encodeTransaction(transaction: Transaction<AccountId>): Uint8Array {
  const { operation, createdAtNs, memo } = transaction;
  return new ProtoWriter()
    .bytes(TRANSFER_FIELDS[operation.kind], encodeOperation(operation))
    .bytes(4, uint64Message(transaction.numericMemo))
    .bytes(6, optionalUint64(createdAtNs))
    .bytes(7, memo && new ProtoWriter().bytes(1, memo).finish())
    .finish();
}

/** Approvals are written as a send with an extension. */
const TRANSFER_FIELDS = { burn: 1, mint: 2, transfer: 3, approve: 3 } as const;

function encodeOperation(operation: Operation<AccountId>): Uint8Array {
  switch (operation.kind) {
    case 'mint':
      return new ProtoWriter()
        .bytes(2, account(operation.to))
        .bytes(3, uint64Message(operation.amount))
        .finish();
    case 'burn':
      return new ProtoWriter()
        .bytes(1, account(operation.from))
        .bytes(3, uint64Message(operation.amount))
        .bytes(4, operation.spender && account(operation.spender))
        .finish();
    case 'transfer':
      return new ProtoWriter()
        .bytes(1, account(operation.from))
        .bytes(2, account(operation.to))
        .bytes(3, uint64Message(operation.amount))
        .bytes(4, uint64Message(operation.fee ?? 0n))
        .bytes(
          6,
          operation.spender && new ProtoWriter().bytes(1, account(operation.spender)).finish(),
        )
        .finish();
    case 'approve':
      return new ProtoWriter()
        .bytes(1, account(operation.from))
        .bytes(2, account(operation.spender))
        .bytes(3, uint64Message(0n))
        .bytes(4, uint64Message(operation.fee ?? 0n))
        .bytes(
          5,
          new ProtoWriter()
            .bytes(1, uint64Message(operation.amount))
            .bytes(2, optionalUint64(operation.expiresAtNs))
            .bytes(3, optionalUint64(operation.expectedAllowance))
            .finish(),
        )
        .finish();
  }
}

function account(id: AccountId): Uint8Array {
  return new ProtoWriter().bytes(1, accountIdBytes(id)).finish();
}

/** Tokens, timestamps and memos are all messages with one uint64 in field 1. */
function uint64Message(value: bigint): Uint8Array {
  return new ProtoWriter().uint64(1, value).finish();
}

function optionalUint64(value: bigint | undefined): Uint8Array | undefined {
  return value === undefined ? undefined : uint64Message(value);
}

function decodeBlock(bytes: Uint8Array): Block<AccountId> {
  const block = new ProtoMessage(bytes);
  const transaction = present(block.message(3), 'transaction');
  return {
    parentHash: block.message(1)?.bytes(1),
    timestampNs: present(block.message(2), 'timestamp').uint64(1),
    transaction: {
      operation: decodeOperation(transaction),
      createdAtNs: transaction.message(6)?.uint64(1),
      memo: transaction.message(7)?.bytes(1),
      numericMemo: transaction.message(4)?.uint64(1) ?? 0n,
    },
    effectiveFee: undefined,
    feeCollector: undefined,
    feeCollectorBlock: undefined,
  };
}

function decodeOperation(transaction: ProtoMessage): Operation<AccountId> {
  const burn = transaction.message(TRANSFER_FIELDS.burn);
  if (burn !== undefined) {
    const spender = optionalAccount(burn, 4);
    return { kind: 'burn', from: accountAt(burn, 1), spender, amount: tokensAt(burn, 3) };
  }
  const mint = transaction.message(TRANSFER_FIELDS.mint);
  if (mint !== undefined) {
    return { kind: 'mint', to: accountAt(mint, 2), amount: tokensAt(mint, 3), fee: undefined };
  }
  const send = present(transaction.message(TRANSFER_FIELDS.transfer), 'transfer');
  const approve = send.message(5);
  if (approve === undefined) {
    const from = send.message(6);
    return {
      kind: 'transfer',
      from: accountAt(send, 1),
      to: accountAt(send, 2),
      spender: from === undefined ? undefined : accountAt(from, 1),
      amount: tokensAt(send, 3),
      fee: tokensAt(send, 4),
    };
  }
  return {
    kind: 'approve',
    from: accountAt(send, 1),
    spender: accountAt(send, 2),
    amount: tokensAt(approve, 1),
    expiresAtNs: approve.message(2)?.uint64(1),
    expectedAllowance: approve.message(3)?.uint64(1),
    fee: tokensAt(send, 4),
  };
}

function tokensAt(message: ProtoMessage, field: number): bigint {
  return message.message(field)?.uint64(1) ?? 0n;
}

function optionalAccount(message: ProtoMessage, field: number): AccountId | undefined {
  const bytes = message.message(field)?.bytes(1);
  return bytes === undefined ? undefined : present(parseAccountId(bytes), 'account');
}

function accountAt(message: ProtoMessage, field: number): AccountId {
  return present(optionalAccount(message, field), 'account');
}

function present<T>(value: T | undefined, part: string): T {
  if (value === undefined) throw new Error(`ICP block without ${part}`);
  return value;
}
