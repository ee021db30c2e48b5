import { Principal } from '@dfinity/principal';
import type { CandidInput } from './candid-input.ts';
import { CandidError, CODE } from './shape.ts';

/** Reads one value, or throws a `CandidError` if the bytes are none. */
export type Read = (input: CandidInput) => unknown;

export function readPrincipal(input: CandidInput): Principal {
  if (!input.flag()) throw new CandidError('a principal that nobody may see');
  const size = input.length();
  const at = input.take(size);
  return Principal.fromUint8Array(input.bytes.slice(at, at + size));
}

export function readFunc(input: CandidInput): [Principal, string] {
  if (!input.flag()) throw new CandidError('a function that nobody may see');
  return [readPrincipal(input), input.text()];
}

const READERS = new Map<number, Read>([
  [CODE.null, () => null],
  [CODE.bool, (input) => input.flag()],
  [CODE.nat, (input) => input.integer(false)],
  [CODE.int, (input) => input.integer(true)],
  [CODE.nat8, (input) => input.byte()],
  [CODE.nat16, (input) => input.view.getUint16(input.take(2), true)],
  [CODE.nat32, (input) => input.view.getUint32(input.take(4), true)],
  [CODE.nat64, (input) => input.view.getBigUint64(input.take(8), true)],
  [CODE.int8, (input) => input.view.getInt8(input.take(1))],
  [CODE.int16, (input) => input.view.getInt16(input.take(2), true)],
  [CODE.int32, (input) => input.view.getInt32(input.take(4), true)],
  [CODE.int64, (input) => input.view.getBigInt64(input.take(8), true)],
  [CODE.float32, (input) => input.view.getFloat32(input.take(4), true)],
  [CODE.float64, (input) => input.view.getFloat64(input.take(8), true)],
  [CODE.text, (input) => input.text()],
  [CODE.reserved, () => null],
  [
    CODE.empty,
    () => {
      throw new CandidError('a value of a type that has none');
    },
  ],
  [CODE.principal, readPrincipal],
]);

/** The reader of a type that has nothing inside. */
export function primitiveReader(code: number): Read | undefined {
  return READERS.get(code);
}
