import { IDL } from '@dfinity/candid';
import type { Opt } from '../../core/candid-opt.ts';
import { Blob, type WireCanisterId, type WireSender } from './lifecycle.ts';

export const SnapshotRecord = IDL.Record({
  id: Blob,
  taken_at_timestamp: IDL.Nat64,
  total_size: IDL.Nat64,
});

export const TakeSnapshotArgs = IDL.Record({
  canister_id: IDL.Principal,
  replace_snapshot: IDL.Opt(Blob),
  uninstall_code: IDL.Opt(IDL.Bool),
  sender_canister_version: IDL.Opt(IDL.Nat64),
});

export interface WireTakeSnapshot extends WireCanisterId, WireSender {
  readonly replace_snapshot: Opt<Uint8Array>;
  readonly uninstall_code: Opt<boolean>;
}

export const LoadSnapshotArgs = IDL.Record({
  canister_id: IDL.Principal,
  snapshot_id: Blob,
  sender_canister_version: IDL.Opt(IDL.Nat64),
});

export interface WireSnapshotId extends WireCanisterId {
  readonly snapshot_id: Uint8Array;
}

export interface WireLoadSnapshot extends WireSnapshotId, WireSender {}

export const SnapshotIdArgs = IDL.Record({ canister_id: IDL.Principal, snapshot_id: Blob });

const Slice = IDL.Record({ offset: IDL.Nat64, size: IDL.Nat64 });

export interface WireSlice {
  readonly offset: bigint;
  readonly size: bigint;
}

export const ReadSnapshotDataArgs = IDL.Record({
  canister_id: IDL.Principal,
  snapshot_id: Blob,
  kind: IDL.Variant({
    wasm_module: Slice,
    wasm_memory: Slice,
    stable_memory: Slice,
    wasm_chunk: IDL.Record({ hash: Blob }),
  }),
});

export interface WireReadSnapshotData extends WireSnapshotId {
  readonly kind:
    | { readonly wasm_module: WireSlice }
    | { readonly wasm_memory: WireSlice }
    | { readonly stable_memory: WireSlice }
    | { readonly wasm_chunk: { readonly hash: Uint8Array } };
}

export const ReadSnapshotDataResult = IDL.Record({ chunk: Blob });

const Globals = IDL.Vec(
  IDL.Variant({
    i32: IDL.Int32,
    i64: IDL.Int64,
    f32: IDL.Float32,
    f64: IDL.Float64,
    v128: IDL.Nat,
  }),
);

export type WireGlobal =
  | { readonly i32: number }
  | { readonly i64: bigint }
  | { readonly f32: number }
  | { readonly f64: number }
  | { readonly v128: bigint };

const GlobalTimer = IDL.Variant({ inactive: IDL.Null, active: IDL.Nat64 });
const HookStatus = IDL.Variant({
  condition_not_satisfied: IDL.Null,
  ready: IDL.Null,
  executed: IDL.Null,
});

export const SnapshotMetadata = IDL.Record({
  source: IDL.Variant({ taken_from_canister: IDL.Reserved, metadata_upload: IDL.Reserved }),
  taken_at_timestamp: IDL.Nat64,
  wasm_module_size: IDL.Nat64,
  globals: Globals,
  wasm_memory_size: IDL.Nat64,
  stable_memory_size: IDL.Nat64,
  wasm_chunk_store: IDL.Vec(IDL.Record({ hash: Blob })),
  canister_version: IDL.Nat64,
  certified_data: Blob,
  global_timer: IDL.Opt(GlobalTimer),
  on_low_wasm_memory_hook_status: IDL.Opt(HookStatus),
});

export const UploadSnapshotMetadataArgs = IDL.Record({
  canister_id: IDL.Principal,
  replace_snapshot: IDL.Opt(Blob),
  wasm_module_size: IDL.Nat64,
  globals: Globals,
  wasm_memory_size: IDL.Nat64,
  stable_memory_size: IDL.Nat64,
  certified_data: Blob,
  global_timer: IDL.Opt(GlobalTimer),
  on_low_wasm_memory_hook_status: IDL.Opt(HookStatus),
});

export interface WireUploadSnapshotMetadata extends WireCanisterId {
  readonly replace_snapshot: Opt<Uint8Array>;
  readonly wasm_module_size: bigint;
  readonly globals: readonly WireGlobal[];
  readonly wasm_memory_size: bigint;
  readonly stable_memory_size: bigint;
  readonly certified_data: Uint8Array;
  readonly global_timer: Opt<{ readonly inactive: null } | { readonly active: bigint }>;
}

export const UploadSnapshotMetadataResult = IDL.Record({ snapshot_id: Blob });

const Offset = IDL.Record({ offset: IDL.Nat64 });

export const UploadSnapshotDataArgs = IDL.Record({
  canister_id: IDL.Principal,
  snapshot_id: Blob,
  kind: IDL.Variant({
    wasm_module: Offset,
    wasm_memory: Offset,
    stable_memory: Offset,
    wasm_chunk: IDL.Null,
  }),
  chunk: Blob,
});

export interface WireOffset {
  readonly offset: bigint;
}

export interface WireUploadSnapshotData extends WireSnapshotId {
  readonly kind:
    | { readonly wasm_module: WireOffset }
    | { readonly wasm_memory: WireOffset }
    | { readonly stable_memory: WireOffset }
    | { readonly wasm_chunk: null };
  readonly chunk: Uint8Array;
}
