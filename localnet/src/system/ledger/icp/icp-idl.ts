import { IDL } from '@dfinity/candid';
import { EXTENSION_METHODS } from '../icrc/icrc-idl.ts';
import { CONSENT_METHODS } from '../wire/consent-types.ts';
import { Account, ApproveResult, Blob, ICRC_METHODS, ICRC_TYPE_NAMES } from '../wire/icrc-types.ts';

const Tokens = IDL.Record({ e8s: IDL.Nat64 });
const TimeStamp = IDL.Record({ timestamp_nanos: IDL.Nat64 });
const AccountIdentifier = Blob;

const TransferArgs = IDL.Record({
  memo: IDL.Nat64,
  amount: Tokens,
  fee: Tokens,
  from_subaccount: IDL.Opt(Blob),
  to: AccountIdentifier,
  created_at_time: IDL.Opt(TimeStamp),
});

const TransferError = IDL.Variant({
  BadFee: IDL.Record({ expected_fee: Tokens }),
  InsufficientFunds: IDL.Record({ balance: Tokens }),
  TxTooOld: IDL.Record({ allowed_window_nanos: IDL.Nat64 }),
  TxCreatedInFuture: IDL.Null,
  TxDuplicate: IDL.Record({ duplicate_of: IDL.Nat64 }),
});

const SendArgs = IDL.Record({
  memo: IDL.Nat64,
  amount: Tokens,
  fee: Tokens,
  from_subaccount: IDL.Opt(Blob),
  to: IDL.Text,
  created_at_time: IDL.Opt(TimeStamp),
});

const Operation = IDL.Variant({
  Mint: IDL.Record({ to: AccountIdentifier, amount: Tokens }),
  Burn: IDL.Record({
    from: AccountIdentifier,
    spender: IDL.Opt(AccountIdentifier),
    amount: Tokens,
  }),
  Transfer: IDL.Record({
    from: AccountIdentifier,
    to: AccountIdentifier,
    amount: Tokens,
    fee: Tokens,
    spender: IDL.Opt(Blob),
  }),
  Approve: IDL.Record({
    from: AccountIdentifier,
    spender: AccountIdentifier,
    allowance_e8s: IDL.Int,
    allowance: Tokens,
    fee: Tokens,
    expires_at: IDL.Opt(TimeStamp),
    expected_allowance: IDL.Opt(Tokens),
  }),
});

export const IcpBlock = IDL.Record({
  parent_hash: IDL.Opt(Blob),
  transaction: IDL.Record({
    memo: IDL.Nat64,
    icrc1_memo: IDL.Opt(Blob),
    operation: IDL.Opt(Operation),
    created_at_time: TimeStamp,
  }),
  timestamp: TimeStamp,
});

const GetBlocksArgs = IDL.Record({ start: IDL.Nat64, length: IDL.Nat64 });
const ArchiveError = IDL.Variant({
  BadFirstBlockIndex: IDL.Record({ requested_index: IDL.Nat64, first_valid_index: IDL.Nat64 }),
  Other: IDL.Record({ error_code: IDL.Nat64, error_message: IDL.Text }),
});
export const GetBlocksResult = IDL.Variant({
  Ok: IDL.Record({ blocks: IDL.Vec(IcpBlock) }),
  Err: ArchiveError,
});
const GetEncodedBlocksResult = IDL.Variant({ Ok: IDL.Vec(Blob), Err: ArchiveError });

function queryResponse(block: IDL.Type, archiveResult: IDL.Type): IDL.RecordClass {
  return IDL.Record({
    chain_length: IDL.Nat64,
    certificate: IDL.Opt(Blob),
    blocks: IDL.Vec(block),
    first_block_index: IDL.Nat64,
    archived_blocks: IDL.Vec(
      IDL.Record({
        start: IDL.Nat64,
        length: IDL.Nat64,
        callback: IDL.Func([GetBlocksArgs], [archiveResult], ['query']),
      }),
    ),
  });
}

