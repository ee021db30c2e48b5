import { IDL } from '@dfinity/candid';
import { CanisterSettings, SubnetSelection } from '../canister-settings.ts';
import { Blob } from '../ledger/wire/icrc-types.ts';

const CreateCanisterArg = IDL.Record({
  settings: IDL.Opt(CanisterSettings),
  subnet_type: IDL.Opt(IDL.Text),
  subnet_selection: IDL.Opt(SubnetSelection),
});
const CreateCanisterError = IDL.Variant({
  Refunded: IDL.Record({ refund_amount: IDL.Nat, create_error: IDL.Text }),
});

export const CMC_CREATE_CANISTER = IDL.Func(
  [CreateCanisterArg],
  [IDL.Variant({ Ok: IDL.Principal, Err: CreateCanisterError })],
  [],
);

const NotifyError = IDL.Variant({
  Refunded: IDL.Record({ reason: IDL.Text, block_index: IDL.Opt(IDL.Nat64) }),
  Processing: IDL.Null,
  TransactionTooOld: IDL.Nat64,
  InvalidTransaction: IDL.Text,
  Other: IDL.Record({ error_code: IDL.Nat64, error_message: IDL.Text }),
});

const NotifyTopUpArg = IDL.Record({ block_index: IDL.Nat64, canister_id: IDL.Principal });
const NotifyCreateCanisterArg = IDL.Record({
  block_index: IDL.Nat64,
  controller: IDL.Principal,
  subnet_type: IDL.Opt(IDL.Text),
  subnet_selection: IDL.Opt(SubnetSelection),
  settings: IDL.Opt(CanisterSettings),
});
const NotifyMintCyclesArg = IDL.Record({
  block_index: IDL.Nat64,
  to_subaccount: IDL.Opt(Blob),
  deposit_memo: IDL.Opt(Blob),
});
const NotifyMintCyclesSuccess = IDL.Record({
  block_index: IDL.Nat,
  minted: IDL.Nat,
  balance: IDL.Nat,
});

/** Results of the notify methods, kept for repeated notifications. */
export const TopUpResult = IDL.Variant({ Ok: IDL.Nat, Err: NotifyError });
export const CreateResult = IDL.Variant({ Ok: IDL.Principal, Err: NotifyError });
export const MintResult = IDL.Variant({ Ok: NotifyMintCyclesSuccess, Err: NotifyError });

export const IcpXdrConversionRate = IDL.Record({
  timestamp_seconds: IDL.Nat64,
  xdr_permyriad_per_icp: IDL.Nat64,
});
const CertifiedRate = IDL.Record({
  data: IcpXdrConversionRate,
  hash_tree: Blob,
  certificate: Blob,
});

const SubnetList = IDL.Record({ subnets: IDL.Vec(IDL.Principal), subnet_type: IDL.Text });

/**
 * Source: dfinity/ic rs/nns/cmc/cmc.did of 2025-11, and of its hidden methods the average rate and
 * the setter of the rate, which only governance may call. What begins with `localnet_` is ours.
 */
export const CMC_SERVICE = IDL.Service({
  notify_top_up: IDL.Func([NotifyTopUpArg], [TopUpResult], []),
  notify_create_canister: IDL.Func([NotifyCreateCanisterArg], [CreateResult], []),
  notify_mint_cycles: IDL.Func([NotifyMintCyclesArg], [MintResult], []),
  create_canister: CMC_CREATE_CANISTER,
  get_icp_xdr_conversion_rate: IDL.Func([], [CertifiedRate], ['query']),
  get_average_icp_xdr_conversion_rate: IDL.Func([], [CertifiedRate], ['query']),
  set_icp_xdr_conversion_rate: IDL.Func(
    [
      IDL.Record({
        data_source: IDL.Text,
        timestamp_seconds: IDL.Nat64,
        xdr_permyriad_per_icp: IDL.Nat64,
      }),
    ],
    [IDL.Variant({ Ok: IDL.Null, Err: IDL.Text })],
    [],
  ),
  localnet_set_icp_xdr_conversion_rate: IDL.Func([IDL.Nat64], [], []),
  get_subnet_types_to_subnets: IDL.Func(
    [],
    [IDL.Record({ data: IDL.Vec(IDL.Tuple(IDL.Text, IDL.Vec(IDL.Principal))) })],
    ['query'],
  ),
  get_principals_authorized_to_create_canisters_to_subnets: IDL.Func(
    [],
    [IDL.Record({ data: IDL.Vec(IDL.Tuple(IDL.Principal, IDL.Vec(IDL.Principal))) })],
    ['query'],
  ),
  get_default_subnets: IDL.Func([], [IDL.Vec(IDL.Principal)], ['query']),
  get_build_metadata: IDL.Func([], [IDL.Text], ['query']),
  set_authorized_subnetwork_list: IDL.Func(
    [IDL.Record({ who: IDL.Opt(IDL.Principal), subnets: IDL.Vec(IDL.Principal) })],
    [],
    [],
  ),
  update_subnet_type: IDL.Func([IDL.Variant({ Add: IDL.Text, Remove: IDL.Text })], [], []),
  change_subnet_type_assignment: IDL.Func(
    [IDL.Variant({ Add: SubnetList, Remove: SubnetList })],
    [],
    [],
  ),
});

export const CMC_TYPE_NAMES = {
  CanisterSettings,
  SubnetSelection,
  NotifyError,
  NotifyTopUpArg,
  NotifyCreateCanisterArg,
  NotifyMintCyclesArg,
  IcpXdrConversionRate,
};
