import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.ts';

describe('base64', () => {
  it('writes what everybody else writes, and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const value = encodeBase64(bytes);
        expect(value).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(value)).toEqual(bytes);
      }),
    );
  });

  it('reads each value in one spelling only', () => {
    const char = fc.constantFrom(...Array.from('AQgw/+=9z -_\n'));
    fc.assert(
      fc.property(fc.string({ unit: char, maxLength: 12 }), (value) => {
        const bytes = Buffer.from(value, 'base64');
        const isCanonical = bytes.toString('base64') === value;
        expect(decodeBase64(value)).toEqual(isCanonical ? new Uint8Array(bytes) : undefined);
      }),
      { numRuns: 2_000 },
    );
  });
});