export const QueryBlocksResponse = queryResponse(IcpBlock, GetBlocksResult);

const GetAllowancesArgs = IDL.Record({
  from_account_id: IDL.Text,
  prev_spender_id: IDL.Opt(IDL.Text),
  take: IDL.Opt(IDL.Nat64),
});
const Allowances = IDL.Vec(
  IDL.Record({
    from_account_id: IDL.Text,
    to_spender_id: IDL.Text,
    allowance: Tokens,
    expires_at: IDL.Opt(IDL.Nat64),
  }),
);
const RemoveApprovalArgs = IDL.Record({
  from_subaccount: IDL.Opt(Blob),
  spender: AccountIdentifier,
  fee: IDL.Opt(IDL.Nat),
});
const Archives = IDL.Record({ archives: IDL.Vec(IDL.Record({ canister_id: IDL.Principal })) });
const TipOfChain = IDL.Record({ certification: IDL.Opt(Blob), tip_index: IDL.Nat64 });

export const ICP_TRANSFER = IDL.Func(
  [TransferArgs],
  [IDL.Variant({ Ok: IDL.Nat64, Err: TransferError })],
  [],
);
export const ICP_QUERY_BLOCKS = IDL.Func([GetBlocksArgs], [QueryBlocksResponse], ['query']);

/** Source: dfinity/ic rs/ledger_suite/icp/ledger.did of 2026. */
export const ICP_LEDGER_SERVICE = IDL.Service({
  ...ICRC_METHODS,
  ...CONSENT_METHODS,
  icrc106_get_index_principal: EXTENSION_METHODS.icrc106_get_index_principal,
  transfer: ICP_TRANSFER,
  send_dfx: IDL.Func([SendArgs], [IDL.Nat64], []),
  account_balance: IDL.Func([IDL.Record({ account: AccountIdentifier })], [Tokens], ['query']),
  account_balance_dfx: IDL.Func([IDL.Record({ account: IDL.Text })], [Tokens], ['query']),
  account_identifier: IDL.Func([Account], [AccountIdentifier], ['query']),
  transfer_fee: IDL.Func([IDL.Record({})], [IDL.Record({ transfer_fee: Tokens })], ['query']),
  query_blocks: ICP_QUERY_BLOCKS,
  query_encoded_blocks: IDL.Func(
    [GetBlocksArgs],
    [queryResponse(Blob, GetEncodedBlocksResult)],
    ['query'],
  ),
  tip_of_chain: IDL.Func([], [TipOfChain], ['query']),
  symbol: IDL.Func([], [IDL.Record({ symbol: IDL.Text })], ['query']),
  name: IDL.Func([], [IDL.Record({ name: IDL.Text })], ['query']),
  decimals: IDL.Func([], [IDL.Record({ decimals: IDL.Nat32 })], ['query']),
  archives: IDL.Func([], [Archives], ['query']),
  get_allowances: IDL.Func([GetAllowancesArgs], [Allowances], ['query']),
  remove_approval: IDL.Func([RemoveApprovalArgs], [ApproveResult], []),
  is_ledger_ready: IDL.Func([], [IDL.Bool], ['query']),
});

/** Source: dfinity/ic rs/ledger_suite/icp/ledger_archive.did, with what the ledger itself calls. */
export const ICP_ARCHIVE_SERVICE = IDL.Service({
  get_blocks: IDL.Func([GetBlocksArgs], [GetBlocksResult], ['query']),
  get_encoded_blocks: IDL.Func([GetBlocksArgs], [GetEncodedBlocksResult], ['query']),
  append_blocks: IDL.Func([IDL.Vec(Blob)], [], []),
  remaining_capacity: IDL.Func([], [IDL.Nat64], ['query']),
});

export const ICP_TYPE_NAMES = {
  ...ICRC_TYPE_NAMES,
  Tokens,
  TimeStamp,
  TransferArgs,
  Block: IcpBlock,
  GetBlocksArgs,
  GetBlocksResult,
};
