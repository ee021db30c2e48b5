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
  it('verifies a good signature once', async () => {
    const { verify, asked } = counted();
    for (let times = 0; times < 3; times += 1) {
      expect(await verify(KEY, GOOD, Uint8Array.of(3))).toBe(true);
    }
    expect(asked()).toBe(1);
  });

  it('verifies once what several ask for at the same time', async () => {
    const { verify, asked } = counted();
    const all = [1, 2, 3].map(() => verify(KEY, GOOD, Uint8Array.of(3)));
    expect(await Promise.all(all)).toEqual([true, true, true]);
    expect(asked()).toBe(1);
  });

  it('does not remember that it could not be verified', async () => {
    let asked = 0;
    const verify = rememberSignatures(() => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('no memory')) : Promise.resolve(true);
    });
    await expect(verify(KEY, GOOD, GOOD)).rejects.toThrow('no memory');
    expect(await verify(KEY, GOOD, GOOD)).toBe(true);
  });

  it.each([
    ['another key', [Uint8Array.of(9), GOOD, Uint8Array.of(3)]],
    ['another message', [KEY, GOOD, Uint8Array.of(4)]],
    ['bytes moved from one to the next', [Uint8Array.of(), Uint8Array.of(2, 1), Uint8Array.of(3)]],
  ] as const)('verifies it anew for %s', async (_name, [key, signature, message]) => {
    const { verify, asked } = counted();
    await verify(KEY, GOOD, Uint8Array.of(3));
    await verify(key, signature, message);
    expect(asked()).toBe(2);
  });

  it('never takes a bad one for good', async () => {
    const { verify, asked } = counted();
    for (let times = 0; times < 2; times += 1) {
      expect(await verify(KEY, Uint8Array.of(7), Uint8Array.of(3))).toBe(false);
    }
    expect(asked()).toBe(2);
  });

  it('forgets the oldest of many', async () => {
    const { verify, asked } = counted();
    for (let number = 0; number < 65; number += 1) await verify(KEY, GOOD, Uint8Array.of(number));
    await verify(KEY, GOOD, Uint8Array.of(64));
    expect(asked()).toBe(65);
    await verify(KEY, GOOD, Uint8Array.of(0));
    expect(asked()).toBe(66);
  });
});
