import { IDL } from '@dfinity/candid';

/** Candid types of ICRC-1 and ICRC-2. Source: dfinity/ICRC-1 standards, *.did. */
export const Blob = IDL.Vec(IDL.Nat8);
export const Account = IDL.Record({ owner: IDL.Principal, subaccount: IDL.Opt(Blob) });

export const TransferArg = IDL.Record({
  from_subaccount: IDL.Opt(Blob),
  to: Account,
  amount: IDL.Nat,
  fee: IDL.Opt(IDL.Nat),
  memo: IDL.Opt(Blob),
  created_at_time: IDL.Opt(IDL.Nat64),
});

export const TransferFromArgs = IDL.Record({
  spender_subaccount: IDL.Opt(Blob),
  from: Account,
  to: Account,
  amount: IDL.Nat,
  fee: IDL.Opt(IDL.Nat),
  memo: IDL.Opt(Blob),
  created_at_time: IDL.Opt(IDL.Nat64),
});

export const ApproveArgs = IDL.Record({
  from_subaccount: IDL.Opt(Blob),
  spender: Account,
  amount: IDL.Nat,
  expected_allowance: IDL.Opt(IDL.Nat),
  expires_at: IDL.Opt(IDL.Nat64),
  fee: IDL.Opt(IDL.Nat),
  memo: IDL.Opt(Blob),
  created_at_time: IDL.Opt(IDL.Nat64),
});

const COMMON_ERRORS = {
  BadFee: IDL.Record({ expected_fee: IDL.Nat }),
  InsufficientFunds: IDL.Record({ balance: IDL.Nat }),
  TooOld: IDL.Null,
  CreatedInFuture: IDL.Record({ ledger_time: IDL.Nat64 }),
  TemporarilyUnavailable: IDL.Null,
  Duplicate: IDL.Record({ duplicate_of: IDL.Nat }),
  GenericError: IDL.Record({ error_code: IDL.Nat, message: IDL.Text }),
};

export const TransferError = IDL.Variant({
  ...COMMON_ERRORS,
  BadBurn: IDL.Record({ min_burn_amount: IDL.Nat }),
});

export const TransferFromError = IDL.Variant({
  ...COMMON_ERRORS,
  BadBurn: IDL.Record({ min_burn_amount: IDL.Nat }),
  InsufficientAllowance: IDL.Record({ allowance: IDL.Nat }),
});

export const ApproveError = IDL.Variant({
  ...COMMON_ERRORS,
  AllowanceChanged: IDL.Record({ current_allowance: IDL.Nat }),
  Expired: IDL.Record({ ledger_time: IDL.Nat64 }),
});

export const TransferResult = IDL.Variant({ Ok: IDL.Nat, Err: TransferError });
export const TransferFromResult = IDL.Variant({ Ok: IDL.Nat, Err: TransferFromError });
export const ApproveResult = IDL.Variant({ Ok: IDL.Nat, Err: ApproveError });

export const AllowanceArgs = IDL.Record({ account: Account, spender: Account });
export const Allowance = IDL.Record({
  allowance: IDL.Nat,
  expires_at: IDL.Opt(IDL.Nat64),
});

export const MetadataValue = IDL.Variant({
  Nat: IDL.Nat,
  Int: IDL.Int,
  Text: IDL.Text,
  Blob,
});
export const Metadata = IDL.Vec(IDL.Tuple(IDL.Text, MetadataValue));
export const StandardRecord = IDL.Record({ name: IDL.Text, url: IDL.Text });

/** Methods that every ledger here has, with equal signatures. */
export const ICRC_METHODS = {
  icrc1_name: IDL.Func([], [IDL.Text], ['query']),
  icrc1_symbol: IDL.Func([], [IDL.Text], ['query']),
  icrc1_decimals: IDL.Func([], [IDL.Nat8], ['query']),
  icrc1_metadata: IDL.Func([], [Metadata], ['query']),
  icrc1_total_supply: IDL.Func([], [IDL.Nat], ['query']),
  icrc1_fee: IDL.Func([], [IDL.Nat], ['query']),
  icrc1_minting_account: IDL.Func([], [IDL.Opt(Account)], ['query']),
  icrc1_balance_of: IDL.Func([Account], [IDL.Nat], ['query']),
  icrc1_transfer: IDL.Func([TransferArg], [TransferResult], []),
  icrc1_supported_standards: IDL.Func([], [IDL.Vec(StandardRecord)], ['query']),
  icrc2_approve: IDL.Func([ApproveArgs], [ApproveResult], []),
  icrc2_allowance: IDL.Func([AllowanceArgs], [Allowance], ['query']),
  icrc2_transfer_from: IDL.Func([TransferFromArgs], [TransferFromResult], []),
  icrc10_supported_standards: IDL.Func([], [IDL.Vec(StandardRecord)], ['query']),
};

/** Names for readers of the service description. */
export const ICRC_TYPE_NAMES = {
  Account,
  TransferArg,
  TransferFromArgs,
  ApproveArgs,
  TransferError,
  TransferFromError,
  ApproveError,
  AllowanceArgs,
  Allowance,
  MetadataValue,
  StandardRecord,
};
