import type { CompiledModule } from '../wasm/compile.ts';
import { HiddenExport } from '../wasm/rewrite.ts';
import type { Closure } from './call-context.ts';
import type { CanisterState } from './canister-state.ts';
import { Execution, type ExecutionInput } from './execution.ts';
import { abandonDraft } from './ic0/calls-api.ts';
import { Ic0Host, instructionLimitTrap, type SubnetFacts } from './ic0/host.ts';
import { ic0Imports } from './ic0/imports.ts';
import { CanisterTrap } from './trap.ts';
import { ErrorCode } from './types.ts';
import { WasmHeap } from './wasm-heap.ts';

export interface ExecutionResult {
  readonly execution: Execution;
  readonly instructions: bigint;
  /** Set if it trapped; then nothing it did remains. */
  readonly trap: CanisterTrap | undefined;
}

/** What part of the module to run. */
export type EntryPoint =
  | { readonly kind: 'export'; readonly name: string }
  | { readonly kind: 'closure'; readonly closure: Closure }
  /** The module's (start) function, which the IC runs only at install and upgrade. */
  | { readonly kind: 'start' };

/** `keep` commits; `discard` undoes everything even on success (queries, inspect_message). */
export type Retention = 'keep' | 'discard';

/** One canister's instance: runs entry points with all-or-nothing effect (I1, I2, I7). */
export class WasmRunner {
  readonly heap: WasmHeap;
  readonly #host: Ic0Host;
  readonly #canister: CanisterState;

  constructor(canister: CanisterState, compiled: CompiledModule, subnet: SubnetFacts) {
    this.#canister = canister;
    this.#host = new Ic0Host(canister, subnet);
    this.heap = new WasmHeap(compiled, ic0Imports(this.#host, compiled.importNames));
    this.#host.bindHeap(this.heap);
  }

  run(input: ExecutionInput, entry: EntryPoint, retention: Retention): ExecutionResult {
    const undo = this.#checkpoint(input);
    const execution = new Execution(input);
    const trap = this.#execute(execution, entry);
    const fuelLeft = this.heap.fuel.value as bigint;
    const instructions = input.instructionLimit - (fuelLeft < 0n ? 0n : fuelLeft);
    if (trap !== undefined || retention === 'discard') undo();
    else this.commit();
    return { execution, instructions, trap };
  }

  commit(): void {
    this.heap.commit();
    this.#canister.stable.commit();
  }

  rollback(): void {
    this.heap.rollback();
    this.#canister.stable.rollback();
  }

  #execute(execution: Execution, entry: EntryPoint): CanisterTrap | undefined {
    this.heap.fuel.value = execution.input.instructionLimit;
    this.#host.begin(execution);
    try {
      this.#enter(entry);
      abandonDraft(this.#host);
      return this.#checkMemoryLimit(execution);
    } catch (error) {
      if ((this.heap.fuel.value as bigint) < 0n) return instructionLimitTrap();
      return toTrap(error);
    } finally {
      this.#host.end();
    }
  }

  #enter(entry: EntryPoint): void {
    switch (entry.kind) {
      case 'export':
        return this.#callExport(entry.name);
      case 'start':
        return this.#callExport(HiddenExport.Start);
      case 'closure': {
        const target = this.heap.tableFunction(entry.closure.functionIndex);
        if (typeof target !== 'function') throw badCallback();
        (target as (environment: number) => void)(entry.closure.environment);
      }
    }
  }

  #callExport(name: string): void {
    const target = this.heap.exports[name];
    if (typeof target === 'function') (target as () => void)();
  }

  #checkMemoryLimit(execution: Execution): CanisterTrap | undefined {
    const limit = this.#canister.settings.wasmMemoryLimitBytes;
    const bounded = execution.input.kind === 'update' || execution.input.kind === 'init';
    if (!bounded || limit === 0n || BigInt(this.heap.memoryBytes) <= limit) return undefined;
    if (this.heap.memoryBytes <= this.heap.committedBytes && execution.input.kind !== 'update') {
      return undefined;
    }
    return new CanisterTrap(
      ErrorCode.CanisterWasmMemoryLimitExceeded,
      `Canister exceeded its current Wasm memory limit of ${limit.toString()} bytes. The peak Wasm ` +
        `memory usage was ${this.heap.memoryBytes.toString()} bytes.`,
    );
  }

  /** Remembers everything outside heap and stable memory that an execution can change. */
  #checkpoint(input: ExecutionInput): () => void {
    const { cycles, certifiedData, globalTimerNs } = this.#canister;
    const { context } = input;
    const cyclesAvailable = context?.cyclesAvailable ?? 0n;
    return () => {
      Object.assign(this.#canister, { cycles, certifiedData, globalTimerNs });
      if (context !== undefined) context.cyclesAvailable = cyclesAvailable;
      this.rollback();
    };
  }
}

function badCallback(): CanisterTrap {
  return new CanisterTrap(ErrorCode.CanisterTrapped, 'Canister trapped: bad function in table');
}

function toTrap(error: unknown): CanisterTrap {
  if (error instanceof CanisterTrap) return error;
  if (error instanceof RangeError) {
    return new CanisterTrap(ErrorCode.CanisterTrapped, 'Canister trapped: stack overflow');
  }
  if (error instanceof WebAssembly.RuntimeError) {
    return new CanisterTrap(ErrorCode.CanisterTrapped, `Canister trapped: ${error.message}`);
  }
  // Anything else is a fault of localnet itself and must not pass for a canister's.
  throw error;
}
