import { ByteWriter } from './byte-writer.ts';
import { Cursor, InvalidWasmError, sleb, uleb } from './cursor.ts';
import { dirtyMarks, markPage, SCRATCH_TYPES } from './dirty-pages.ts';
import { instructionCost } from './instruction-cost.ts';
import { BULK_WITH_LENGTH, type Instruction, Opcode, readInstruction } from './instruction.ts';

/** Where the injected globals and the length-charging function live in the rewritten module. */
export interface MeterTargets {
  readonly fuelGlobal: number;
  readonly dirtyGlobal: number;
  readonly chargeFunction: number;
  /** Parameters of every function that has a body, in order: its locals are numbered after them. */
  readonly parameterCounts: readonly number[];
}

const I64 = 0x7e;
const I32 = 0x7f;

/**
 * Rewrites one code section so that every basic block pays its instructions before it runs, with a
 * check at function entry and loop heads: the only places an endless run must pass. Every write
 * to memory also marks its page (dirty-pages.ts).
 */
export function meterCodeSection(body: Uint8Array, targets: MeterTargets): Uint8Array {
  const cursor = new Cursor(body);
  const functionCount = cursor.u32();
  const out = new ByteWriter(body.length * 2);
  out.append(uleb(functionCount + 1));
  const meter = new FunctionMeter(targets);
  for (let at = 0; at < functionCount; at += 1) {
    const size = cursor.u32();
    const start = cursor.at;
    cursor.skip(size);
    const parameterCount = targets.parameterCounts[at];
    if (parameterCount === undefined) throw new InvalidWasmError('function and code disagree');
    const rewritten = meter.rewrite(new Cursor(body, start, start + size), parameterCount);
    out.append(uleb(rewritten.length));
    out.append(rewritten);
  }
  if (!cursor.isAtEnd) throw new InvalidWasmError('section size mismatch');
  const charge = chargeFunctionBody(targets.fuelGlobal);
  out.append(uleb(charge.length));
  out.append(charge);
  return out.view();
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
  readonly #global: readonly number[];
  readonly #check: readonly number[];
  readonly #chargeCall: Uint8Array;
  readonly #dirtyGlobal: number;
  #firstScratch = 0;
  readonly #out = new ByteWriter(1 << 16);
  /** The block being read: its charge goes before it, so it waits here. */
  readonly #block = new ByteWriter();

  constructor(targets: MeterTargets) {
    this.#dirtyGlobal = targets.dirtyGlobal;
    this.#global = uleb(targets.fuelGlobal);
    this.#check = trapIfNegative(this.#global);
    this.#chargeCall = Uint8Array.of(Opcode.Call, ...uleb(targets.chargeFunction));
  }

  /** The new body, locals first; valid until the next call. */
  rewrite(cursor: Cursor, parameterCount: number): Uint8Array {
    this.#out.clear();
    const groupCount = cursor.u32();
    const start = cursor.at;
    this.#firstScratch = parameterCount + skipLocals(cursor, groupCount);
    this.#out.append(uleb(groupCount + SCRATCH_TYPES.length));
    this.#out.append(cursor.bytes.subarray(start, cursor.at));
    for (const type of SCRATCH_TYPES) this.#out.append([1, type]);
    let isReentrant = true;
    while (!cursor.isAtEnd) isReentrant = this.#copyBlock(cursor, isReentrant);
    return this.#out.view();
  }

  /** Copies one basic block behind its charge; tells whether the next one starts a loop body. */
  #copyBlock(cursor: Cursor, isReentrant: boolean): boolean {
    let cost = 0;
    let copiedTo = cursor.at;
    let startsLoop = false;
    this.#block.clear();
    while (!cursor.isAtEnd) {
      const at = cursor.at;
      const instruction = readInstruction(cursor);
      cost += instructionCost(instruction);
      copiedTo = this.#surround(cursor, instruction, { at, copiedTo });
      if (endsBlock(instruction.opcode)) {
        startsLoop = instruction.opcode === Opcode.Loop;
        break;
      }
    }
    this.#block.append(cursor.bytes.subarray(copiedTo, cursor.at));
    if (cost > 0 || isReentrant) this.#charge(cost, isReentrant);
    this.#out.append(this.#block.view());
    return startsLoop;
  }

  /** Puts length charges and dirty marks around an instruction; returns how far it has copied. */
  #surround(
    cursor: Cursor,
    instruction: Instruction,
    { at, copiedTo }: { readonly at: number; readonly copiedTo: number },
  ): number {
    const isCharged = instruction.opcode === Opcode.Bulk && BULK_WITH_LENGTH.has(instruction.sub);
    const targets = { firstScratch: this.#firstScratch, dirtyGlobal: this.#dirtyGlobal };
    const marks = dirtyMarks(instruction, targets);
    if (!isCharged && marks === undefined) return copiedTo;
    this.#block.append(cursor.bytes.subarray(copiedTo, at));
    if (isCharged) this.#block.append(this.#chargeCall);
    if (marks === undefined) return at;
    this.#block.append(marks.before);
    this.#block.append(cursor.bytes.subarray(at, cursor.at));
    this.#block.append(marks.after);
    this.#block.append(markPage(targets, instruction.memoryOffset));
    return cursor.at;
  }

  #charge(cost: number, withCheck: boolean): void {
    const subtract = [0x23, ...this.#global, 0x42, ...sleb(BigInt(cost)), 0x7d];
    this.#out.append([...subtract, 0x24, ...this.#global]);
    if (withCheck) this.#out.append(this.#check);
  }
}

function endsBlock(opcode: number): boolean {
  return (
    (opcode >= Opcode.Loop && opcode <= Opcode.Else) ||
    (opcode >= Opcode.End && opcode <= Opcode.Return) ||
    opcode === Opcode.Unreachable
  );
}

/** Moves past the groups; returns how many locals they declare. */
function skipLocals(cursor: Cursor, groupCount: number): number {
  let count = 0;
  for (let at = 0; at < groupCount; at += 1) {
    count += cursor.u32();
    cursor.skip(1);
  }
  return count;
}

/** Type of both injected globals: instructions left, and the pages written. */
export { I64 as COUNTER_TYPE };
