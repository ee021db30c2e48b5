import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { differences } from './differences.ts';

const one = Principal.fromUint8Array(Uint8Array.of(1));
const same = Principal.fromUint8Array(Uint8Array.of(1));
const other = Principal.fromUint8Array(Uint8Array.of(2));

describe('differences', () => {
  it.each([
    [1n, 1n],
    [{ a: undefined }, {}],
    [{ a: [1, { b: one }] }, { a: [1, { b: same }] }],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
    [Number.NaN, Number.NaN],
  ])('finds none between %o and %o', (left, right) => {
    expect(differences(left, right)).toEqual([]);
    expect(differences(right, left)).toEqual([]);
  });

  it.each<[unknown, unknown, string]>([
    [1n, 2n, 'value: 1 is not 2'],
    [1n, 1, 'value: 1 is not 1'],
    [{ a: { b: 1 } }, { a: { b: 2 } }, 'a.b: 1 is not 2'],
    [{ a: 1 }, {}, 'a: 1 is not undefined'],
    [[1, 2], [1], '1: 2 is not undefined'],
    [{ a: Uint8Array.of(1) }, { a: Uint8Array.of(2) }, 'a: 01 is not 02'],
    [{ a: one }, { a: other }, `a: ${one.toText()} is not ${other.toText()}`],
    [{ a: one }, { a: {} }, `a: ${one.toText()} is not an object`],
    [{ a: Uint8Array.of(1) }, { a: [1] }, 'a: 01 is not an object'],
    [{ a: null }, { a: {} }, 'a: null is not an object'],
    [{ 0: 1 }, [1], 'value: an object is not an object'],
  ])('tells where %o is not %o', (left, right, text) => {
    expect(differences(left, right)).toEqual([text]);
    expect(differences(right, left)).toHaveLength(1);
  });
});
