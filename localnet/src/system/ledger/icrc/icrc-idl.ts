import { IDL } from '@dfinity/candid';
import { CONSENT_METHODS } from '../wire/consent-types.ts';
import { Account, Blob, ICRC_METHODS, ICRC_TYPE_NAMES } from '../wire/icrc-types.ts';
import { GetBlocksRequest, ICRC3_METHODS, ICRC3_TYPE_NAMES } from '../wire/icrc3-types.ts';
import { TransactionRecord } from './transaction-record.ts';

/** The older generic value, with one case more than ICRC-3's. */
const GenericValue = IDL.Rec();
GenericValue.fill(
  IDL.Variant({
    Blob,
    Text: IDL.Text,
    Nat: IDL.Nat,
    Nat64: IDL.Nat64,
    Int: IDL.Int,
    Array: IDL.Vec(GenericValue),
    Map: IDL.Vec(IDL.Tuple(IDL.Text, GenericValue)),
  }),
);

export const ArchiveTransactions = IDL.Record({ transactions: IDL.Vec(TransactionRecord) });
export const ArchiveBlocks = IDL.Record({ blocks: IDL.Vec(GenericValue) });

const TransactionsCallback = IDL.Func([GetBlocksRequest], [ArchiveTransactions], ['query']);
const BlocksCallback = IDL.Func([GetBlocksRequest], [ArchiveBlocks], ['query']);

function archivedRanges(callback: IDL.FuncClass): IDL.VecClass<unknown> {
  return IDL.Vec(IDL.Record({ start: IDL.Nat, length: IDL.Nat, callback }));
}

const GetTransactionsResponse = IDL.Record({
  log_length: IDL.Nat,
  first_index: IDL.Nat,
  transactions: IDL.Vec(TransactionRecord),
  archived_transactions: archivedRanges(TransactionsCallback),
});

const GetBlocksResponse = IDL.Record({
  first_index: IDL.Nat,
  chain_length: IDL.Nat64,
  certificate: IDL.Opt(Blob),
  blocks: IDL.Vec(GenericValue),
  archived_blocks: archivedRanges(BlocksCallback),
});

const Allowance103 = IDL.Record({
  from_account: Account,
  to_spender: Account,
  allowance: IDL.Nat,
  expires_at: IDL.Opt(IDL.Nat64),
});

/** ICRC-103 and ICRC-106, which the cycles ledger has too. */
export const EXTENSION_METHODS = {
  icrc103_get_allowances: IDL.Func(
    [
      IDL.Record({
        from_account: IDL.Opt(Account),
        prev_spender: IDL.Opt(Account),
        take: IDL.Opt(IDL.Nat),
      }),
    ],
    [
      IDL.Variant({
        Ok: IDL.Vec(Allowance103),
        Err: IDL.Variant({
          AccessDenied: IDL.Record({ reason: IDL.Text }),
          GenericError: IDL.Record({ error_code: IDL.Nat, message: IDL.Text }),
        }),
      }),
    ],
    ['query'],
  ),
  icrc106_get_index_principal: IDL.Func(
    [],
    [
      IDL.Variant({
        Ok: IDL.Principal,
        Err: IDL.Variant({
          IndexPrincipalNotSet: IDL.Null,
          GenericError: IDL.Record({ error_code: IDL.Nat, description: IDL.Text }),
        }),
      }),
    ],
    ['query'],
  ),
};

/** How DFINITY's ledger shows blocks beside ICRC-3. */
const BLOCK_METHODS = {
  archives: IDL.Func(
    [],
    [
      IDL.Vec(
        IDL.Record({
          canister_id: IDL.Principal,
          block_range_start: IDL.Nat,
          block_range_end: IDL.Nat,
        }),
      ),
    ],
    ['query'],
  ),
  get_transactions: IDL.Func([GetBlocksRequest], [GetTransactionsResponse], ['query']),
  get_blocks: IDL.Func([GetBlocksRequest], [GetBlocksResponse], ['query']),
  get_data_certificate: IDL.Func(
    [],
    [IDL.Record({ certificate: IDL.Opt(Blob), hash_tree: Blob })],
    ['query'],
  ),
};

const TOKEN_METHODS = {
  ...CONSENT_METHODS,
  ...EXTENSION_METHODS,
  is_ledger_ready: IDL.Func([], [IDL.Bool], ['query']),
};

/** Source: dfinity/ic rs/ledger_suite/icrc1/ledger/ledger.did of 2025-10. */
export const ICRC_LEDGER_SERVICE = IDL.Service({
  ...ICRC_METHODS,
  ...ICRC3_METHODS,
  ...TOKEN_METHODS,
  ...BLOCK_METHODS,
});

/** A ledger that keeps its blocks to itself, as some tokens' own ledgers do. */
export const BLOCKLESS_LEDGER_SERVICE = IDL.Service({ ...ICRC_METHODS, ...TOKEN_METHODS });

/** Source: dfinity/ic rs/ledger_suite/icrc1/archive/archive.did. */
export const ICRC_ARCHIVE_SERVICE = IDL.Service({
  ...ICRC3_METHODS,
  append_blocks: IDL.Func([IDL.Vec(Blob)], [], []),
  remaining_capacity: IDL.Func([], [IDL.Nat64], ['query']),
  get_transaction: IDL.Func([IDL.Nat64], [IDL.Opt(TransactionRecord)], ['query']),
  get_transactions: IDL.Func([GetBlocksRequest], [ArchiveTransactions], ['query']),
  get_blocks: IDL.Func([GetBlocksRequest], [ArchiveBlocks], ['query']),
});

export const LEDGER_TYPE_NAMES = {
  ...ICRC_TYPE_NAMES,
  ...ICRC3_TYPE_NAMES,
  Value: GenericValue,
  Transaction: TransactionRecord,
  Allowance103,
};
