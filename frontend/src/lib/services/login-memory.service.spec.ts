import { describe, expect, it } from 'vitest';
import {
  isOtherAccount,
  readKnownLogin,
  readLockMinutes,
  type KnownLogin,
} from './login-memory.service.ts';

const ALICE: KnownLogin = { method: 'passkey', principalText: 'aaaaa-aa', account: '7' };

describe('readKnownLogin', () => {
  it('reads what was kept', () => {
    expect(readKnownLogin(JSON.stringify(ALICE))).toEqual(ALICE);
  });

  it.each([
    null,
    '',
    '{',
    '{}',
    '[]',
    'null',
    '{"method":"sms","principalText":"aaaaa-aa"}',
    '{"method":"google","principalText":"aaaaa-bb"}',
  ])('gives nobody for %j', (text) => {
    expect(readKnownLogin(text)).toBeUndefined();
  });
});

describe('readLockMinutes', () => {
  it.each([
    ['5', 5],
    ['60', 60],
    [null, 15],
    ['0', 15],
    ['1e9', 15],
  ])('reads %j as %i', (text, minutes) => {
    expect(readLockMinutes(text)).toBe(minutes);
  });
});

describe('isOtherAccount', () => {
  it.each([
    ['the same login', ALICE, ALICE, false],
    ['nobody before', undefined, ALICE, false],
    ['a linked login', ALICE, { ...ALICE, principalText: 'b', method: 'google' as const }, false],
    ['another account', ALICE, { ...ALICE, principalText: 'b', account: '8' }, true],
    ['a login without an account', ALICE, { method: 'google' as const, principalText: 'b' }, true],
    [
      'nothing known of the account before',
      { method: 'google' as const, principalText: 'b' },
      ALICE,
      false,
    ],
  ])('judges %s', (_desc, before, now, isOther) => {
    expect(isOtherAccount(before, now)).toBe(isOther);
  });
});
