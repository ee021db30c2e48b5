import { createHash } from 'node:crypto';
import type { Principal } from '@dfinity/principal';
import type { CompiledModule } from '../wasm/compile.ts';
import type { CallContext } from './call-context.ts';
import { WASM_MEMORY_LIMIT_DEFAULT_BYTES } from './limits.ts';
import type { NativeProgram, NativeSteps } from './native.ts';
import { StableMemory } from './stable-memory.ts';
import type { CanisterRunStatus } from './types.ts';
import type { WasmRunner } from './wasm-runner.ts';

export type Visibility =
  | { readonly kind: 'controllers' }
  | { readonly kind: 'public' }
  | { readonly kind: 'allowed-viewers'; readonly viewers: readonly Principal[] };

/** Settings of the management canister, already checked. Source: ic.did `canister_settings`. */
export interface CanisterSettings {
  readonly controllers: readonly Principal[];
  readonly computeAllocationPercent: bigint;
  readonly memoryAllocationBytes: bigint;
  readonly freezingThresholdS: bigint;
  readonly reservedCyclesLimit: bigint;
  readonly wasmMemoryLimitBytes: bigint;
  readonly wasmMemoryThresholdBytes: bigint;
  readonly logMemoryLimitBytes: bigint;
  readonly minimumIncomingCallCycles: bigint;
  readonly logVisibility: Visibility;
  readonly snapshotVisibility: Visibility;
  readonly statusVisibility: Visibility;
  readonly environmentVariables: readonly { readonly name: string; readonly value: string }[];
}

export const DEFAULT_SETTINGS: CanisterSettings = {
  controllers: [],
  computeAllocationPercent: 0n,
  memoryAllocationBytes: 0n,
  freezingThresholdS: 2_592_000n,
  reservedCyclesLimit: 5_000_000_000_000n,
  wasmMemoryLimitBytes: WASM_MEMORY_LIMIT_DEFAULT_BYTES,
  wasmMemoryThresholdBytes: 0n,
  logMemoryLimitBytes: 4_096n,
  minimumIncomingCallCycles: 0n,
  logVisibility: { kind: 'controllers' },
  snapshotVisibility: { kind: 'controllers' },
  statusVisibility: { kind: 'controllers' },
  environmentVariables: [],
};

export type CanisterCode =
  | { readonly kind: 'wasm'; readonly compiled: CompiledModule; readonly runner: WasmRunner }
  | { readonly kind: 'native'; readonly program: NativeProgram };

/** A call left unanswered by its handler, which holds the rest of the work. */
export interface WaitingCall {
  readonly contextId: number;
  readonly steps: NativeSteps;
}

export interface CanisterLogRecord {
  readonly index: bigint;
  readonly timestampNs: bigint;
  readonly content: Uint8Array;
}

/** Everything the replica knows of one canister. Only the kernel and management canister write it. */
export class CanisterState {
  readonly id: Principal;
  /** Textual id: the key of every map. */
  readonly key: string;
  settings: CanisterSettings;
  cycles: bigint;
  status: CanisterRunStatus = 'running';
  code: CanisterCode | undefined;
  stable = new StableMemory();
  certifiedData: Uint8Array = new Uint8Array(0);
  globalTimerNs = 0n;
  version = 0n;
  readonly contexts = new Map<number, CallContext>();
  /** Ingress messages waiting in the queue. */
  queuedIngress = 0;
  /** Calls this canister has made and not yet had answered, by callee key. */
  readonly openCalls = new Map<string, number>();
  /** Calls of a TypeScript canister that wait to be resumed, oldest first. */
  waiting: WaitingCall[] = [];
  logs: CanisterLogRecord[] = [];
  nextLogIndex = 0n;

  constructor(options: { id: Principal; cycles: bigint; controllers: readonly Principal[] }) {
    this.id = options.id;
    this.key = options.id.toText();
    this.cycles = options.cycles;
    this.settings = { ...DEFAULT_SETTINGS, controllers: options.controllers };
  }

  isController(principal: Principal): boolean {
    const key = principal.toText();
    return this.settings.controllers.some((controller) => controller.toText() === key);
  }

  countOpenCall(calleeKey: string, delta: number): void {
    const next = (this.openCalls.get(calleeKey) ?? 0) + delta;
    if (next > 0) this.openCalls.set(calleeKey, next);
    else this.openCalls.delete(calleeKey);
  }

  /** SHA-256 of the installed module; of its name for a program in TypeScript, which has no bytes. */
  moduleHash(): Uint8Array | undefined {
    if (this.code === undefined) return undefined;
    if (this.code.kind === 'wasm') return this.code.compiled.hash;
    const { programId } = this.code.program;
    return new Uint8Array(createHash('sha256').update(programId).digest());
  }

  /** Heap, stable memory and module: what storage fees and limits are reckoned from. */
  memoryBytes(): bigint {
    const heap = this.code?.kind === 'wasm' ? this.code.runner.heap.committedBytes : 0;
    const binary = this.code?.kind === 'wasm' ? this.code.compiled.source.length : 0;
    return BigInt(heap + binary + this.stable.sizeBytes);
  }

  /** Keeps the newest records within the configured size, as `fetch_canister_logs` returns them. */
  appendLog(content: Uint8Array, timestampNs: bigint): void {
    this.logs.push({ index: this.nextLogIndex, timestampNs, content });
    this.nextLogIndex += 1n;
    let bytes = this.logs.reduce((sum, record) => sum + record.content.length, 0);
    while (this.logs.length > 1 && BigInt(bytes) > this.settings.logMemoryLimitBytes) {
      bytes -= this.logs.shift()?.content.length ?? 0;
    }
  }
}
