import { describe, expect, it } from 'vitest';
import { readinessOf, type Known } from './readiness.ts';

const GOOD: Known = {
  answeredAgoMs: 1_000,
  clockOffsetMs: -300,
  accounts: [{ label: 'main', problem: undefined }],
  isDraining: false,
};

function failing(change: Partial<Known>): readonly string[] {
  return readinessOf({ ...GOOD, ...change }).flatMap(({ name, isOk }) => (isOk ? [] : [name]));
}

describe('readinessOf', () => {
  it('is ready when the canister answers, the clock is right and an account can be worked', () => {
    expect(failing({})).toEqual([]);
  });

  it.each<[string, Partial<Known>]>([
    ['canister', { answeredAgoMs: undefined }],
    ['canister', { answeredAgoMs: 60_001 }],
    ['clock', { clockOffsetMs: undefined }],
    ['clock', { clockOffsetMs: 120_001 }],
    ['clock', { clockOffsetMs: -300_000 }],
    ['accounts', { accounts: [] }],
    ['accounts', { accounts: [{ label: 'main', problem: 'the token was revoked' }] }],
    ['running', { isDraining: true }],
  ])('is not ready without its %s', (name, change) => {
    expect(failing(change)).toEqual([name]);
  });

  it('works on with the accounts that can be worked, and names the others', () => {
    const accounts = [...GOOD.accounts, { label: 'old', problem: 'the token was revoked' }];
    const checks = readinessOf({ ...GOOD, accounts });
    expect(checks.every(({ isOk }) => isOk)).toBe(true);
    expect(checks.at(-1)?.detail).toBe('1 of 2 usable; old: the token was revoked');
  });

  it('says what to do about a wrong clock', () => {
    const [, , clock] = readinessOf({ ...GOOD, clockOffsetMs: 300_000 });
    expect(clock?.detail).toContain('NTP');
  });
});
