import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256, sha256Hex } from './sha256.ts';

describe('sha256', () => {
  it('gives what another implementation gives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const hash = createHash('sha256').update(bytes);
        expect(sha256Hex(bytes)).toBe(hash.copy().digest('hex'));
        expect(sha256(bytes)).toEqual(Uint8Array.from(hash.digest()));
      }),
    );
  });

  it('takes a text as its UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
        expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
      }),
    );
  });
});
