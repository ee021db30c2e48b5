import { Principal } from '@dfinity/principal';
import { accountKey, toHex, type Account } from './account.ts';
import { decodeValue, encodeValue } from './icrc3-codec.ts';
import { hashValue, mapEntry, type Icrc3Value } from './icrc3-value.ts';
import type { Block, BlockFormat, Operation, Transaction } from './transaction.ts';

type Entries = (readonly [string, Icrc3Value])[];

/**
 * Blocks as DFINITY's ICRC-1 ledger and cycles ledger write them: ICRC-3 values without `btype`,
 * the kind in `tx.op`. Source: dfinity/ic rs/ledger_suite/icrc1/src/block_schema.rs.
 */
export const ICRC_BLOCK_FORMAT: BlockFormat<Account> = {
  keyOf: accountKey,
  seal: (block) => {
    const value = blockToValue(block);
    return { bytes: encodeValue(value), hash: new Uint8Array(hashValue(value)) };
  },
  open: (bytes) => blockFromValue(decodeValue(bytes)),
  transactionId: (transaction) => toHex(hashValue(transactionToValue(transaction))),
};

export function blockToValue(block: Block<Account>): Icrc3Value {
  const entries: Entries = [
    ['ts', { Nat: block.timestampNs }],
    ['tx', transactionToValue(block.transaction)],
  ];
  if (block.parentHash !== undefined) entries.push(['phash', { Blob: block.parentHash }]);
  pushNat(entries, 'fee', block.effectiveFee);
  pushAccount(entries, 'fee_col', block.feeCollector);
  const collectorBlock = block.feeCollectorBlock;
  pushNat(
    entries,
    'fee_col_block',
    collectorBlock === undefined ? undefined : BigInt(collectorBlock),
  );
  return { Map: sorted(entries) };
}

function transactionToValue(transaction: Transaction<Account>): Icrc3Value {
  const { operation } = transaction;
  const entries: Entries = [
    ['op', { Text: OP_NAMES[operation.kind] }],
    ['amt', { Nat: operation.amount }],
  ];
  pushNat(entries, 'ts', transaction.createdAtNs);
  if (transaction.memo !== undefined) entries.push(['memo', { Blob: transaction.memo }]);
  pushOperation(entries, operation);
  return { Map: sorted(entries) };
}

const OP_NAMES = { mint: 'mint', burn: 'burn', transfer: 'xfer', approve: 'approve' } as const;

function pushOperation(entries: Entries, operation: Operation<Account>): void {
  if (operation.kind !== 'mint') {
    pushAccount(entries, 'from', operation.from);
    pushAccount(entries, 'spender', operation.spender);
  }
  if (operation.kind === 'mint' || operation.kind === 'transfer') {
    pushAccount(entries, 'to', operation.to);
  }
  if (operation.kind !== 'burn') pushNat(entries, 'fee', operation.fee);
  if (operation.kind === 'approve') {
    pushNat(entries, 'expected_allowance', operation.expectedAllowance);
    pushNat(entries, 'expires_at', operation.expiresAtNs);
  }
}

function pushNat(entries: Entries, key: string, value: bigint | undefined): void {
  if (value !== undefined) entries.push([key, { Nat: value }]);
}

function pushAccount(entries: Entries, key: string, account: Account | undefined): void {
  if (account === undefined) return;
  const parts: Icrc3Value[] = [{ Blob: account.owner.toUint8Array() }];
  if (account.subaccount !== undefined) parts.push({ Blob: account.subaccount });
  entries.push([key, { Array: parts }]);
}

function sorted(entries: Entries): Entries {
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

function blockFromValue(value: Icrc3Value): Block<Account> {
  const transaction = mapEntry(value, 'tx');
  if (transaction === undefined) throw new Error('block without tx');
  const collectorBlock = optionalNat(value, 'fee_col_block');
  return {
    parentHash: optionalBlob(value, 'phash'),
    timestampNs: nat(value, 'ts'),
    transaction: {
      operation: operationFromValue(transaction),
      createdAtNs: optionalNat(transaction, 'ts'),
      memo: optionalBlob(transaction, 'memo'),
      numericMemo: 0n,
    },
    effectiveFee: optionalNat(value, 'fee'),
    feeCollector: optionalAccount(value, 'fee_col'),
    feeCollectorBlock: collectorBlock === undefined ? undefined : Number(collectorBlock),
  };
}

function operationFromValue(tx: Icrc3Value): Operation<Account> {
  const op = mapEntry(tx, 'op');
  const amount = nat(tx, 'amt');
  const fee = optionalNat(tx, 'fee');
  const spender = optionalAccount(tx, 'spender');
  switch (op !== undefined && 'Text' in op ? op.Text : '') {
    case 'mint':
      return { kind: 'mint', to: account(tx, 'to'), amount, fee };
    case 'burn':
      return { kind: 'burn', from: account(tx, 'from'), spender, amount };
    case 'xfer':
      return {
        kind: 'transfer',
        from: account(tx, 'from'),
        to: account(tx, 'to'),
        spender,
        amount,
        fee,
      };
    case 'approve':
      return {
        kind: 'approve',
        from: account(tx, 'from'),
        spender: account(tx, 'spender'),
        amount,
        expectedAllowance: optionalNat(tx, 'expected_allowance'),
        expiresAtNs: optionalNat(tx, 'expires_at'),
        fee,
      };
    default:
      throw new Error('transaction with an unknown op');
  }
}

function optionalNat(value: Icrc3Value, key: string): bigint | undefined {
  const entry = mapEntry(value, key);
  return entry !== undefined && 'Nat' in entry ? entry.Nat : undefined;
}

function nat(value: Icrc3Value, key: string): bigint {
  return present(optionalNat(value, key), key);
}

function optionalBlob(value: Icrc3Value, key: string): Uint8Array | undefined {
  const entry = mapEntry(value, key);
  return entry !== undefined && 'Blob' in entry ? entry.Blob : undefined;
}

function optionalAccount(value: Icrc3Value, key: string): Account | undefined {
  const entry = mapEntry(value, key);
  if (entry === undefined || !('Array' in entry)) return undefined;
  const [owner, subaccount] = entry.Array;
  if (owner === undefined || !('Blob' in owner)) throw new Error(`account ${key} without owner`);
  return {
    owner: Principal.fromUint8Array(owner.Blob),
    subaccount: subaccount !== undefined && 'Blob' in subaccount ? subaccount.Blob : undefined,
  };
}

function account(value: Icrc3Value, key: string): Account {
  return present(optionalAccount(value, key), key);
}

function present<T>(value: T | undefined, key: string): T {
  if (value === undefined) throw new Error(`block field ${key} is missing`);
  return value;
}
