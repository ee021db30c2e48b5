import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { Opt } from '../../core/candid-opt.ts';
import { Blob, type WireCanisterId } from './lifecycle.ts';
import { DefiniteSettings } from './settings.ts';

const MemoryMetrics = IDL.Record({
  wasm_memory_size: IDL.Nat,
  stable_memory_size: IDL.Nat,
  global_memory_size: IDL.Nat,
  wasm_binary_size: IDL.Nat,
  custom_sections_size: IDL.Nat,
  canister_history_size: IDL.Nat,
  wasm_chunk_store_size: IDL.Nat,
  snapshots_size: IDL.Nat,
  log_memory_store_size: IDL.Nat,
});

const QueryStats = IDL.Record({
  num_calls_total: IDL.Nat,
  num_instructions_total: IDL.Nat,
  request_payload_bytes_total: IDL.Nat,
  response_payload_bytes_total: IDL.Nat,
});

export const CanisterStatusResult = IDL.Record({
  status: IDL.Variant({ running: IDL.Null, stopping: IDL.Null, stopped: IDL.Null }),
  ready_for_migration: IDL.Bool,
  version: IDL.Nat64,
  settings: DefiniteSettings,
  module_hash: IDL.Opt(Blob),
  memory_size: IDL.Nat,
  memory_metrics: MemoryMetrics,
  cycles: IDL.Nat,
  reserved_cycles: IDL.Nat,
  idle_cycles_burned_per_day: IDL.Nat,
  query_stats: QueryStats,
});

const ChangeOrigin = IDL.Variant({
  from_user: IDL.Record({ user_id: IDL.Principal }),
  from_canister: IDL.Record({
    canister_id: IDL.Principal,
    canister_version: IDL.Opt(IDL.Nat64),
  }),
});

export type WireChangeOrigin =
  | { readonly from_user: { readonly user_id: Principal } }
  | {
      readonly from_canister: {
        readonly canister_id: Principal;
        readonly canister_version: Opt<bigint>;
      };
    };

const ChangeDetails = IDL.Variant({
  creation: IDL.Record({
    controllers: IDL.Vec(IDL.Principal),
    environment_variables_hash: IDL.Opt(Blob),
  }),
  code_uninstall: IDL.Null,
  code_deployment: IDL.Record({
    mode: IDL.Variant({ install: IDL.Null, reinstall: IDL.Null, upgrade: IDL.Null }),
    module_hash: Blob,
  }),
  load_snapshot: IDL.Record({
    canister_version: IDL.Nat64,
    snapshot_id: Blob,
    taken_at_timestamp: IDL.Nat64,
    source: IDL.Variant({ taken_from_canister: IDL.Reserved, metadata_upload: IDL.Reserved }),
  }),
  controllers_change: IDL.Record({ controllers: IDL.Vec(IDL.Principal) }),
});

export type WireChangeDetails =
  | {
      readonly creation: {
        readonly controllers: readonly Principal[];
        readonly environment_variables_hash: Opt<Uint8Array>;
      };
    }
  | { readonly code_uninstall: null }
  | {
      readonly code_deployment: {
        readonly mode: Readonly<Partial<Record<'install' | 'reinstall' | 'upgrade', null>>>;
        readonly module_hash: Uint8Array;
      };
    }
  | {
      readonly load_snapshot: {
        readonly canister_version: bigint;
        readonly snapshot_id: Uint8Array;
        readonly taken_at_timestamp: bigint;
        readonly source: Readonly<Partial<Record<'taken_from_canister' | 'metadata_upload', null>>>;
      };
    }
  | { readonly controllers_change: { readonly controllers: readonly Principal[] } };

/** One entry of a canister's history, in the form ic.did gives it. */
export const Change = IDL.Record({
  timestamp_nanos: IDL.Nat64,
  canister_version: IDL.Nat64,
  origin: ChangeOrigin,
  details: ChangeDetails,
});

export interface WireChange {
  readonly timestamp_nanos: bigint;
  readonly canister_version: bigint;
  readonly origin: WireChangeOrigin;
  readonly details: WireChangeDetails;
}

export const CanisterInfoArgs = IDL.Record({
  canister_id: IDL.Principal,
  num_requested_changes: IDL.Opt(IDL.Nat64),
});

export interface WireCanisterInfo extends WireCanisterId {
  readonly num_requested_changes: Opt<bigint>;
}

export const CanisterInfoResult = IDL.Record({
  total_num_changes: IDL.Nat64,
  recent_changes: IDL.Vec(Change),
  module_hash: IDL.Opt(Blob),
  controllers: IDL.Vec(IDL.Principal),
});

export const CanisterMetadataArgs = IDL.Record({ canister_id: IDL.Principal, name: IDL.Text });

export interface WireCanisterMetadata extends WireCanisterId {
  readonly name: string;
}

export const CanisterMetadataResult = IDL.Record({ value: Blob });

const LogRange = IDL.Record({ start: IDL.Nat64, end: IDL.Nat64 });

export const FetchLogsArgs = IDL.Record({
  canister_id: IDL.Principal,
  filter: IDL.Opt(IDL.Variant({ by_idx: LogRange, by_timestamp_nanos: LogRange })),
});

/** From `start` inclusive to `end` exclusive. */
export interface WireLogRange {
  readonly start: bigint;
  readonly end: bigint;
}

export interface WireFetchLogs extends WireCanisterId {
  readonly filter: Opt<
    { readonly by_idx: WireLogRange } | { readonly by_timestamp_nanos: WireLogRange }
  >;
}

export const FetchLogsResult = IDL.Record({
  canister_log_records: IDL.Vec(
    IDL.Record({ idx: IDL.Nat64, timestamp_nanos: IDL.Nat64, content: Blob }),
  ),
});
