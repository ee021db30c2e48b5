import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { blsKeyFromDer, blsKeyToDer, DerError, parseSubjectPublicKeyInfo } from './der.ts';

/** The example of a DER-wrapped COSE key in the interface specification. */
const COSE_EXAMPLE = hexToBytes(
  '305e300c060a2b0601040183b8430101034e00a50102032620012158207ffd83632072fd1bfeaf3fbaa43146e0' +
    'ef95c3f55e3994a41bbf2b5174d771da22582032497eed0a7f6f000928765b8318162cfd80a94e525a6a368c' +
    '2363063d04e6ed',
);

describe('parseSubjectPublicKeyInfo', () => {
  it('reads the example of the specification', () => {
    const { algorithmHex, key } = parseSubjectPublicKeyInfo(COSE_EXAMPLE);
    expect(algorithmHex).toBe('2b0601040183b8430101');
    expect(key).toHaveLength(77);
  });

  it('refuses the example with any byte cut off, added or with another tag', () => {
    for (let length = 0; length < COSE_EXAMPLE.length; length += 1) {
      expect(() => parseSubjectPublicKeyInfo(COSE_EXAMPLE.slice(0, length))).toThrow(DerError);
    }
    expect(() => parseSubjectPublicKeyInfo(Uint8Array.of(...COSE_EXAMPLE, 0))).toThrow('trailing');
    const otherTag = Uint8Array.from(COSE_EXAMPLE);
    otherTag[0] = 0x31;
    expect(() => parseSubjectPublicKeyInfo(otherTag)).toThrow('unexpected DER tag');
  });

  it('refuses lengths that are not the shortest', () => {
    expect(() => parseSubjectPublicKeyInfo(hexToBytes('30815e' + '00'.repeat(94)))).toThrow(
      'not the shortest',
    );
  });
});

describe('BLS key DER', () => {
  it('wraps and unwraps 96 bytes', () => {
    const key = new Uint8Array(96).fill(7);
    const der = blsKeyToDer(key);
    expect(der).toHaveLength(133);
    expect(blsKeyFromDer(der)).toEqual(key);
    expect(() => blsKeyFromDer(der.slice(0, -1))).toThrow(DerError);
    expect(() => blsKeyFromDer(der.with(5, 0))).toThrow(DerError);
  });
});
