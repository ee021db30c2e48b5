import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import type { CanisterCode, CanisterState } from '../core/canister-state.ts';
import { ErrorCode } from '../core/types.ts';
import type { Kernel } from '../core/kernel.ts';
import type { StableMemory } from '../core/stable-memory.ts';
import type { HeapImage } from '../core/wasm-heap.ts';
import { WasmRunner } from '../core/wasm-runner.ts';
import { compileModule } from '../wasm/compile.ts';
import { InvalidWasmError } from '../wasm/cursor.ts';
import { invalidPayload, Refusal } from './refusal.ts';

/** A canister's whole state at one moment. Only an uploaded one changes, while it is uploaded. */
export interface Snapshot {
  readonly id: Uint8Array;
  /** `uploaded`: it came in through upload_canister_snapshot_metadata. */
  readonly source: 'taken' | 'uploaded';
  readonly takenAtNs: bigint;
  readonly canisterVersion: bigint;
  /** The module as installed. */
  readonly wasm: Uint8Array;
  readonly heap: HeapImage;
  /** Value types of the heap's globals, as WebAssembly encodes them. */
  readonly globalTypes: readonly number[];
  readonly stable: StableMemory;
  readonly certifiedData: Uint8Array;
  /** Zero if it was not set; undefined if an upload left it out. */
  readonly globalTimerNs: bigint | undefined;
  readonly chunks: Map<string, Uint8Array>;
}

type WasmCode = Extract<CanisterCode, { kind: 'wasm' }>;

/** Copies the state of a canister that runs `code`. */
export function captureSnapshot(
  canister: CanisterState,
  code: WasmCode,
  facts: { id: Uint8Array; takenAtNs: bigint; chunks: ReadonlyMap<string, Uint8Array> },
): Snapshot {
  return {
    id: facts.id,
    source: 'taken',
    takenAtNs: facts.takenAtNs,
    canisterVersion: canister.version,
    wasm: code.compiled.source,
    heap: code.runner.heap.image(),
    globalTypes: code.compiled.mutableGlobalTypes,
    stable: canister.stable.fork(),
    certifiedData: canister.certifiedData.slice(),
    globalTimerNs: canister.globalTimerNs,
    chunks: new Map(facts.chunks),
  };
}

/**
 * Puts a snapshot's code and memories in place of the canister's. The global timer stays as it is,
 * unless an upload set it. Throws `Refusal`, having changed nothing, if an uploaded snapshot is not
 * consistent (IC0408) or holds no valid module (IC0505).
 */
export function restoreSnapshot(kernel: Kernel, canister: CanisterState, from: Snapshot): void {
  const { compiled, runner } = revive(kernel, canister, from);
  canister.code = { kind: 'wasm', compiled, runner };
  canister.stable = from.stable.fork();
  canister.certifiedData = from.certifiedData.slice();
  if (from.source === 'uploaded' && from.globalTimerNs !== undefined) {
    canister.globalTimerNs = from.globalTimerNs;
  }
  canister.version += 1n;
}

function revive(
  kernel: Kernel,
  canister: CanisterState,
  from: Snapshot,
): Pick<WasmCode, 'compiled' | 'runner'> {
  try {
    const compiled = compileModule(from.wasm);
    if (compiled.mutableGlobalTypes.join() !== from.globalTypes.join()) {
      throw invalidPayload('The globals of the snapshot do not match its module.');
    }
    const runner = new WasmRunner(canister, compiled, kernel.subnet);
    if (from.heap.memory.length < runner.heap.memoryBytes) {
      throw invalidPayload('The Wasm memory of the snapshot is smaller than its module demands.');
    }
    runner.heap.load(from.heap);
    return { compiled, runner };
  } catch (error) {
    throw asRefusal(error);
  }
}

/** What can be wrong with an uploaded snapshot only shows when V8 is asked to run it. */
function asRefusal(error: unknown): unknown {
  if (
    error instanceof InvalidWasmError ||
    error instanceof WebAssembly.LinkError ||
    error instanceof WebAssembly.RuntimeError
  ) {
    return new Refusal(
      ErrorCode.CanisterInvalidWasm,
      `Canister's Wasm module is not valid: ${error.message}`,
    );
  }
  if (error instanceof RangeError || error instanceof TypeError) {
    return invalidPayload(`The snapshot does not fit its module: ${error.message}`);
  }
  return error;
}

/** What the snapshot counts for in sizes shown to users. */
export function snapshotBytes(snapshot: Snapshot): bigint {
  const chunks = [...snapshot.chunks.values()].reduce((sum, chunk) => sum + chunk.length, 0);
  const { wasm, heap, stable, certifiedData } = snapshot;
  return BigInt(
    wasm.length + heap.memory.length + stable.sizeBytes + certifiedData.length + chunks,
  );
}

/** Distinct for every snapshot of every canister: a running number and the canister's id. */
export function snapshotId(canister: CanisterState, number: bigint): Uint8Array {
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, number);
  return concatBytes(prefix, canister.id.toUint8Array());
}

/** Under which a snapshot is kept. */
export function keyOfSnapshot(id: Uint8Array): string {
  return bytesToHex(new Uint8Array(id));
}
