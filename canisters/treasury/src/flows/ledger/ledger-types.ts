import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';

/** Candid of ICRC-1, ICRC-2 and ICRC-3 as far as it is called. Source: dfinity/ICRC-1, `*.did`. */

const BLOB = lazy(() => IDL.Vec(IDL.Nat8));

export const WireAccountType = lazy(() =>
  IDL.Record({ owner: IDL.Principal, subaccount: IDL.Opt(BLOB) }),
);

export const TransferArgType = lazy(() =>
  IDL.Record({
    from_subaccount: IDL.Opt(BLOB),
    to: WireAccountType,
    amount: IDL.Nat,
    fee: IDL.Opt(IDL.Nat),
    memo: IDL.Opt(BLOB),
    created_at_time: IDL.Opt(IDL.Nat64),
  }),
);

export const TransferFromArgType = lazy(() =>
  IDL.Record({
    spender_subaccount: IDL.Opt(BLOB),
    from: WireAccountType,
    to: WireAccountType,
    amount: IDL.Nat,
    fee: IDL.Opt(IDL.Nat),
    memo: IDL.Opt(BLOB),
    created_at_time: IDL.Opt(IDL.Nat64),
  }),
);

/** One type for both methods: `icrc1_transfer` just never has the arm of allowances. */
export const TransferResultType = lazy(() =>
  IDL.Variant({
    Ok: IDL.Nat,
    Err: IDL.Variant({
      BadFee: IDL.Record({ expected_fee: IDL.Nat }),
      BadBurn: IDL.Record({ min_burn_amount: IDL.Nat }),
      InsufficientFunds: IDL.Record({ balance: IDL.Nat }),
      InsufficientAllowance: IDL.Record({ allowance: IDL.Nat }),
      TooOld: IDL.Null,
      CreatedInFuture: IDL.Record({ ledger_time: IDL.Nat64 }),
      Duplicate: IDL.Record({ duplicate_of: IDL.Nat }),
      TemporarilyUnavailable: IDL.Null,
      GenericError: IDL.Record({ error_code: IDL.Nat, message: IDL.Text }),
    }),
  }),
);

export const BlockRangesType = lazy(() => IDL.Vec(IDL.Record({ start: IDL.Nat, length: IDL.Nat })));

const ValueType = lazy(() => {
  const value = IDL.Rec();
  value.fill(
    IDL.Variant({
      Nat: IDL.Nat,
      Int: IDL.Int,
      Text: IDL.Text,
      Blob: BLOB,
      Array: IDL.Vec(value),
      Map: IDL.Vec(IDL.Tuple(IDL.Text, value)),
    }),
  );
  return value;
});

export const BlocksResultType = lazy(() => {
  const result = IDL.Rec();
  const blocks = IDL.Vec(IDL.Record({ id: IDL.Nat, block: ValueType }));
  const callback = IDL.Func([BlockRangesType], [result], ['query']);
  const archived_blocks = IDL.Vec(IDL.Record({ args: BlockRangesType, callback }));
  result.fill(IDL.Record({ log_length: IDL.Nat, blocks, archived_blocks }));
  return result;
});

export interface WireAccount {
  readonly owner: Principal;
  readonly subaccount: [] | [Uint8Array];
}

export type WireTransferResult =
  | { readonly Ok: bigint }
  | {
      readonly Err:
        | { readonly BadFee: { readonly expected_fee: bigint } }
        | { readonly BadBurn: { readonly min_burn_amount: bigint } }
        | { readonly InsufficientFunds: { readonly balance: bigint } }
        | { readonly InsufficientAllowance: { readonly allowance: bigint } }
        | { readonly TooOld: null }
        | { readonly CreatedInFuture: { readonly ledger_time: bigint } }
        | { readonly Duplicate: { readonly duplicate_of: bigint } }
        | { readonly TemporarilyUnavailable: null }
        | { readonly GenericError: { readonly error_code: bigint; readonly message: string } };
    };

export type WireValue =
  | { readonly Nat: bigint }
  | { readonly Int: bigint }
  | { readonly Text: string }
  | { readonly Blob: Uint8Array }
  | { readonly Array: readonly WireValue[] }
  | { readonly Map: readonly (readonly [string, WireValue])[] };

export interface WireRange {
  readonly start: bigint;
  readonly length: bigint;
}

export interface WireBlocks {
  readonly log_length: bigint;
  readonly blocks: readonly { readonly id: bigint; readonly block: WireValue }[];
  readonly archived_blocks: readonly {
    readonly args: readonly WireRange[];
    readonly callback: readonly [Principal, string];
  }[];
}
