import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { Opt } from '../../core/candid-opt.ts';
import { CanisterSettings, type WireSettings } from './settings.ts';

export const Blob = IDL.Vec(IDL.Nat8);

/** The argument of every method that needs no more than a canister. */
export const CanisterIdRecord = IDL.Record({ canister_id: IDL.Principal });

export interface WireCanisterId {
  readonly canister_id: Principal;
}

export interface WireSender {
  readonly sender_canister_version: Opt<bigint>;
}

export const CreateCanisterArgs = IDL.Record({
  settings: IDL.Opt(CanisterSettings),
  sender_canister_version: IDL.Opt(IDL.Nat64),
});

export interface WireCreateCanister extends WireSender {
  readonly settings: Opt<WireSettings>;
}

export const ProvisionalCreateArgs = IDL.Record({
  amount: IDL.Opt(IDL.Nat),
  settings: IDL.Opt(CanisterSettings),
  specified_id: IDL.Opt(IDL.Principal),
  sender_canister_version: IDL.Opt(IDL.Nat64),
});

export interface WireProvisionalCreate extends WireCreateCanister {
  readonly amount: Opt<bigint>;
  readonly specified_id: Opt<Principal>;
}

export const ProvisionalTopUpArgs = IDL.Record({ canister_id: IDL.Principal, amount: IDL.Nat });

export interface WireTopUp extends WireCanisterId {
  readonly amount: bigint;
}

export const UpdateSettingsArgs = IDL.Record({
  canister_id: IDL.Principal,
  settings: CanisterSettings,
  sender_canister_version: IDL.Opt(IDL.Nat64),
});

export interface WireUpdateSettings extends WireCanisterId, WireSender {
  readonly settings: WireSettings;
}

export const UninstallCodeArgs = IDL.Record({
  canister_id: IDL.Principal,
  sender_canister_version: IDL.Opt(IDL.Nat64),
});

export interface WireUninstall extends WireCanisterId, WireSender {}

const InstallModeType = IDL.Variant({
  install: IDL.Null,
  reinstall: IDL.Null,
  upgrade: IDL.Opt(
    IDL.Record({
      skip_pre_upgrade: IDL.Opt(IDL.Bool),
      wasm_memory_persistence: IDL.Opt(IDL.Variant({ keep: IDL.Null, replace: IDL.Null })),
    }),
  ),
});

export interface WireUpgradeOptions {
  readonly skip_pre_upgrade: Opt<boolean>;
  readonly wasm_memory_persistence: Opt<{ readonly keep: null } | { readonly replace: null }>;
}

export type WireInstallMode =
  | { readonly install: null }
  | { readonly reinstall: null }
  | { readonly upgrade: Opt<WireUpgradeOptions> };

export const InstallCodeArgs = IDL.Record({
  mode: InstallModeType,
  canister_id: IDL.Principal,
  wasm_module: Blob,
  arg: Blob,
  sender_canister_version: IDL.Opt(IDL.Nat64),
});

export interface WireInstallCode extends WireCanisterId, WireSender {
  readonly mode: WireInstallMode;
  readonly wasm_module: Uint8Array;
  readonly arg: Uint8Array;
}

export const ChunkHash = IDL.Record({ hash: Blob });

export interface WireChunkHash {
  readonly hash: Uint8Array;
}

export const InstallChunkedCodeArgs = IDL.Record({
  mode: InstallModeType,
  target_canister: IDL.Principal,
  store_canister: IDL.Opt(IDL.Principal),
  chunk_hashes_list: IDL.Vec(ChunkHash),
  wasm_module_hash: Blob,
  arg: Blob,
  sender_canister_version: IDL.Opt(IDL.Nat64),
});

export interface WireInstallChunkedCode extends WireSender {
  readonly mode: WireInstallMode;
  readonly target_canister: Principal;
  readonly store_canister: Opt<Principal>;
  readonly chunk_hashes_list: readonly WireChunkHash[];
  readonly wasm_module_hash: Uint8Array;
  readonly arg: Uint8Array;
}

export const UploadChunkArgs = IDL.Record({ canister_id: IDL.Principal, chunk: Blob });

export interface WireUploadChunk extends WireCanisterId {
  readonly chunk: Uint8Array;
}
