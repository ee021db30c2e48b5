import { clearChunkStore, storedChunks, uploadChunk } from './chunk-methods.ts';
import {
  createCanister,
  provisionalCreate,
  provisionalTopUp,
  rawRand,
  updateSettings,
} from './creation-methods.ts';
import { httpRequest } from './http-methods.ts';
import { install, installChunked, uninstall } from './install-methods.ts';
import { deleteCanister, depositCycles, startCanister, stopCanister } from './lifecycle-methods.ts';
import type { Method } from './method.ts';
import { deleteSnapshot, listSnapshots, loadSnapshot, takeSnapshot } from './snapshot-methods.ts';
import { readSnapshotData, readSnapshotMetadata } from './snapshot-download.ts';
import { uploadSnapshotData, uploadSnapshotMetadata } from './snapshot-upload.ts';
import { canisterInfo, canisterMetadata, canisterStatus, fetchLogs } from './status-methods.ts';

/** The methods of `aaaaa-aa` that localnet has, by their names in ic.did. */
export const METHODS: ReadonlyMap<string, Method> = new Map([
  ['create_canister', createCanister],
  ['provisional_create_canister_with_cycles', provisionalCreate],
  ['provisional_top_up_canister', provisionalTopUp],
  ['update_settings', updateSettings],
  ['install_code', install],
  ['install_chunked_code', installChunked],
  ['uninstall_code', uninstall],
  ['upload_chunk', uploadChunk],
  ['clear_chunk_store', clearChunkStore],
  ['stored_chunks', storedChunks],
  ['start_canister', startCanister],
  ['stop_canister', stopCanister],
  ['delete_canister', deleteCanister],
  ['deposit_cycles', depositCycles],
  ['raw_rand', rawRand],
  ['http_request', httpRequest],
  ['canister_status', canisterStatus],
  ['canister_info', canisterInfo],
  ['canister_metadata', canisterMetadata],
  ['fetch_canister_logs', fetchLogs],
  ['take_canister_snapshot', takeSnapshot],
  ['load_canister_snapshot', loadSnapshot],
  ['list_canister_snapshots', listSnapshots],
  ['delete_canister_snapshot', deleteSnapshot],
  ['read_canister_snapshot_metadata', readSnapshotMetadata],
  ['read_canister_snapshot_data', readSnapshotData],
  ['upload_canister_snapshot_metadata', uploadSnapshotMetadata],
  ['upload_canister_snapshot_data', uploadSnapshotData],
]);

/** Methods of ic.did that need a whole subnet of nodes, with the plain reason. */
export const UNAVAILABLE: ReadonlyMap<string, string> = new Map([
  ...[
    'ecdsa_public_key',
    'sign_with_ecdsa',
    'schnorr_public_key',
    'sign_with_schnorr',
    'vetkd_public_key',
    'vetkd_derive_key',
  ].map((name) => [name, 'localnet holds no threshold keys'] as const),
  ...[
    'bitcoin_get_balance',
    'bitcoin_get_utxos',
    'bitcoin_get_block_headers',
    'bitcoin_get_current_fee_percentiles',
    'bitcoin_send_transaction',
  ].map((name) => [name, 'localnet has no Bitcoin integration'] as const),
  ['flexible_http_request', 'localnet has one node; use http_request'],
  ['node_metrics_history', 'localnet has one node and keeps no metrics of it'],
  ['subnet_info', 'localnet runs no replica release'],
]);
