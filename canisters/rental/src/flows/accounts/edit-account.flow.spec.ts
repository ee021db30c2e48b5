import { Principal } from '@dfinity/principal';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { describe, expect, it } from 'vitest';
import { ageRecipientOf, ageSealed, givenAccount } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { lineOf, SSH_KEYS } from '../../testing/ssh-keys.fake.ts';
import { callerAccount } from './callers.ts';
import { addSshKey, putProfile, removeSshKey } from './edit-account.flow.ts';
import { setAgeKey, setPreferences } from './edit-account.flow.ts';

const [ed25519, rsa] = SSH_KEYS;

function asAda() {
  const c = fakeCanister();
  const account = givenAccount(c, 'ada');
  c.runtime.callerNow = personCalled('ada');
  c.runtime.now = after(c.runtime.now, durationNs({ seconds: 5 }));
  return { c, account };
}

describe('putProfile', () => {
  it('makes the account of somebody new', () => {
    const c = fakeCanister();
    c.runtime.callerNow = personCalled('ada');
    expect(putProfile(c, { displayName: ' Ada ' })).toMatchObject({
      value: { id: 0, displayName: 'Ada', logins: [{ principal: personCalled('ada') }] },
    });
  });

  it('changes the name and nothing else', () => {
    const { c, account } = asAda();
    const expected = { ...account, displayName: 'Ada L.', updatedAt: c.runtime.now };
    expect(putProfile(c, { displayName: 'Ada L.' })).toEqual({ kind: 'ok', value: expected });
    expect(callerAccount(c.upgraded())).toEqual({ kind: 'ok', value: expected });
  });

  it('refuses whoever is not signed in before it looks at the name', () => {
    const { c } = asAda();
    c.runtime.callerNow = Principal.anonymous();
    const refused = { error: { leaf: { kind: 'not-authenticated' } } };
    expect(putProfile(c, { displayName: '' })).toMatchObject(refused);
  });
});

describe('setAgeKey', () => {
  it('sets recipient and identity together, and takes both away', () => {
    const { c } = asAda();
    const key = { ageRecipient: ageRecipientOf('new'), sealedAgeIdentity: ageSealed('identity') };
    expect(setAgeKey(c, key)).toMatchObject({ kind: 'ok', value: key });
    setAgeKey(c, { ageRecipient: undefined, sealedAgeIdentity: undefined });
    const after = callerAccount(c.upgraded());
    expect(
      after.kind === 'ok' && [after.value.ageRecipient, after.value.sealedAgeIdentity],
    ).toEqual([undefined, undefined]);
  });

  it('keeps the key before if the new one is wrong', () => {
    const { c, account } = asAda();
    const wrong = setAgeKey(c, { ageRecipient: 'age1', sealedAgeIdentity: undefined });
    expect(wrong).toMatchObject({ error: { leaf: { argument: 'age_recipient' } } });
    expect(callerAccount(c)).toEqual({ kind: 'ok', value: account });
  });
});

describe('setPreferences', () => {
  it('keeps the address and what is muted', () => {
    const { c } = asAda();
    const preferences = { email: 'ada@example.org', muted: ['news', 'lifecycle'] } as const;
    expect(setPreferences(c, preferences)).toMatchObject({ value: { preferences } });
    expect(callerAccount(c.upgraded())).toMatchObject({ value: { preferences } });
  });
});

describe('SSH keys of an account', () => {
  it('are added, renamed and removed', () => {
    const { c } = asAda();
    addSshKey(c, { label: 'laptop', line: lineOf(ed25519) });
    addSshKey(c, { label: 'old', line: lineOf(rsa) });
    addSshKey(c, { label: 'new laptop', line: `${ed25519.type} ${ed25519.body} renamed` });
    const known = callerAccount(c.upgraded());
    expect(known.kind === 'ok' && known.value.sshKeys).toMatchObject([
      { label: 'old', fingerprint: rsa.fingerprint },
      { label: 'new laptop', fingerprint: ed25519.fingerprint, comment: 'renamed' },
    ]);
    expect(removeSshKey(c, rsa.fingerprint)).toMatchObject({
      value: { sshKeys: [{ fingerprint: ed25519.fingerprint }] },
    });
    const gone = { error: { leaf: { kind: 'not-found' } } };
    expect(removeSshKey(c, rsa.fingerprint)).toMatchObject(gone);
  });

  it('are refused if the line is no key', () => {
    const { c } = asAda();
    const wrong = addSshKey(c, { label: '', line: 'ssh-ed25519 AAAA' });
    expect(wrong).toMatchObject({ error: { leaf: { argument: 'line' } } });
  });

  it('are at most 20', () => {
    const { c, account } = asAda();
    const key = { label: '', type: 'x', blob: new Uint8Array(), comment: '' };
    const sshKeys = Array.from({ length: 20 }, (_, index) => ({
      ...key,
      fingerprint: `SHA256:${index}`,
      addedAt: c.runtime.now,
    }));
    c.storage.accounts.accounts.set(account.id, { ...account, sshKeys });
    const full = { error: { leaf: { kind: 'quota-exceeded', limit: 20 } } };
    expect(addSshKey(c, { label: '', line: lineOf(rsa) })).toMatchObject(full);
    removeSshKey(c, 'SHA256:7');
    expect(addSshKey(c, { label: '', line: lineOf(rsa) }).kind).toBe('ok');
    expect(addSshKey(c, { label: 'again', line: lineOf(rsa) }).kind).toBe('ok');
  });
});
