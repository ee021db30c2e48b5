import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { int32, int64, safeUint, uint16, uint32, uint64, uint8 } from './integer-keys.ts';
import { composite, keyCodec, type KeyPart } from './key-codec.ts';
import { principal } from './principal-key.ts';
import { text } from './text-key.ts';

type Order<T> = (a: T, b: T) => number;

const byValue: Order<number | bigint> = (a, b) => (a < b ? -1 : Number(a > b));
const byCodePoints: Order<string> = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const byLengthThenBytes: Order<Principal> = (a, b) => {
  const [left, right] = [a.toUint8Array(), b.toUint8Array()];
  return Math.sign(left.length - right.length) || Buffer.compare(left, right);
};

const anyPrincipal = fc
  .uint8Array({ maxLength: 29 })
  .map((bytes) => Principal.fromUint8Array(bytes));
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('\0', '\u0001', '\u0002', 'a', 'é', '\uffff', '😀') }),
);

interface Case<T> {
  readonly name: string;
  readonly part: KeyPart<T>;
  readonly values: fc.Arbitrary<T>;
  readonly order: Order<T>;
}

function checkCodec<T>({ name, part, values, order }: Case<T>): void {
  const codec = keyCodec(part);
  it(`${name}: bytes read back as the value`, () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(codec.decode(codec.encode(value))).toEqual(value);
      }),
    );
  });
  it(`${name}: bytes are ordered like the values`, () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(Buffer.compare(codec.encode(a), codec.encode(b))).toBe(order(a, b));
      }),
      { numRuns: 2_000 },
    );
  });
}

const near = (points: bigint[]) =>
  fc.tuple(fc.constantFrom(...points), fc.bigInt(-3n, 3n)).map(([point, off]) => point + off);
const within =
  <T extends bigint | number>(low: T, high: T) =>
  (value: bigint | number) =>
    value >= low && value <= high;
const uint64s = fc
  .oneof(fc.bigInt(0n, 2n ** 64n - 1n), near([0n, 255n, 2n ** 32n, 2n ** 53n, 2n ** 64n]))
  .filter(within(0n, 2n ** 64n - 1n));
const int64s = fc
  .oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), near([0n, -(2n ** 63n), 2n ** 63n]))
  .filter(within(-(2n ** 63n), 2n ** 63n - 1n));

describe('key codecs', () => {
  checkCodec({ name: 'uint8', part: uint8, values: fc.nat(255), order: byValue });
  checkCodec({ name: 'uint16', part: uint16, values: fc.nat(65_535), order: byValue });
  checkCodec({ name: 'uint32', part: uint32, values: fc.nat(2 ** 32 - 1), order: byValue });
  checkCodec({ name: 'safeUint', part: safeUint, values: fc.maxSafeNat(), order: byValue });
  checkCodec({ name: 'uint64', part: uint64, values: uint64s, order: byValue });
  checkCodec({ name: 'int32', part: int32, values: fc.integer(), order: byValue });
  checkCodec({ name: 'int64', part: int64, values: int64s, order: byValue });
  checkCodec({ name: 'text', part: text, values: anyText, order: byCodePoints });
  checkCodec({
    name: 'principal',
    part: principal,
    values: anyPrincipal,
    order: byLengthThenBytes,
  });
  checkCodec({
    name: 'composite',
    part: composite(text, principal, text, safeUint),
    values: fc.tuple(anyText, anyPrincipal, anyText, fc.maxSafeNat()),
    order: (a, b) =>
      byCodePoints(a[0], b[0]) ||
      byLengthThenBytes(a[1], b[1]) ||
      byCodePoints(a[2], b[2]) ||
      byValue(a[3], b[3]),
  });

  it('safeUint and uint64 give the same bytes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(keyCodec(safeUint).encode(value)).toEqual(keyCodec(uint64).encode(BigInt(value)));
      }),
    );
  });

  it('refuse values out of range instead of wrapping them', () => {
    expect(() => keyCodec(uint8).encode(256)).toThrow('BUG');
    expect(() => keyCodec(uint16).encode(-1)).toThrow('BUG');
    expect(() => keyCodec(uint32).encode(1.5)).toThrow('BUG');
    expect(() => keyCodec(safeUint).encode(2 ** 53)).toThrow('BUG');
    expect(() => keyCodec(uint64).encode(2n ** 64n)).toThrow('BUG');
    expect(() => keyCodec(int32).encode(2 ** 31)).toThrow('BUG');
    expect(() => keyCodec(int64).encode(2n ** 63n)).toThrow('BUG');
  });

  it('refuse stored bytes that are no key', () => {
    expect(() => keyCodec(uint32).decode(Uint8Array.of(1, 2, 3))).toThrow('too short');
    expect(() => keyCodec(uint8).decode(Uint8Array.of(1, 2))).toThrow('too long');
    expect(() => keyCodec(text).decode(Uint8Array.of(65))).toThrow('no end');
    expect(() => keyCodec(principal).decode(new Uint8Array(40).fill(30))).toThrow('too long');
  });

  it('take keys longer than the first buffer', () => {
    const long = 'x'.repeat(1_000);
    expect(keyCodec(text).decode(keyCodec(text).encode(long))).toBe(long);
  });
});
