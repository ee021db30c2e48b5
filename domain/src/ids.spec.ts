import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { parseId, type RentalId } from './ids.ts';

describe('parseId', () => {
  it('accepts every whole number that a number can hold exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(parseId<RentalId>(value)).toEqual({ kind: 'ok', value });
        expect(parseId<RentalId>(BigInt(value))).toEqual({ kind: 'ok', value });
      }),
    );
  });

  it.each([-1, 1.5, Number.NaN, Infinity, 2 ** 53, -1n, 2n ** 53n, 2n ** 64n - 1n])(
    'refuses %s',
    (raw) => {
      expect(parseId<RentalId>(raw)).toEqual({ kind: 'err', error: { kind: 'invalid-id', raw } });
    },
  );
});
