import type { IDL } from '@dfinity/candid';
import { HttpRequestArgs } from '../../src/mgmt/wire/http.ts';
import {
  CanisterIdRecord,
  CreateCanisterArgs,
  InstallChunkedCodeArgs,
  InstallCodeArgs,
  ProvisionalCreateArgs,
  ProvisionalTopUpArgs,
  UninstallCodeArgs,
  UpdateSettingsArgs,
  UploadChunkArgs,
} from '../../src/mgmt/wire/lifecycle.ts';
import {
  LoadSnapshotArgs,
  ReadSnapshotDataArgs,
  SnapshotIdArgs,
  TakeSnapshotArgs,
  UploadSnapshotDataArgs,
  UploadSnapshotMetadataArgs,
} from '../../src/mgmt/wire/snapshots.ts';
import {
  CanisterInfoArgs,
  CanisterMetadataArgs,
  FetchLogsArgs,
} from '../../src/mgmt/wire/status.ts';

/** Argument type by method; methods that take none are missing. */
export const ARGUMENT_TYPES: ReadonlyMap<string, IDL.Type> = new Map<string, IDL.Type>([
  ['create_canister', CreateCanisterArgs],
  ['provisional_create_canister_with_cycles', ProvisionalCreateArgs],
  ['provisional_top_up_canister', ProvisionalTopUpArgs],
  ['update_settings', UpdateSettingsArgs],
  ['install_code', InstallCodeArgs],
  ['install_chunked_code', InstallChunkedCodeArgs],
  ['uninstall_code', UninstallCodeArgs],
  ['upload_chunk', UploadChunkArgs],
  ['http_request', HttpRequestArgs],
  ['canister_info', CanisterInfoArgs],
  ['canister_metadata', CanisterMetadataArgs],
  ['fetch_canister_logs', FetchLogsArgs],
  ['take_canister_snapshot', TakeSnapshotArgs],
  ['load_canister_snapshot', LoadSnapshotArgs],
  ['delete_canister_snapshot', SnapshotIdArgs],
  ['read_canister_snapshot_metadata', SnapshotIdArgs],
  ['read_canister_snapshot_data', ReadSnapshotDataArgs],
  ['upload_canister_snapshot_metadata', UploadSnapshotMetadataArgs],
  ['upload_canister_snapshot_data', UploadSnapshotDataArgs],
  ...[
    'clear_chunk_store',
    'stored_chunks',
    'start_canister',
    'stop_canister',
    'delete_canister',
    'deposit_cycles',
    'canister_status',
    'list_canister_snapshots',
  ].map((name): [string, IDL.Type] => [name, CanisterIdRecord]),
]);
