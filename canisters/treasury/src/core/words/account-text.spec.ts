import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountText as ledgersText } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { accountText } from './account-text.ts';

/** The example of the ICRC-1 standard. */
const OWNER = Principal.fromText('k2t6j-2nvnp-4zjm3-25dtz-6xhaa-c7boj-5gayf-oj3xs-i43lp-teztq-6ae');

describe('accountText', () => {
  it('writes the examples of the standard', () => {
    const counted = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
    expect(accountText({ owner: OWNER, subaccount: counted })).toBe(
      'k2t6j-2nvnp-4zjm3-25dtz-6xhaa-c7boj-5gayf-oj3xs-i43lp-teztq-6ae-dfxgiyy' +
        '.102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20',
    );
    const one = new Uint8Array(32).fill(1, 31);
    expect(accountText({ owner: OWNER, subaccount: one })).toBe(
      'k2t6j-2nvnp-4zjm3-25dtz-6xhaa-c7boj-5gayf-oj3xs-i43lp-teztq-6ae-6cc627i.1',
    );
  });

  it('writes a default account as its owner', () => {
    expect(accountText({ owner: OWNER, subaccount: undefined })).toBe(OWNER.toText());
    expect(accountText({ owner: OWNER, subaccount: new Uint8Array(32) })).toBe(OWNER.toText());
  });

  it('agrees with how ledgers show it', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 29 }), bytes(32), (owner, subaccount) => {
        const account = { owner: Principal.fromUint8Array(owner), subaccount };
        expect(accountText(account)).toBe(ledgersText(account));
      }),
    );
  });
});
