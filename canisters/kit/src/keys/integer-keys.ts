import { invariant } from '@decent-cloud/domain/assert.ts';
import type { Id } from '@decent-cloud/domain/ids.ts';
import type { KeyPart } from './key-codec.ts';

const WORD = 2 ** 32;
const SIGN_BIT = 1n << 63n;

function checkRange(value: number, max: number): void {
  invariant(Number.isInteger(value) && value >= 0 && value <= max, `${value} is no such key`);
}

/** 0 to 255, one byte. */
export const uint8: KeyPart<number> = {
  write(writer, value) {
    checkRange(value, 0xff);
    const at = writer.reserve(1);
    writer.bytes[at] = value;
  },
  read: (reader) => reader.view.getUint8(reader.skip(1)),
};

/** 0 to 65 535, two bytes. */
export const uint16: KeyPart<number> = {
  write(writer, value) {
    checkRange(value, 0xffff);
    const at = writer.reserve(2);
    writer.view.setUint16(at, value);
  },
  read: (reader) => reader.view.getUint16(reader.skip(2)),
};

/** 0 to 2^32-1, four bytes. */
export const uint32: KeyPart<number> = {
  write(writer, value) {
    checkRange(value, WORD - 1);
    const at = writer.reserve(4);
    writer.view.setUint32(at, value);
  },
  read: (reader) => reader.view.getUint32(reader.skip(4)),
};

/** 0 to 2^53-1 in eight bytes, the same bytes as `uint64`; for ids, which are numbers. */
export const safeUint: KeyPart<number> = {
  write(writer, value) {
    checkRange(value, Number.MAX_SAFE_INTEGER);
    const at = writer.reserve(8);
    writer.view.setUint32(at, Math.floor(value / WORD));
    writer.view.setUint32(at + 4, value >>> 0);
  },
  read(reader) {
    const at = reader.skip(8);
    const value = reader.view.getUint32(at) * WORD + reader.view.getUint32(at + 4);
    checkRange(value, Number.MAX_SAFE_INTEGER);
    return value;
  },
};

/** `safeUint` for one kind of id. */
export function idKey<T extends Id<string>>(): KeyPart<T> {
  return { write: safeUint.write, read: (reader) => safeUint.read(reader) as T };
}

/** 0 to 2^64-1, eight bytes. */
export const uint64: KeyPart<bigint> = {
  write(writer, value) {
    invariant(BigInt.asUintN(64, value) === value, `${value.toString()} is no such key`);
    const at = writer.reserve(8);
    writer.view.setBigUint64(at, value);
  },
  read: (reader) => reader.view.getBigUint64(reader.skip(8)),
};

/** -2^31 to 2^31-1, four bytes with the sign bit flipped so that negative ones come first. */
export const int32: KeyPart<number> = {
  write(writer, value) {
    invariant((value | 0) === value, `${value} is no such key`);
    const at = writer.reserve(4);
    writer.view.setInt32(at, value ^ -(2 ** 31));
  },
  read: (reader) => reader.view.getInt32(reader.skip(4)) ^ -(2 ** 31),
};

/** -2^63 to 2^63-1, eight bytes with the sign bit flipped so that negative ones come first. */
export const int64: KeyPart<bigint> = {
  write(writer, value) {
    invariant(BigInt.asIntN(64, value) === value, `${value.toString()} is no such key`);
    const at = writer.reserve(8);
    writer.view.setBigUint64(at, BigInt.asUintN(64, value) ^ SIGN_BIT);
  },
  read: (reader) => BigInt.asIntN(64, reader.view.getBigUint64(reader.skip(8)) ^ SIGN_BIT),
};
