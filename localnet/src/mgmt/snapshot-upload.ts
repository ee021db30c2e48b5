import { bytesToHex } from '@noble/hashes/utils.js';
import { WASM32_MEMORY_BYTES_MAX, WASM_PAGE_BYTES } from '../core/limits.ts';
import { StableMemory } from '../core/stable-memory.ts';
import { ErrorCode } from '../core/types.ts';
import { sha256 } from '../crypto/bytes.ts';
import { canisterMethod, DONE, type MethodScene } from './method.ts';
import { invalidPayload, Refusal } from './refusal.ts';
import { invalidSlice } from './snapshot-download.ts';
import { globalOf } from './snapshot-globals.ts';
import { addSnapshot, requireSnapshot } from './snapshot-methods.ts';
import type { Snapshot } from './snapshot.ts';
import {
  UploadSnapshotDataArgs,
  UploadSnapshotMetadataArgs,
  UploadSnapshotMetadataResult,
  type WireUploadSnapshotData,
  type WireUploadSnapshotMetadata,
} from './wire/snapshots.ts';

const CERTIFIED_DATA_BYTES_MAX = 32;

/** Opens a snapshot of the given sizes, all zero until its data is uploaded. */
export const uploadSnapshotMetadata = canisterMethod<WireUploadSnapshotMetadata>({
  argType: UploadSnapshotMetadataArgs,
  resultType: UploadSnapshotMetadataResult,
  canisterId: (arg) => arg.canister_id,
  access: 'controllers',
  run: (scene, canister, arg) => {
    checkSizes(scene, arg);
    const globals = arg.globals.flatMap((global) => globalOf(global) ?? []);
    if (globals.length < arg.globals.length) {
      throw invalidPayload('Globals of type v128 are not supported by localnet.');
    }
    const [timer] = arg.global_timer;
    const { id } = addSnapshot(scene, canister, arg.replace_snapshot, (fresh) => ({
      id: fresh,
      source: 'uploaded',
      takenAtNs: scene.kernel.timeNs,
      canisterVersion: canister.version,
      wasm: new Uint8Array(Number(arg.wasm_module_size)),
      heap: {
        memory: new Uint8Array(Number(arg.wasm_memory_size)),
        globals: globals.map(({ value }) => value),
      },
      globalTypes: globals.map(({ type }) => type),
      stable: new StableMemory(new Map(), Number(arg.stable_memory_size) / WASM_PAGE_BYTES),
      certifiedData: arg.certified_data.slice(),
      globalTimerNs: timer && ('active' in timer ? timer.active : 0n),
      chunks: new Map(),
    }));
    return { kind: 'reply', value: { snapshot_id: id } };
  },
});

function checkSizes({ kernel }: MethodScene, arg: WireUploadSnapshotMetadata): void {
  const bound = (what: string, bytes: bigint, max: number, unit: number) => {
    if (bytes > BigInt(max) || bytes % BigInt(unit) !== 0n) {
      throw invalidPayload(
        `The ${what} of a snapshot cannot have ${bytes.toString()} bytes: the limit is ` +
          `${max.toString()}, in steps of ${unit.toString()}.`,
      );
    }
  };
  bound('module', arg.wasm_module_size, kernel.limits.wasmModuleBytes, 1);
  bound('Wasm memory', arg.wasm_memory_size, WASM32_MEMORY_BYTES_MAX, WASM_PAGE_BYTES);
  bound('stable memory', arg.stable_memory_size, kernel.limits.stableMemoryBytes, WASM_PAGE_BYTES);
  bound('certified data', BigInt(arg.certified_data.length), CERTIFIED_DATA_BYTES_MAX, 1);
}

export const uploadSnapshotData = canisterMethod<WireUploadSnapshotData>({
  argType: UploadSnapshotDataArgs,
  canisterId: (arg) => arg.canister_id,
  access: 'controllers',
  run: (scene, canister, arg) => {
    const snapshot = requireSnapshot(scene, canister, arg.snapshot_id);
    if (snapshot.source !== 'uploaded') {
      throw new Refusal(
        ErrorCode.CanisterSnapshotImmutable,
        'Only canister snapshots created by metadata upload can be mutated.',
      );
    }
    writeData(snapshot, arg);
    return DONE;
  },
});

function writeData(snapshot: Snapshot, { kind, chunk }: WireUploadSnapshotData): void {
  const bytes = new Uint8Array(chunk);
  const checked = (offset: bigint, totalBytes: number): number => {
    const size = BigInt(bytes.length);
    if (offset + size > BigInt(totalBytes)) throw invalidSlice({ offset, size });
    return Number(offset);
  };
  if ('wasm_chunk' in kind) {
    snapshot.chunks.set(bytesToHex(sha256(bytes)), bytes);
  } else if ('wasm_module' in kind) {
    snapshot.wasm.set(bytes, checked(kind.wasm_module.offset, snapshot.wasm.length));
  } else if ('wasm_memory' in kind) {
    const { memory } = snapshot.heap;
    memory.set(bytes, checked(kind.wasm_memory.offset, memory.length));
  } else {
    const { stable } = snapshot;
    stable.write(checked(kind.stable_memory.offset, stable.sizeBytes), bytes);
    stable.commit();
  }
}
