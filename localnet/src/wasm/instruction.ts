import { type Cursor, InvalidWasmError } from './cursor.ts';

/** One decoded instruction: enough to weigh it and to find where a basic block ends. */
export interface Instruction {
  readonly opcode: number;
  /** Sub-opcode of the 0xfc and 0xfd families, otherwise 0. */
  readonly sub: number;
  /** Static offset of a memory access, otherwise 0. */
  readonly memoryOffset: number;
}

export const Opcode = {
  Unreachable: 0x00,
  Nop: 0x01,
  Block: 0x02,
  Loop: 0x03,
  If: 0x04,
  Else: 0x05,
  End: 0x0b,
  Br: 0x0c,
  BrIf: 0x0d,
  BrTable: 0x0e,
  Return: 0x0f,
  Call: 0x10,
  CallIndirect: 0x11,
  ReturnCall: 0x12,
  ReturnCallIndirect: 0x13,
  Bulk: 0xfc,
  Simd: 0xfd,
} as const;

/** Sub-opcodes of 0xfc whose cost grows with their length operand. */
export const BULK_WITH_LENGTH: ReadonlySet<number> = new Set([8, 10, 11, 12, 14, 17]);

/**
 * Reads the instruction at the cursor and moves past its immediates.
 * Source: WebAssembly core spec §5.4 (2.0 plus tail calls).
 */
export function readInstruction(cursor: Cursor): Instruction {
  const opcode = cursor.byte();
  if (opcode === Opcode.Bulk) return { opcode, sub: readBulk(cursor), memoryOffset: 0 };
  if (opcode === Opcode.Simd) return readSimd(cursor);
  if (opcode >= 0x28 && opcode <= 0x3e) {
    return { opcode, sub: 0, memoryOffset: readMemoryOffset(cursor) };
  }
  skipImmediates(cursor, opcode);
  return { opcode, sub: 0, memoryOffset: 0 };
}

function skipImmediates(cursor: Cursor, opcode: number): void {
  if ((opcode >= 0x45 && opcode <= 0xc4) || opcode === 0xd1) return;
  if (opcode >= 0x20 && opcode <= 0x26) return cursor.skipLeb();
  switch (opcode) {
    case Opcode.Unreachable:
    case Opcode.Nop:
    case Opcode.Else:
    case Opcode.End:
    case Opcode.Return:
    case 0x1a:
    case 0x1b:
      return;
    case Opcode.Block:
    case Opcode.Loop:
    case Opcode.If:
    case Opcode.Br:
    case Opcode.BrIf:
    case Opcode.Call:
    case Opcode.ReturnCall:
    case 0x3f:
    case 0x40:
    case 0x41:
    case 0x42:
    case 0xd0:
    case 0xd2:
      return cursor.skipLeb();
    case Opcode.CallIndirect:
    case Opcode.ReturnCallIndirect:
      cursor.skipLeb();
      return cursor.skipLeb();
    case Opcode.BrTable:
      return skipBrTable(cursor);
    case 0x1c:
      return cursor.skip(cursor.u32());
    case 0x43:
      return cursor.skip(4);
    case 0x44:
      return cursor.skip(8);
    default:
      throw new InvalidWasmError(`illegal opcode 0x${opcode.toString(16)}`);
  }
}

function skipBrTable(cursor: Cursor): void {
  const targets = cursor.u32();
  for (let at = 0; at <= targets; at += 1) cursor.skipLeb();
}

function readMemoryOffset(cursor: Cursor): number {
  const alignment = cursor.u32();
  if ((alignment & 0x40) !== 0) cursor.skipLeb();
  return cursor.u32();
}

function readBulk(cursor: Cursor): number {
  const sub = cursor.u32();
  if (sub <= 7) return sub;
  if (sub > 17) throw new InvalidWasmError(`illegal opcode 0xfc ${sub.toString()}`);
  cursor.skipLeb();
  if (sub === 8 || sub === 10 || sub === 12 || sub === 14) cursor.skipLeb();
  return sub;
}

function readSimd(cursor: Cursor): Instruction {
  const sub = cursor.u32();
  if (sub > 255) throw new InvalidWasmError('relaxed SIMD is not supported');
  let memoryOffset = 0;
  if (sub === 12 || sub === 13) cursor.skip(16);
  else if (sub <= 11 || sub === 92 || sub === 93) memoryOffset = readMemoryOffset(cursor);
  else if (sub >= 84 && sub <= 91) {
    memoryOffset = readMemoryOffset(cursor);
    cursor.skip(1);
  } else if (sub >= 21 && sub <= 34) cursor.skip(1);
  return { opcode: Opcode.Simd, sub, memoryOffset };
}
