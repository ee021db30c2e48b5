import { describe, expect, it } from 'vitest';
import { givenSettings } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { settingsOf } from './callers.ts';
import { changeSettings } from './change-settings.flow.ts';

describe('changeSettings', () => {
  it('takes what a controller sets', () => {
    const c = fakeCanister();
    const settings = givenSettings(fakeCanister());
    c.runtime.callerNow = personCalled('operator');
    c.runtime.controllers = [personCalled('operator')];
    expect(changeSettings(c, settings)).toEqual({ kind: 'ok', value: settings });
    expect(settingsOf(c.upgraded())).toEqual({ kind: 'ok', value: settings });
    const wrong = changeSettings(c, { ...settings, installation: 'NOT' });
    expect(wrong).toMatchObject({ error: { leaf: { argument: 'installation' } } });
    expect(settingsOf(c)).toEqual({ kind: 'ok', value: settings });
  });

  it('refuses everybody else', () => {
    const c = fakeCanister();
    const settings = givenSettings(fakeCanister());
    c.runtime.callerNow = personCalled('ada');
    expect(changeSettings(c, settings)).toMatchObject({ error: { leaf: { kind: 'not-allowed' } } });
    expect(settingsOf(c).kind).toBe('err');
  });
});
