import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import {
  accountErrors,
  isWorking,
  jobWords,
  tokenError,
  validityWords,
} from './cloud-account.service.ts';

const TOKEN = 'a1'.repeat(32);
const FORM = { label: 'Main', maxJobs: '5', agent: 'aaaaa-aa' };
const NOW_MS = 10_000_000;
const ns = (ms: number): bigint => BigInt(ms) * 1_000_000n;

function job(change: Partial<Rental.Job>): Rental.Job {
  return {
    id: 7n,
    task: { Provision: { rental_id: 3n } },
    cloud_account_id: 0n,
    state: { Ready: { since_ns: 0n } },
    epoch: 0,
    attempts: 0,
    failures: 0,
    last_problem: [],
    choice_index: 0,
    created_at_ns: ns(NOW_MS - 1_000),
    deadline_at_ns: 0n,
    ...change,
  };
}

describe('accountErrors', () => {
  it('has nothing against a sound one', () => {
    expect(accountErrors(FORM, TOKEN)).toEqual({});
    expect(accountErrors({ ...FORM, maxJobs: ' 50 ' }, undefined)).toEqual({});
  });

  it.each([
    [{ label: ' ' }, 'label'],
    [{ label: 'x'.repeat(65) }, 'label'],
    [{ maxJobs: '0' }, 'maxJobs'],
    [{ maxJobs: '51' }, 'maxJobs'],
    [{ maxJobs: '1.5' }, 'maxJobs'],
    [{ agent: '' }, 'agent'],
  ])('has words for %j', (change, field) => {
    expect(Object.keys(accountErrors({ ...FORM, ...change }, TOKEN))).toEqual([field]);
  });
});

describe('tokenError', () => {
  it('takes a token of Hetzner with spaces around it', () => {
    expect(tokenError(` ${TOKEN}\n`)).toBeUndefined();
  });

  it.each(['', 'short-secret', `${TOKEN}x`, TOKEN.replace('a', '-')])('refuses %j', (token) => {
    const words = tokenError(token);
    expect(words).toBeDefined();
    if (token !== '') expect(words).not.toContain(token);
  });
});

describe('validityWords', () => {
  it('gives the reason of a refusal', () => {
    const words = validityWords({ Invalid: { checked_at_ns: ns(5), reason: 'token revoked' } });
    expect(words).toMatchObject({ tone: 'bad', label: 'Invalid', checkedAtMs: 5 });
    expect(words.text).toContain('token revoked');
    expect(validityWords({ Valid: { checked_at_ns: ns(6) } })).toMatchObject({
      tone: 'good',
      checkedAtMs: 6,
    });
    expect(validityWords({ Unchecked: null })).toMatchObject({ tone: 'warn' });
  });
});

describe('jobWords', () => {
  it('names the rental, and nothing for work on the account', () => {
    expect(jobWords(job({}), NOW_MS)).toMatchObject({
      rentalId: 3n,
      label: 'Waiting',
      tone: 'info',
    });
    const own = job({ task: { ValidateAccount: null } });
    expect(jobWords(own, NOW_MS)).toMatchObject({ what: 'Try the token', rentalId: undefined });
  });

  it('says that no bridge takes a job that waits for long', () => {
    const old = job({ created_at_ns: ns(NOW_MS - 600_000) });
    expect(jobWords(old, NOW_MS)).toMatchObject({ tone: 'warn' });
    expect(jobWords(old, NOW_MS).text).toContain('10 min');
  });

  it('gives why one failed, and no old problem of one that is done', () => {
    const problem = { at_ns: 0n, class: { Quota: null }, message: 'server limit' };
    const failed = { Failed: { at_ns: ns(9), class: { Auth: null }, reason: 'token refused' } };
    expect(jobWords(job({ state: failed }), NOW_MS)).toMatchObject({
      tone: 'bad',
      text: 'token refused',
      atMs: 9,
    });
    const delayed = job({ state: { Delayed: { until_ns: 0n } }, last_problem: [problem] });
    expect(jobWords(delayed, NOW_MS).text).toBe('server limit');
    const done = job({ state: { Done: { at_ns: 0n } }, last_problem: [problem] });
    expect(jobWords(done, NOW_MS).text).toBe('');
  });
});

describe('isWorking', () => {
  it('is true while one is not over', () => {
    const done = job({ state: { Done: { at_ns: 0n } } });
    expect(isWorking([done])).toBe(false);
    expect(isWorking([done, job({})])).toBe(true);
  });
});
