import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { accountFromKey, accountKey, accountOf, accountText, toHex } from './account.ts';

const OWNER = Principal.fromText('k2t6j-2nvnp-4zjm3-25dtz-6xhaa-c7boj-5gayf-oj3xs-i43lp-teztq-6ae');

function subaccount(...tail: number[]): Uint8Array {
  const bytes = new Uint8Array(32);
  bytes.set(tail, 32 - tail.length);
  return bytes;
}

describe('accountText', () => {
  /** Source: ICRC-1 standard, "Textual encoding of ICRC-1 accounts", test vectors. */
  it.each([
    ['without subaccount', undefined, OWNER.toText()],
    ['with the default subaccount', subaccount(0), OWNER.toText()],
    ['with a short subaccount', subaccount(1), `${OWNER.toText()}-6cc627i.1`],
    [
      'with a long subaccount',
      Uint8Array.from({ length: 32 }, (_, index) => index + 1),
      `${OWNER.toText()}-dfxgiyy.102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20`,
    ],
  ])('writes an account %s', (_case, sub, text) => {
    expect(accountText(accountOf(OWNER, sub))).toBe(text);
  });
});

describe('accountKey', () => {
  it('is one for a missing and an all-zero subaccount', () => {
    expect(accountKey(accountOf(OWNER, subaccount(0)))).toBe(accountKey(accountOf(OWNER)));
  });

  it('can be read back', () => {
    const account = accountOf(OWNER, subaccount(7, 0));
    const back = accountFromKey(accountKey(account));
    expect(back.owner.toText()).toBe(OWNER.toText());
    expect(toHex(back.subaccount ?? new Uint8Array())).toBe(toHex(subaccount(7, 0)));
    expect(accountFromKey(accountKey(accountOf(OWNER))).subaccount).toBeUndefined();
  });
});
