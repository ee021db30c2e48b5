import { IDL } from '@dfinity/candid';
import type { CanisterState } from '../core/canister-state.ts';
import type { CanisterRecord } from './management-state.ts';
import { snapshotBytes } from './snapshot.ts';
import { Change } from './wire/status.ts';

/** Every chunk takes a whole slot of the store, as on the IC. */
const CHUNK_SLOT_BYTES = 1024n * 1024n;
/** The IC counts eight bytes for each mutable or exported global. */
const GLOBAL_BYTES = 8n;

/** `memory_metrics` of canister_status; its sum is `memory_size`. */
export function memoryMetrics(canister: CanisterState, record: Readonly<CanisterRecord>) {
  const { code, stable, logs } = canister;
  const wasm = code?.kind === 'wasm' ? code : undefined;
  return {
    wasm_memory_size: BigInt(wasm?.runner.heap.committedBytes ?? 0),
    stable_memory_size: BigInt(stable.sizeBytes),
    global_memory_size: BigInt(wasm?.compiled.mutableGlobalCount ?? 0) * GLOBAL_BYTES,
    wasm_binary_size: BigInt(wasm?.compiled.source.length ?? 0),
    custom_sections_size: BigInt(wasm?.compiled.customSectionBytes ?? 0),
    canister_history_size: historyBytes(record),
    wasm_chunk_store_size: BigInt(record.chunks.size) * CHUNK_SLOT_BYTES,
    snapshots_size: [...record.snapshots.values()].reduce(
      (sum, snapshot) => sum + snapshotBytes(snapshot),
      0n,
    ),
    log_memory_store_size: logs.reduce((sum, { content }) => sum + BigInt(content.length), 0n),
  };
}

function historyBytes({ changes }: Readonly<CanisterRecord>): bigint {
  return changes.length === 0 ? 0n : BigInt(IDL.encode([IDL.Vec(Change)], [changes]).byteLength);
}
