import { Principal } from '@dfinity/principal';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { describe, expect, it } from 'vitest';
import { asPerson, givenAccount, givenAgent, givenProvider } from '../../testing/accounts.fake.ts';
import { givenSettings } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { actingAccount, actingAgent, actingProvider, agentMay } from './callers.ts';
import { callerAccount, callerAgent, callerProvider, requireOperator } from './callers.ts';
import { settingsOf } from './callers.ts';

const refused = (kind: string) => ({ kind: 'err', error: { leaf: { kind } } });
const agent = personCalled('bridge');

describe('actingAccount', () => {
  it('makes an account once, which stays across an upgrade', () => {
    const c = fakeCanister();
    c.runtime.callerNow = personCalled('ada');
    expect(callerAccount(c)).toMatchObject(refused('not-found'));
    const made = actingAccount(c);
    expect(made).toMatchObject({ kind: 'ok', value: { id: 0, displayName: 'Account 0' } });
    expect(actingAccount(c)).toEqual(made);
    expect(callerAccount(c.upgraded())).toEqual(made);
    expect(asPerson(c, 'bob', () => actingAccount(c))).toMatchObject({ value: { id: 1 } });
  });

  it('gives the same account to all of its logins', () => {
    const c = fakeCanister();
    const account = givenAccount(c, 'ada');
    c.storage.accounts.logins.set(personCalled('phone'), { account: account.id });
    expect(asPerson(c, 'phone', () => actingAccount(c))).toEqual({ kind: 'ok', value: account });
  });

  it('counts calls of each caller, and makes nothing above the limit', () => {
    const c = fakeCanister({ callsPerMinute: 2 });
    c.runtime.callerNow = personCalled('ada');
    expect([actingAccount(c).kind, actingAccount(c).kind]).toEqual(['ok', 'ok']);
    expect(actingAccount(c)).toMatchObject(refused('rate-limited'));
    expect(actingProvider(c)).toMatchObject(refused('rate-limited'));
    expect(asPerson(c, 'bob', () => actingAccount(c).kind)).toBe('ok');
    c.runtime.now = after(c.runtime.now, durationNs({ minutes: 1 }));
    expect(actingAccount(c).kind).toBe('ok');
  });

  it('refuses whoever is not signed in, and makes nothing', () => {
    const c = fakeCanister();
    c.runtime.callerNow = Principal.anonymous();
    for (const check of [actingAccount, callerAccount, actingProvider, callerProvider]) {
      expect(check(c)).toMatchObject(refused('not-authenticated'));
    }
    for (const check of [actingAgent, callerAgent, requireOperator]) {
      expect(check(c)).toMatchObject(refused('not-authenticated'));
    }
    expect(c.storage.accounts.accounts.size()).toBe(0);
  });
});

describe('actingProvider', () => {
  it('is for sellers', () => {
    const c = fakeCanister();
    const provider = givenProvider(c, 'seller');
    const acting = asPerson(c, 'seller', () => actingProvider(c));
    expect(acting).toMatchObject({ kind: 'ok', value: { provider, account: { id: provider.id } } });
    expect(asPerson(c, 'seller', () => callerProvider(c))).toEqual(acting);
    expect(asPerson(c, 'ada', () => actingProvider(c))).toMatchObject(refused('not-allowed'));
  });
});

describe('actingAgent', () => {
  it('is for whom a seller granted something, and for agents of the platform', () => {
    const c = fakeCanister();
    givenSettings(c);
    expect(asPerson(c, 'bridge', () => actingAgent(c))).toMatchObject(refused('not-allowed'));
    givenAgent(c, givenProvider(c, 'seller'), { agent, scopes: ['health'] });
    expect(asPerson(c, 'bridge', () => actingAgent(c))).toEqual({ kind: 'ok', value: agent });
    expect(asPerson(c, 'platform-agent', () => actingAgent(c)).kind).toBe('ok');
  });

  it('counts apart from people', () => {
    const c = fakeCanister({ callsPerMinute: 1 });
    givenAgent(c, givenProvider(c, 'seller'), { agent });
    c.runtime.callerNow = agent;
    expect(actingAgent(c).kind).toBe('ok');
    expect(actingAgent(c)).toMatchObject(refused('rate-limited'));
    expect(callerAgent(c).kind).toBe('ok');
    expect(actingAccount(c).kind).toBe('ok');
  });
});

describe('agentMay', () => {
  it('is true for the granted scopes of that seller until the grant expires', () => {
    const c = fakeCanister();
    const provider = givenProvider(c, 'seller').id;
    const other = givenProvider(c, 'other').id;
    const grant = { agent, scopes: ['provision'], expiresInDays: 1 } as const;
    givenAgent(c, givenProvider(c, 'seller'), grant);
    expect(agentMay(c, { agent, provider, scope: 'provision' })).toBe(true);
    expect(agentMay(c, { agent, provider, scope: 'health' })).toBe(false);
    expect(agentMay(c, { agent, provider: other, scope: 'provision' })).toBe(false);
    expect(agentMay(c, { agent: personCalled('x'), provider, scope: 'provision' })).toBe(false);
    c.runtime.now = after(c.runtime.now, durationNs({ days: 1 }));
    expect(agentMay(c, { agent, provider, scope: 'provision' })).toBe(false);
  });

  it('lets agents of the platform report health for everybody, and nothing else', () => {
    const c = fakeCanister();
    givenSettings(c, { platformAgents: [agent] });
    const provider = givenProvider(c, 'seller').id;
    const scopes = ['provision', 'health', 'catalogue', 'notify'] as const;
    const allowed = scopes.filter((scope) => agentMay(c, { agent, provider, scope }));
    expect(allowed).toEqual(['health']);
  });
});

describe('settingsOf', () => {
  it('refuses until controllers have set them', () => {
    const c = fakeCanister();
    expect(settingsOf(c)).toMatchObject(refused('not-configured'));
    const settings = givenSettings(c);
    expect(settingsOf(c.upgraded())).toEqual({ kind: 'ok', value: settings });
  });
});
