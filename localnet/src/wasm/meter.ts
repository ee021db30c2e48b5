import { Cursor, InvalidWasmError, sleb, uleb } from './cursor.ts';
import { instructionCost } from './instruction-cost.ts';
import { BULK_WITH_LENGTH, Opcode, readInstruction } from './instruction.ts';

/** Where the injected fuel global and length-charging function live in the rewritten module. */
export interface MeterTargets {
  readonly fuelGlobal: number;
  readonly chargeFunction: number;
}

const I64 = 0x7e;
const I32 = 0x7f;

/**
 * Rewrites one code section so that every basic block pays its instructions before it runs, with a
 * check at function entry and loop heads: the only places an endless run must pass.
 */
export function meterCodeSection(body: Uint8Array, targets: MeterTargets): Uint8Array[] {
  const cursor = new Cursor(body);
  const functionCount = cursor.u32();
  const chunks: Uint8Array[] = [Uint8Array.from(uleb(functionCount + 1))];
  const meter = new FunctionMeter(targets);
  for (let at = 0; at < functionCount; at += 1) {
    const size = cursor.u32();
    const start = cursor.at;
    cursor.skip(size);
    const parts = meter.rewrite(new Cursor(body, start, start + size));
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    chunks.push(Uint8Array.from(uleb(length)), ...parts);
  }
  if (!cursor.isAtEnd) throw new InvalidWasmError('section size mismatch');
  const charge = chargeFunctionBody(targets.fuelGlobal);
  chunks.push(Uint8Array.from(uleb(charge.length)), charge);
  return chunks;
}

/** Type of the injected function: (length: i32) → the same length. */
export const CHARGE_FUNCTION_TYPE = Uint8Array.of(0x60, 1, I32, 1, I32);

function chargeFunctionBody(fuelGlobal: number): Uint8Array {
  const global = uleb(fuelGlobal);
  return Uint8Array.of(
    0, // no locals
    ...[0x23, ...global, 0x20, 0, 0xad, 0x7d, 0x24, ...global],
    ...trapIfNegative(global),
    ...[0x20, 0, 0x0b],
  );
}

function trapIfNegative(global: readonly number[]): number[] {
  return [0x23, ...global, 0x42, 0, 0x53, Opcode.If, 0x40, Opcode.Unreachable, Opcode.End];
}

class FunctionMeter {
  readonly #targets: MeterTargets;
  readonly #global: readonly number[];
  readonly #check: readonly number[];
  readonly #chargeCall: Uint8Array;

  constructor(targets: MeterTargets) {
    this.#targets = targets;
    this.#global = uleb(targets.fuelGlobal);
    this.#check = trapIfNegative(this.#global);
    this.#chargeCall = Uint8Array.of(Opcode.Call, ...uleb(this.#targets.chargeFunction));
  }

  /** Returns the pieces of the new body, locals first. */
  rewrite(cursor: Cursor): Uint8Array[] {
    const start = cursor.at;
    skipLocals(cursor);
    const parts: Uint8Array[] = [cursor.bytes.subarray(start, cursor.at)];
    let isReentrant = true;
    while (!cursor.isAtEnd) isReentrant = this.#block(cursor, parts, isReentrant);
    return parts;
  }

  /** Copies one basic block behind its charge; tells whether the next one starts a loop body. */
  #block(cursor: Cursor, parts: Uint8Array[], isReentrant: boolean): boolean {
    let cost = 0;
    const body: Uint8Array[] = [];
    let copiedTo = cursor.at;
    let startsLoop = false;
    while (!cursor.isAtEnd) {
      const at = cursor.at;
      const instruction = readInstruction(cursor);
      cost += instructionCost(instruction);
      if (instruction.opcode === Opcode.Bulk && BULK_WITH_LENGTH.has(instruction.sub)) {
        body.push(cursor.bytes.subarray(copiedTo, at), this.#chargeCall);
        copiedTo = at;
      }
      if (endsBlock(instruction.opcode)) {
        startsLoop = instruction.opcode === Opcode.Loop;
        break;
      }
    }
    body.push(cursor.bytes.subarray(copiedTo, cursor.at));
    if (cost > 0 || isReentrant) parts.push(this.#charge(cost, isReentrant));
    parts.push(...body);
    return startsLoop;
  }

  #charge(cost: number, withCheck: boolean): Uint8Array {
    const subtract = [0x23, ...this.#global, 0x42, ...sleb(BigInt(cost)), 0x7d];
    const store = [0x24, ...this.#global];
    return Uint8Array.from([...subtract, ...store, ...(withCheck ? this.#check : [])]);
  }
}

function endsBlock(opcode: number): boolean {
  return (
    (opcode >= Opcode.Loop && opcode <= Opcode.Else) ||
    (opcode >= Opcode.End && opcode <= Opcode.Return) ||
    opcode === Opcode.Unreachable
  );
}

function skipLocals(cursor: Cursor): void {
  const groups = cursor.u32();
  for (let at = 0; at < groups; at += 1) {
    cursor.u32();
    cursor.skip(1);
  }
}

export { I64 as FUEL_TYPE };
