import { Buffer } from 'node:buffer';
import { Principal } from '@dfinity/principal';
import { after, durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import { describe, expect, it } from 'vitest';
import { ageRecipientOf, ageSealed } from '../../testing/accounts.fake.ts';
import { personCalled } from '../../testing/fake-canister.fake.ts';
import { checkAccountSettings, checkCredentials, checkGrant } from './provider-rules.ts';
import { checkHeartbeat, checkProvider, type GrantInput } from './provider-rules.ts';

const refused = (argument: string) => ({ kind: 'err', error: { argument } });
const now = timestampNs(1_800_000_000_000_000_000n);

describe('checkProvider', () => {
  const input = {
    name: ' Ada hosting ',
    description: 'Fast.\n\tAnd cheap.',
    website: 'https://ada.example.com/hosting?x=1',
    supportContact: 'help@ada.example.com',
  };

  it('takes a seller, its name without spaces around it', () => {
    expect(checkProvider(input)).toEqual({ kind: 'ok', value: { ...input, name: 'Ada hosting' } });
    expect(checkProvider({ ...input, website: '', description: '' }).kind).toBe('ok');
  });

  it.each([
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(65) }],
    ['description', { description: 'x'.repeat(2_001) }],
    ['description', { description: 'a\u0007b' }],
    ['website', { website: 'http://ada.example.com' }],
    ['website', { website: 'javascript:alert(1)' }],
    ['website', { website: 'https://ada.example.com/a b' }],
    ['website', { website: 'https://user@ada.example.com' }],
    ['website', { website: `https://ada.example.com/${'x'.repeat(200)}` }],
    ['support_contact', { supportContact: '' }],
    ['support_contact', { supportContact: 'a\nb' }],
  ])('refuses a %s: %j', (argument, change) => {
    expect(checkProvider({ ...input, ...change })).toMatchObject(refused(argument));
  });
});

describe('checkAccountSettings', () => {
  it.each([1, 50])('takes %d jobs at once', (maxConcurrentJobs) => {
    const input = { label: 'main', maxConcurrentJobs };
    expect(checkAccountSettings(input)).toEqual({ kind: 'ok', value: input });
  });

  it.each([0, 51])('refuses %d jobs at once', (maxConcurrentJobs) => {
    const input = { label: 'main', maxConcurrentJobs };
    expect(checkAccountSettings(input)).toMatchObject(refused('max_concurrent_jobs'));
  });

  it('refuses an account without a name', () => {
    const input = { label: ' ', maxConcurrentJobs: 1 };
    expect(checkAccountSettings(input)).toMatchObject(refused('label'));
  });
});

describe('checkCredentials', () => {
  it('takes what age sealed, up to 8 KiB', () => {
    expect(checkCredentials(ageSealed('token')).kind).toBe('ok');
    const long = Uint8Array.from([...ageSealed('token'), ...new Uint8Array(8_192)]);
    expect(checkCredentials(long)).toMatchObject(refused('sealed_credentials'));
  });

  it('says what to do about credentials that came in the clear', () => {
    const plain = new Uint8Array(Buffer.from('hcloud-token'));
    const checked = checkCredentials(plain);
    expect(checked).toMatchObject(refused('sealed_credentials'));
    expect(checked.kind === 'err' && checked.error.rule).toContain('replace them at the cloud');
  });
});

describe('checkGrant', () => {
  const grant: GrantInput = {
    agent: personCalled('bridge'),
    label: 'bridge',
    scopes: ['provision', 'health'],
    expiresAt: after(now, durationNs({ days: 365 })),
  };

  it('takes a grant for at most a year', () => {
    expect(checkGrant(grant, now)).toEqual({ kind: 'ok', value: grant });
  });

  it.each<[string, Partial<GrantInput>]>([
    ['agent', { agent: Principal.anonymous() }],
    ['agent', { agent: Principal.managementCanister() }],
    ['label', { label: '' }],
    ['scopes', { scopes: [] }],
    ['scopes', { scopes: ['health', 'health'] }],
    ['scopes', { scopes: ['health', 'notify', 'provision', 'catalogue', 'health'] }],
    ['expires_at_ns', { expiresAt: now }],
    ['expires_at_ns', { expiresAt: after(now, durationNs({ days: 365, seconds: 1 })) }],
  ])('refuses a wrong %s', (argument, change) => {
    expect(checkGrant({ ...grant, ...change }, now)).toMatchObject(refused(argument));
  });
});

describe('checkHeartbeat', () => {
  const input = { ageRecipient: ageRecipientOf('bridge'), version: '1.2.3' };
  it('takes a recipient and a version', () => {
    expect(checkHeartbeat(input)).toEqual({ kind: 'ok', value: input });
  });

  it.each([
    ['version', { version: '' }],
    ['version', { version: 'x'.repeat(33) }],
    ['age_recipient', { ageRecipient: 'age1' }],
  ])('refuses a wrong %s', (argument, change) => {
    expect(checkHeartbeat({ ...input, ...change })).toMatchObject(refused(argument));
  });
});
