import type { CandidOutput } from './candid-output.ts';
import { CandidError, CODE } from './shape.ts';

/** Writes one value, or throws a `CandidError` if it does not fit the type. */
export type Write = (out: CandidOutput, value: unknown) => void;

const MAX_SHOWN = 60;

/** Refuses a value, and shows the beginning of it. */
export function refuse(type: string, value: unknown): never {
  const shown = JSON.stringify([value], bigintsAsText).slice(1, -1).slice(0, MAX_SHOWN);
  throw new CandidError(`not a ${type}: ${shown}`);
}

function bigintsAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** 2^8, 2^16 and 2^32 possible values, from `min` on. */
function writeSmall(type: string, bits: 8 | 16 | 32, min: number): Write {
  const max = min + 2 ** bits - 1;
  const size = bits / 8;
  return (out, value) => {
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (!isWhole(number) || number < min || number > max) return refuse(type, value);
    const at = out.reserve(size);
    if (size === 1) out.bytes[at] = number;
    else if (size === 2) out.view.setUint16(at, number, true);
    else out.view.setUint32(at, number, true);
  };
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value);
}

/** Reading back what was written tells whether it fits, with the fewest steps. */
const writeNat64: Write = (out, value) => {
  const integer = isWhole(value) ? BigInt(value) : value;
  if (typeof integer !== 'bigint') return refuse('nat64', value);
  const at = out.reserve(8);
  out.view.setBigUint64(at, integer, true);
  if (out.view.getBigUint64(at, true) !== integer) refuse('nat64', value);
};

const writeInt64: Write = (out, value) => {
  const integer = isWhole(value) ? BigInt(value) : value;
  if (typeof integer !== 'bigint') return refuse('int64', value);
  const at = out.reserve(8);
  out.view.setBigInt64(at, integer, true);
  if (out.view.getBigInt64(at, true) !== integer) refuse('int64', value);
};

/** As a number while it is one exactly: arithmetic with `bigint` costs ten times as much. */
const writeNat: Write = (out, value) => {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || number < 0 || (value === number && !isWhole(number))) {
    return refuse('nat', value);
  }
  if (number <= Number.MAX_SAFE_INTEGER) out.leb(number);
  else writeLargeNat(out, BigInt(value as bigint | number));
};

const GROUP_BITS = 49;
const GROUP_BYTES = 7;

/** Seven bytes at a time. */
function writeLargeNat(out: CandidOutput, value: bigint): void {
  let rest = value;
  while (rest > BigInt(Number.MAX_SAFE_INTEGER)) {
    let group = Number(BigInt.asUintN(GROUP_BITS, rest));
    rest >>= BigInt(GROUP_BITS);
    for (let index = 0; index < GROUP_BYTES; index += 1) {
      out.byte((group % 0x80) | 0x80);
      group = Math.floor(group / 0x80);
    }
  }
  out.leb(Number(rest));
}

const writeInt: Write = (out, value) => {
  if (typeof value !== 'bigint' && !isWhole(value)) return refuse('int', value);
  out.sleb(value);
};

function writeFloat(bits: 32 | 64): Write {
  return (out, value) => {
    if (typeof value !== 'number') return refuse(`float${bits}`, value);
    const at = out.reserve(bits / 8);
    if (bits === 32) out.view.setFloat32(at, value, true);
    else out.view.setFloat64(at, value, true);
  };
}

interface PrincipalLike {
  readonly _isPrincipal: true;
  readonly toUint8Array: () => Uint8Array;
}

function writePrincipal(out: CandidOutput, value: unknown): void {
  const principal = value as PrincipalLike | null | undefined;
  if (principal?._isPrincipal !== true) return refuse('principal', value);
  const bytes = principal.toUint8Array();
  const at = out.reserve(bytes.length + 2);
  out.bytes[at] = 1;
  out.bytes[at + 1] = bytes.length;
  out.bytes.set(bytes, at + 2);
}

const WRITERS = new Map<number, Write>([
  [CODE.null, (_out, value) => (value === null ? undefined : refuse('null', value))],
  [
    CODE.bool,
    (out, value) => {
      if (typeof value !== 'boolean') return refuse('bool', value);
      out.byte(value ? 1 : 0);
    },
  ],
  [CODE.nat, writeNat],
  [CODE.int, writeInt],
  [CODE.nat8, writeSmall('nat8', 8, 0)],
  [CODE.nat16, writeSmall('nat16', 16, 0)],
  [CODE.nat32, writeSmall('nat32', 32, 0)],
  [CODE.nat64, writeNat64],
  [CODE.int8, writeSmall('int8', 8, -(2 ** 7))],
  [CODE.int16, writeSmall('int16', 16, -(2 ** 15))],
  [CODE.int32, writeSmall('int32', 32, -(2 ** 31))],
  [CODE.int64, writeInt64],
  [CODE.float32, writeFloat(32)],
  [CODE.float64, writeFloat(64)],
  [
    CODE.text,
    (out, value) => (typeof value === 'string' ? out.text(value) : refuse('text', value)),
  ],
  [CODE.reserved, () => undefined],
  [CODE.empty, (_out, value) => refuse('empty', value)],
  [CODE.principal, writePrincipal],
]);

/** The writer of a type that has nothing inside. */
export function primitiveWriter(code: number): Write {
  return WRITERS.get(code) ?? ((_out, value) => refuse('known type', value));
}
