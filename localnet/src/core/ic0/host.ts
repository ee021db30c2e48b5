import type { CanisterState } from '../canister-state.ts';
import type { Execution } from '../execution.ts';
import { CanisterTrap } from '../trap.ts';
import { ErrorCode } from '../types.ts';
import type { WasmHeap } from '../wasm-heap.ts';

/** What the System API needs of the subnet around the canister. */
export interface SubnetFacts {
  readonly subnetIdBytes: Uint8Array;
  readonly rootKey: Uint8Array;
  readonly stableMemoryBytesMax: number;
  readonly interCanisterBytesMax: number;
  /** Room left in this canister's output queue to that callee. */
  readonly queueHasRoom: (
    canister: CanisterState,
    callee: Uint8Array,
    alreadyMade: number,
  ) => boolean;
}

/** The doorway between one canister's Wasm and its current execution. */
export class Ic0Host {
  readonly canister: CanisterState;
  readonly subnet: SubnetFacts;
  #heap: WasmHeap | undefined;
  #execution: Execution | undefined;

  constructor(canister: CanisterState, subnet: SubnetFacts) {
    this.canister = canister;
    this.subnet = subnet;
  }

  bindHeap(heap: WasmHeap): void {
    this.#heap = heap;
  }

  begin(execution: Execution): void {
    this.#execution = execution;
  }

  end(): void {
    this.#execution = undefined;
  }

  get execution(): Execution {
    if (this.#execution === undefined) throw new Error('BUG: System API called outside execution');
    return this.#execution;
  }

  get heap(): WasmHeap {
    if (this.#heap === undefined) throw new Error('BUG: host without heap');
    return this.#heap;
  }

  /** Charges `amount` instructions; traps when the limit is passed. */
  charge(amount: number): void {
    const fuel = this.heap.fuel;
    const left = (fuel.value as bigint) - BigInt(amount);
    fuel.value = left;
    if (left < 0n) throw instructionLimitTrap();
  }

  /** The same bytes for writing. */
  writable(offset: number, length: number): Uint8Array {
    const bytes = this.slice(offset, length);
    this.heap.markDirty(offset >>> 0, length >>> 0);
    return bytes;
  }

  /** The canister's bytes at `offset`, as a view to read. Traps when out of bounds. */
  slice(offset: number, length: number): Uint8Array {
    const start = offset >>> 0;
    const count = length >>> 0;
    const view = this.heap.view();
    if (start + count > view.length) throw outOfBounds('heap');
    return view.subarray(start, start + count);
  }

  copyIn(offset: number, length: number): Uint8Array {
    return this.slice(offset, length).slice();
  }

  text(offset: number, length: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(this.slice(offset, length));
    } catch (error) {
      if (error instanceof CanisterTrap) throw error;
      throw contractViolation('text is not valid UTF-8');
    }
  }

  /** The `(dst, offset, size)` copy every `*_copy` import does. */
  copyOut(source: Uint8Array, range: { target: number; offset: number; length: number }): void {
    const offset = range.offset >>> 0;
    const length = range.length >>> 0;
    if (offset + length > source.length) throw outOfBounds('source');
    this.writable(range.target, length).set(source.subarray(offset, offset + length));
  }

  writeU128(target: number, value: bigint): void {
    const bytes = this.writable(target, 16);
    const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
    view.setBigUint64(0, value & 0xffff_ffff_ffff_ffffn, true);
    view.setBigUint64(8, value >> 64n, true);
  }
}

export function instructionLimitTrap(): CanisterTrap {
  return new CanisterTrap(
    ErrorCode.CanisterInstructionLimitExceeded,
    'Canister exceeded the limit of instructions for single message execution.',
  );
}

export function outOfBounds(what: string): CanisterTrap {
  return new CanisterTrap(ErrorCode.CanisterTrapped, `Canister trapped: ${what} out of bounds`);
}

export function contractViolation(message: string): CanisterTrap {
  return new CanisterTrap(
    ErrorCode.CanisterContractViolation,
    `Canister violated contract: ${message}`,
  );
}
