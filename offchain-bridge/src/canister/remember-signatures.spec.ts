import { describe, expect, it } from 'vitest';
import { rememberSignatures } from './remember-signatures.ts';

const KEY = Uint8Array.of(1);
const GOOD = Uint8Array.of(2);

/** Takes `GOOD` for good, and tells how often it was asked. */
function counted() {
  let asked = 0;
  const verify = rememberSignatures((_key, signature) => {
    asked += 1;
    return signature[0] === GOOD[0];
  });
  return { verify, asked: () => asked };
}

describe('rememberSignatures', () => {
  it('verifies a good signature once', () => {
    const { verify, asked } = counted();
    for (let times = 0; times < 3; times += 1) {
      expect(verify(KEY, GOOD, Uint8Array.of(3))).toBe(true);
    }
    expect(asked()).toBe(1);
  });

  it.each([
    ['another key', [Uint8Array.of(9), GOOD, Uint8Array.of(3)]],
    ['another message', [KEY, GOOD, Uint8Array.of(4)]],
    ['bytes moved from one to the next', [Uint8Array.of(), Uint8Array.of(2, 1), Uint8Array.of(3)]],
  ] as const)('verifies it anew for %s', (_name, [key, signature, message]) => {
    const { verify, asked } = counted();
    verify(KEY, GOOD, Uint8Array.of(3));
    verify(key, signature, message);
    expect(asked()).toBe(2);
  });

  it('never takes a bad one for good', () => {
    const { verify, asked } = counted();
    for (let times = 0; times < 2; times += 1) {
      expect(verify(KEY, Uint8Array.of(7), Uint8Array.of(3))).toBe(false);
    }
    expect(asked()).toBe(2);
  });

  it('forgets the oldest of many', () => {
    const { verify, asked } = counted();
    for (let number = 0; number < 65; number += 1) verify(KEY, GOOD, Uint8Array.of(number));
    verify(KEY, GOOD, Uint8Array.of(64));
    expect(asked()).toBe(65);
    verify(KEY, GOOD, Uint8Array.of(0));
    expect(asked()).toBe(66);
  });
});
