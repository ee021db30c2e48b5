import { bytesToHex } from '@noble/hashes/utils.js';
import { sha256 } from '../crypto/bytes.ts';
import { canisterMethod } from './method.ts';
import { invalidPayload } from './refusal.ts';
import { wireGlobals } from './snapshot-globals.ts';
import { requireSnapshot } from './snapshot-methods.ts';
import type { Snapshot } from './snapshot.ts';
import {
  ReadSnapshotDataArgs,
  ReadSnapshotDataResult,
  SnapshotIdArgs,
  SnapshotMetadata,
  type WireReadSnapshotData,
  type WireSlice,
  type WireSnapshotId,
} from './wire/snapshots.ts';

const SLICE_BYTES_MAX = 2_000_000n;

export const readSnapshotMetadata = canisterMethod<WireSnapshotId>({
  argType: SnapshotIdArgs,
  resultType: SnapshotMetadata,
  canisterId: (arg) => arg.canister_id,
  access: 'snapshots',
  run: (scene, canister, arg) => {
    const snapshot = requireSnapshot(scene, canister, arg.snapshot_id);
    const { source, globalTimerNs, stable, heap, wasm } = snapshot;
    const value = {
      source: source === 'taken' ? { taken_from_canister: null } : { metadata_upload: null },
      taken_at_timestamp: snapshot.takenAtNs,
      wasm_module_size: BigInt(wasm.length),
      globals: wireGlobals(snapshot),
      wasm_memory_size: BigInt(heap.memory.length),
      stable_memory_size: BigInt(stable.sizeBytes),
      wasm_chunk_store: [...snapshot.chunks.values()].map((chunk) => ({ hash: sha256(chunk) })),
      canister_version: snapshot.canisterVersion,
      certified_data: snapshot.certifiedData,
      global_timer: timerOf(globalTimerNs),
      on_low_wasm_memory_hook_status: [],
    };
    return { kind: 'reply', value };
  },
});

export const readSnapshotData = canisterMethod<WireReadSnapshotData>({
  argType: ReadSnapshotDataArgs,
  resultType: ReadSnapshotDataResult,
  canisterId: (arg) => arg.canister_id,
  access: 'snapshots',
  run: (scene, canister, arg) => {
    const snapshot = requireSnapshot(scene, canister, arg.snapshot_id);
    return { kind: 'reply', value: { chunk: readData(snapshot, arg.kind) } };
  },
});

function timerOf(timerNs: bigint | undefined) {
  if (timerNs === undefined) return [];
  return [timerNs === 0n ? { inactive: null } : { active: timerNs }];
}

function readData(snapshot: Snapshot, kind: WireReadSnapshotData['kind']): Uint8Array {
  if ('wasm_chunk' in kind) {
    const key = bytesToHex(new Uint8Array(kind.wasm_chunk.hash));
    const chunk = snapshot.chunks.get(key);
    if (chunk === undefined) throw invalidPayload(`The snapshot has no Wasm chunk ${key}.`);
    return chunk;
  }
  if ('wasm_module' in kind) return sliceOf(snapshot.wasm, kind.wasm_module);
  if ('wasm_memory' in kind) return sliceOf(snapshot.heap.memory, kind.wasm_memory);
  const { stable_memory: slice } = kind;
  checkSlice(slice, snapshot.stable.sizeBytes);
  const bytes = new Uint8Array(Number(slice.size));
  snapshot.stable.read(Number(slice.offset), bytes);
  return bytes;
}

function sliceOf(bytes: Uint8Array, slice: WireSlice): Uint8Array {
  checkSlice(slice, bytes.length);
  const from = Number(slice.offset);
  return bytes.slice(from, from + Number(slice.size));
}

function checkSlice({ offset, size }: WireSlice, totalBytes: number): void {
  if (size > SLICE_BYTES_MAX) {
    throw invalidPayload(
      `Requested slice too large: ${size.toString()} > ${SLICE_BYTES_MAX.toString()}`,
    );
  }
  if (offset + size > BigInt(totalBytes)) throw invalidSlice({ offset, size });
}

export function invalidSlice({ offset, size }: WireSlice) {
  return invalidPayload(
    'Invalid subslice into wasm module / main memory / stable memory: ' +
      `offset: ${offset.toString()}, size: ${size.toString()}`,
  );
}
