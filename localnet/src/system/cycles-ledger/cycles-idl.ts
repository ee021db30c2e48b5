import { IDL } from '@dfinity/candid';
import { CanisterSettings, SubnetSelection } from '../canister-settings.ts';
import { EXTENSION_METHODS } from '../ledger/icrc/icrc-idl.ts';
import { Account, Blob, ICRC_METHODS, ICRC_TYPE_NAMES } from '../ledger/wire/icrc-types.ts';
import { ICRC3_METHODS, ICRC3_TYPE_NAMES } from '../ledger/wire/icrc3-types.ts';

const RejectionCode = IDL.Variant({
  NoError: IDL.Null,
  CanisterError: IDL.Null,
  SysTransient: IDL.Null,
  DestinationInvalid: IDL.Null,
  Unknown: IDL.Null,
  SysFatal: IDL.Null,
  CanisterReject: IDL.Null,
});

const COMMON_ERRORS = {
  InsufficientFunds: IDL.Record({ balance: IDL.Nat }),
  TooOld: IDL.Null,
  CreatedInFuture: IDL.Record({ ledger_time: IDL.Nat64 }),
  TemporarilyUnavailable: IDL.Null,
  GenericError: IDL.Record({ message: IDL.Text, error_code: IDL.Nat }),
};
const Duplicate = IDL.Record({ duplicate_of: IDL.Nat });
const InsufficientAllowance = IDL.Record({ allowance: IDL.Nat });
const InvalidReceiver = IDL.Record({ receiver: IDL.Principal });

export const DepositArgs = IDL.Record({ to: Account, memo: IDL.Opt(Blob) });
export const DepositResult = IDL.Record({ balance: IDL.Nat, block_index: IDL.Nat });
export const CYCLES_DEPOSIT = IDL.Func([DepositArgs], [DepositResult], []);

const WithdrawArgs = IDL.Record({
  amount: IDL.Nat,
  from_subaccount: IDL.Opt(Blob),
  to: IDL.Principal,
  created_at_time: IDL.Opt(IDL.Nat64),
});
const WithdrawError = IDL.Variant({
  ...COMMON_ERRORS,
  Duplicate,
  BadFee: IDL.Record({ expected_fee: IDL.Nat }),
  InvalidReceiver,
  FailedToWithdraw: IDL.Record({
    fee_block: IDL.Opt(IDL.Nat),
    rejection_code: RejectionCode,
    rejection_reason: IDL.Text,
  }),
});

const WithdrawFromArgs = IDL.Record({
  spender_subaccount: IDL.Opt(Blob),
  from: Account,
  to: IDL.Principal,
  amount: IDL.Nat,
  created_at_time: IDL.Opt(IDL.Nat64),
});
const WithdrawFromError = IDL.Variant({
  ...COMMON_ERRORS,
  Duplicate,
  InsufficientAllowance,
  InvalidReceiver,
  FailedToWithdrawFrom: IDL.Record({
    withdraw_from_block: IDL.Opt(IDL.Nat),
    refund_block: IDL.Opt(IDL.Nat),
    approval_refund_block: IDL.Opt(IDL.Nat),
    rejection_code: RejectionCode,
    rejection_reason: IDL.Text,
  }),
});

const CmcCreateCanisterArgs = IDL.Record({
  settings: IDL.Opt(CanisterSettings),
  subnet_selection: IDL.Opt(SubnetSelection),
});
const CreateCanisterArgs = IDL.Record({
  from_subaccount: IDL.Opt(Blob),
  created_at_time: IDL.Opt(IDL.Nat64),
  amount: IDL.Nat,
  creation_args: IDL.Opt(CmcCreateCanisterArgs),
});
const CreateCanisterFromArgs = IDL.Record({
  from: Account,
  spender_subaccount: IDL.Opt(Blob),
  created_at_time: IDL.Opt(IDL.Nat64),
  amount: IDL.Nat,
  creation_args: IDL.Opt(CmcCreateCanisterArgs),
});
const DuplicateCreation = IDL.Record({
  duplicate_of: IDL.Nat,
  canister_id: IDL.Opt(IDL.Principal),
});
const CreateCanisterSuccess = IDL.Record({ block_id: IDL.Nat, canister_id: IDL.Principal });
const CreateCanisterError = IDL.Variant({
  ...COMMON_ERRORS,
  Duplicate: DuplicateCreation,
  FailedToCreate: IDL.Record({
    fee_block: IDL.Opt(IDL.Nat),
    refund_block: IDL.Opt(IDL.Nat),
    error: IDL.Text,
  }),
});
const CreateCanisterFromError = IDL.Variant({
  ...COMMON_ERRORS,
  InsufficientAllowance,
  Duplicate: DuplicateCreation,
  FailedToCreateFrom: IDL.Record({
    create_from_block: IDL.Opt(IDL.Nat),
    refund_block: IDL.Opt(IDL.Nat),
    approval_refund_block: IDL.Opt(IDL.Nat),
    rejection_code: RejectionCode,
    rejection_reason: IDL.Text,
  }),
});

const HeaderFields = IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text));
const HttpRequest = IDL.Record({
  url: IDL.Text,
  method: IDL.Text,
  body: Blob,
  headers: HeaderFields,
});
const HttpResponse = IDL.Record({ body: Blob, headers: HeaderFields, status_code: IDL.Nat16 });

/** Source: dfinity/cycles-ledger cycles-ledger.did of 2026-08. */
export const CYCLES_LEDGER_SERVICE = IDL.Service({
  ...ICRC_METHODS,
  ...ICRC3_METHODS,
  ...EXTENSION_METHODS,
  deposit: CYCLES_DEPOSIT,
  withdraw: IDL.Func([WithdrawArgs], [IDL.Variant({ Ok: IDL.Nat, Err: WithdrawError })], []),
  withdraw_from: IDL.Func(
    [WithdrawFromArgs],
    [IDL.Variant({ Ok: IDL.Nat, Err: WithdrawFromError })],
    [],
  ),
  create_canister: IDL.Func(
    [CreateCanisterArgs],
    [IDL.Variant({ Ok: CreateCanisterSuccess, Err: CreateCanisterError })],
    [],
  ),
  create_canister_from: IDL.Func(
    [CreateCanisterFromArgs],
    [IDL.Variant({ Ok: CreateCanisterSuccess, Err: CreateCanisterFromError })],
    [],
  ),
  http_request: IDL.Func([HttpRequest], [HttpResponse], ['query']),
});

export const CYCLES_TYPE_NAMES = {
  ...ICRC_TYPE_NAMES,
  ...ICRC3_TYPE_NAMES,
  CanisterSettings,
  SubnetSelection,
  WithdrawArgs,
  WithdrawFromArgs,
  CreateCanisterArgs,
  CreateCanisterFromArgs,
};
