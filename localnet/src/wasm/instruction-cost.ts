import { type Instruction, Opcode } from './instruction.ts';

/**
 * Static weight of an instruction in the IC's units. Bulk operations also pay one per byte (or per
 * table element) at run time. Source: dfinity/ic rs/embedders/src/wasm_utils/instrumentation.rs.
 */
export function instructionCost({ opcode, sub }: Instruction): number {
  if (opcode === Opcode.Bulk) return bulkCost(sub);
  if (opcode === Opcode.Simd) return SIMD_COST.get(sub) ?? 1;
  return PLAIN_COST[opcode] ?? 1;
}

type Row = readonly [weight: number, from: number, to?: number];

const CONTROL: readonly Row[] = [
  [0, Opcode.Block, Opcode.Loop],
  [2, Opcode.If],
  [0, Opcode.Else],
  [0, Opcode.End],
  [2, Opcode.Br, Opcode.BrTable],
  [5, Opcode.Call],
  [10, Opcode.CallIndirect],
  [3, Opcode.ReturnCall],
  [60, Opcode.ReturnCallIndirect],
  [2, 0x23, 0x24], // global.get, global.set
  [5, 0x25, 0x26], // table.get, table.set
  [20, 0x3f], // memory.size
  [300, 0x40], // memory.grow
  [5, 0xd1], // ref.is_null
  [130, 0xd2], // ref.func
];

const NUMERIC: readonly Row[] = [
  [3, 0x5b, 0x66], // float comparisons
  [10, 0x6d, 0x70], // i32 division and remainder
  [10, 0x7f, 0x82], // i64 division and remainder
  [2, 0x8d, 0x90], // f32 ceil, floor, trunc, nearest
  [5, 0x91], // f32.sqrt
  [2, 0x92, 0x94], // f32 add, sub, mul
  [3, 0x95], // f32.div
  [18, 0x96, 0x97], // f32 min, max
  [2, 0x98], // f32.copysign
  [2, 0x9b, 0x9e], // f64 ceil, floor, trunc, nearest
  [8, 0x9f], // f64.sqrt
  [2, 0xa0, 0xa2], // f64 add, sub, mul
  [5, 0xa3], // f64.div
  [18, 0xa4, 0xa5], // f64 min, max
  [3, 0xa6], // f64.copysign
  [20, 0xa8, 0xab], // i32.trunc_f*
  [20, 0xae, 0xb1], // i64.trunc_f*
  [3, 0xb2], // f32.convert_i32_s
  [16, 0xb3],
  [3, 0xb4], // f32.convert_i64_s
  [16, 0xb5],
  [3, 0xb7], // f64.convert_i32_s
  [16, 0xb8],
  [3, 0xb9], // f64.convert_i64_s
  [16, 0xba],
];

/** SIMD sub-opcodes that do not weigh 1. */
const SIMD: readonly Row[] = [
  [3, 13], // shuffle
  [2, 38], // unsigned lt/gt of i8x16, i16x8, i32x4
  [2, 40],
  [2, 48],
  [2, 50],
  [2, 58],
  [2, 60],
  [3, 98], // i8x16.popcnt
  [2, 103, 106], // f32x4 rounding
  [3, 107, 108], // i8x16 shl, shr_s
  [2, 109],
  [2, 116, 117], // f64x2 ceil, floor
  [2, 122], // f64x2.trunc
  [2, 125], // extadd_pairwise unsigned
  [3, 127],
  [2, 139, 141], // i16x8 shifts
  [2, 148], // f64x2.nearest
  [2, 157],
  [2, 159], // i16x8 extmul high
  [2, 171, 173], // i32x4 shifts
  [2, 181], // i32x4.mul
  [2, 188, 191], // i32x4 extmul
  [2, 203],
  [3, 204],
  [2, 205], // i64x2 shifts
  [4, 213], // i64x2.mul
  [2, 224, 225],
  [5, 227],
  [2, 228, 230],
  [10, 231],
  [4, 232, 233], // f32x4 arithmetic
  [2, 236, 237],
  [14, 239],
  [2, 240, 242],
  [12, 243],
  [4, 244],
  [5, 245], // f64x2 arithmetic
  [2, 248],
  [4, 249],
  [4, 251],
  [2, 252],
  [3, 253], // conversions
];

const PLAIN_COST = costTable([...CONTROL, ...NUMERIC]);
const SIMD_COST = new Map(
  SIMD.flatMap(([weight, from, to = from]) =>
    Array.from({ length: to - from + 1 }, (_, at) => [from + at, weight] as const),
  ),
);

function costTable(rows: readonly Row[]): Uint16Array {
  const cost = new Uint16Array(256).fill(1);
  for (const [weight, from, to = from] of rows) cost.fill(weight, from, to + 1);
  return cost;
}

function bulkCost(sub: number): number {
  if (sub <= 7) return 20; // trunc_sat
  if (sub === 9 || sub === 13) return 300; // data.drop, elem.drop
  if (sub === 15) return 300; // table.grow
  if (sub === 16) return 100; // table.size
  return 100;
}
