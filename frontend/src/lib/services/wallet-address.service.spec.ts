import { decodeIcrcAccount, encodeIcrcAccount } from '@dfinity/ledger-icrc';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { isSameAccount, parseAddress } from './wallet-address.service.ts';

const OWNER = Principal.fromText('2s24u-6s6w4-7e2pa-q77aa-p2ovy-5375a-kflly-rjt5q-czjqu-grg3x-rae');
const SUBACCOUNT = Uint8Array.from({ length: 32 }, (_, index) => index);

function read(text: string) {
  return parseAddress(text, decodeIcrcAccount);
}

describe('parseAddress', () => {
  it('reads a principal and an account with a subaccount', () => {
    expect(read(` ${OWNER.toText()} `)).toMatchObject({ kind: 'ok' });
    const parsed = read(encodeIcrcAccount({ owner: OWNER, subaccount: SUBACCOUNT }));
    if (parsed.kind === 'err') throw new Error(parsed.error);
    expect(isSameAccount(parsed.value, { owner: OWNER, subaccount: SUBACCOUNT })).toBe(true);
  });

  it.each([
    ['', 'Type or paste where it goes.'],
    ['ab'.repeat(32), 'This is an old account identifier'],
    [`0x${'12'.repeat(20)}`, 'This is an Ethereum address'],
    [OWNER.toText().replace('2s24u', '2s24v'), 'This is no address'],
    ['hello', 'This is no address'],
    ['aaaaa-aa', 'This is nobody’s address'],
    ['2vxsx-fae', 'This is nobody’s address'],
  ])('refuses %j', (text, words) => {
    const parsed = read(text);
    expect(parsed.kind === 'err' && parsed.error.startsWith(words)).toBe(true);
  });
});

describe('isSameAccount', () => {
  it('takes a subaccount of zeros for none', () => {
    const zeros = { owner: OWNER, subaccount: new Uint8Array(32) };
    expect(isSameAccount({ owner: OWNER }, zeros)).toBe(true);
    expect(isSameAccount({ owner: OWNER }, { owner: OWNER, subaccount: SUBACCOUNT })).toBe(false);
    expect(isSameAccount({ owner: OWNER }, { owner: Principal.anonymous() })).toBe(false);
  });
});
