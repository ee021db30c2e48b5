import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstAtOrAfter } from './first-at-or-after.ts';

describe('firstAtOrAfter', () => {
  it('finds what a look at every row finds', () => {
    const times = fc
      .array(fc.bigInt({ min: 0n, max: 40n }))
      .map((list) => list.sort((a, b) => Number(a - b)));
    fc.assert(
      fc.property(times, fc.bigInt({ min: -1n, max: 41n }), (rows, at) => {
        const found = rows.findIndex((time) => time >= at);
        const timeOf = (index: number) => rows[index] ?? 0n;
        expect(firstAtOrAfter({ length: rows.length, timeOf }, at)).toBe(
          found === -1 ? rows.length : found,
        );
      }),
    );
  });

  it.each([10, 100_000])('looks at no more than 17 of %i rows', (length) => {
    let looks = 0;
    const timeOf = (index: number) => {
      looks += 1;
      return BigInt(index);
    };
    for (const at of [0, 1, 7, length - 1, length]) {
      looks = 0;
      expect(firstAtOrAfter({ length, timeOf }, BigInt(at))).toBe(at);
      expect(looks).toBeLessThanOrEqual(17);
    }
  });
});
