import { Cbor } from '@dfinity/agent';
import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { CborError, decodeCbor, encodeCbor } from './cbor.ts';

function decodeHex(hex: string): unknown {
  return decodeCbor(hexToBytes(hex));
}

describe('decodeCbor', () => {
  it('takes a document with and without the self-describing tag', () => {
    expect(decodeHex('d9d9f7a161610a')).toEqual(new Map([['a', 10]]));
    expect(decodeHex('a161610a')).toEqual(new Map([['a', 10]]));
  });

  it('takes collections of indefinite length, as some encoders write', () => {
    expect(decodeHex('bf616101616202ff')).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
    expect(decodeHex('9f0102ff')).toEqual([1, 2]);
  });

  it('gives numbers beyond 2^53 as bigint', () => {
    expect(decodeHex('1bffffffffffffffff')).toBe(2n ** 64n - 1n);
  });

  it.each([
    ['nothing', ''],
    ['trailing bytes', 'a000'],
    ['a second self-describing tag', 'd9d9f7d9d9f7a0'],
    ['another tag', 'c249010000000000000000'],
    ['a duplicate key', 'a2616101616102'],
    ['a duplicate integer key', 'a201010102'],
    ['a float', 'f93c00'],
    ['undefined', 'f7'],
    ['a text that is not UTF-8', '61ff'],
    ['a text cut inside a character', '62c328'],
    ['a value cut short', '4401'],
    ['a map without its last value', 'bf6161ff'],
    ['a break outside of a collection', 'ff'],
    ['a break in a counted array', '8201ff'],
    ['a collection that never ends', '9f01'],
    ['a reserved length', '5c'],
    ['an array longer than memory', '9bffffffffffffffff'],
    ['an array that announces more than there is', '9affffffff01'],
  ])('refuses %s', (_, hex) => {
    expect(() => decodeHex(hex)).toThrow(CborError);
  });

  it('refuses nesting beyond 100 levels and nothing less deep', () => {
    const nested = (depth: number): Uint8Array => new Uint8Array(depth + 1).fill(0x81, 0, depth);
    expect(decodeCbor(nested(100))).toBeInstanceOf(Array);
    expect(() => decodeCbor(nested(101))).toThrow('nesting deeper');
    expect(() => decodeCbor(nested(1_000_000))).toThrow('nesting deeper');
  });

  it('never fails otherwise than with a CborError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decodeCbor(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CborError);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('encodeCbor', () => {
  it('starts with the self-describing tag and leaves out undefined fields', () => {
    expect(encodeCbor({ a: 10, b: undefined })).toEqual(hexToBytes('d9d9f7a161610a'));
  });

  it('is read back alike by the agent library', () => {
    const value = { text: 'ü', blob: utf8('bytes'), list: [1, 2n ** 63n], map: { nat: 5 } };
    expect(Cbor.decode(encodeCbor(value))).toEqual(value);
  });

  it('survives decoding for any value', () => {
    const { value } = fc.letrec<{ value: string | bigint | Uint8Array | unknown[] }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'grapheme' }),
        fc.bigInt({ min: 2n ** 60n, max: 2n ** 64n - 1n }),
        fc.uint8Array(),
        fc.array(tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, (original) => {
        expect(decodeCbor(encodeCbor(original as Parameters<typeof encodeCbor>[0]))).toEqual(
          original,
        );
      }),
    );
  });
});
