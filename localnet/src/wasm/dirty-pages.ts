import { uleb } from './cursor.ts';
import { type Instruction, Opcode } from './instruction.ts';

/**
 * Which 64 KiB pages a module may have written: bit `page mod 64` of one i64 global. A store is
 * marked where it starts, so it may also have changed the first bytes of the page after that.
 */
export const DIRTY_BITS = 64;
/** The widest store, v128. */
export const STORE_BYTES_MAX = 16;

const I32 = 0x7f;
const I64 = 0x7e;
const F32 = 0x7d;
const F64 = 0x7c;
const V128 = 0x7b;

/** Types of the scratch locals that rewritten functions get, in this order. */
export const SCRATCH_TYPES = [I32, I32, I32, I64, F32, F64, V128] as const;

/** Where the scratch locals and the dirty global are. */
export interface DirtyTargets {
  readonly firstScratch: number;
  readonly dirtyGlobal: number;
}

const PAGE_BITS = 16;
const PAGE_BYTES_LEB = [0x80, 0x80, 0x04];

const STORE_VALUE: ReadonlyMap<number, number> = new Map([
  [0x36, I32],
  [0x37, I64],
  [0x38, F32],
  [0x39, F64],
  [0x3a, I32],
  [0x3b, I32],
  [0x3c, I64],
  [0x3d, I64],
  [0x3e, I64],
]);

const MEMORY_INIT = 8;
const MEMORY_COPY = 10;
const MEMORY_FILL = 11;

/** Code to put around a writing instruction; undefined if it writes no memory. */
export function dirtyMarks(
  instruction: Instruction,
  targets: DirtyTargets,
): { readonly before: number[]; readonly after: number[] } | undefined {
  const type = storedType(instruction);
  if (type !== undefined) return storeMarks(type, targets);
  if (instruction.opcode !== Opcode.Bulk) return undefined;
  const { sub } = instruction;
  if (sub !== MEMORY_INIT && sub !== MEMORY_COPY && sub !== MEMORY_FILL) return undefined;
  return bulkMarks(targets);
}

function storedType({ opcode, sub }: Instruction): number | undefined {
  if (opcode !== Opcode.Simd) return STORE_VALUE.get(opcode);
  return sub === 11 || (sub >= 88 && sub <= 91) ? V128 : undefined;
}

/** Keeps the address while the store runs, then marks its page. The offset is added by `offset`. */
function storeMarks(
  type: number,
  targets: DirtyTargets,
): { readonly before: number[]; readonly after: number[] } {
  const address = local(targets, 0);
  // An i32 value needs a second i32 local; the others have one of their own type.
  const value = local(targets, type === I32 ? 1 : SCRATCH_TYPES.indexOf(type as typeof I64));
  return {
    before: [0x21, ...value, 0x22, ...address, 0x20, ...value],
    after: [0x20, ...address],
  };
}

/** `(destination, source or value, length)`: marks both ends, or everything if over a page long. */
function bulkMarks(targets: DirtyTargets): { readonly before: number[]; readonly after: number[] } {
  const [destination, middle, length] = [0, 1, 2].map((at) => local(targets, at));
  if (destination === undefined || middle === undefined || length === undefined) {
    throw new Error('BUG: scratch locals are missing');
  }
  const global = uleb(targets.dirtyGlobal);
  const spanCheck = [0x20, ...length, 0x41, ...PAGE_BYTES_LEB, 0x4b];
  const markAll = [Opcode.If, 0x40, 0x42, 0x7f, 0x24, ...global, Opcode.End];
  return {
    before: [
      0x21,
      ...length,
      0x21,
      ...middle,
      0x22,
      ...destination,
      0x20,
      ...middle,
      0x20,
      ...length,
    ],
    after: [
      ...[...spanCheck, ...markAll, 0x20, ...destination],
      ...[0x20, ...destination, 0x20, ...length, 0x6a, ...markPage(targets, 0)],
    ],
  };
}

/** Takes an i32 address from the stack and sets its page's bit. */
export function markPage(targets: DirtyTargets, offset: number): number[] {
  const global = uleb(targets.dirtyGlobal);
  const address = local(targets, 0);
  const addOffset = offset === 0 ? [] : [0x41, ...signedLeb32(offset), 0x6a];
  return [
    ...[...addOffset, 0x41, PAGE_BITS, 0x76, 0x21, ...address],
    ...[0x23, ...global, 0x42, 1, 0x20, ...address, 0xad, 0x86, 0x84, 0x24, ...global],
  ];
}

function local(targets: DirtyTargets, at: number): number[] {
  return uleb(targets.firstScratch + at);
}

function signedLeb32(value: number): number[] {
  const out: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    out.push(isLast ? low : low | 0x80);
    if (isLast) return out;
  }
}
