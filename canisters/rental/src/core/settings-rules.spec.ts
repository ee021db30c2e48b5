import { Principal } from '@dfinity/principal';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { describe, expect, it } from 'vitest';
import { personCalled } from '../testing/fake-canister.fake.ts';
import { checkSettings } from './settings-rules.ts';
import type { Settings } from './settings.ts';

const settings: Settings = {
  treasury: personCalled('treasury'),
  archive: personCalled('archive'),
  installation: 'main-1',
  platformAgents: [personCalled('agent')],
  retentionNs: durationNs({ days: 30 }),
};

describe('checkSettings', () => {
  it('takes settings that the canister can run with', () => {
    expect(checkSettings(settings)).toEqual({ kind: 'ok', value: settings });
    expect(checkSettings({ ...settings, platformAgents: [] }).kind).toBe('ok');
  });

  it.each<[string, Partial<Settings>]>([
    ['treasury', { treasury: Principal.anonymous() }],
    ['archive', { archive: Principal.managementCanister() }],
    ['installation', { installation: '' }],
    ['installation', { installation: 'Main' }],
    ['installation', { installation: 'x'.repeat(33) }],
    ['platform_agents', { platformAgents: [Principal.anonymous()] }],
    ['platform_agents', { platformAgents: Array.from({ length: 11 }, () => settings.archive) }],
    ['retention_ns', { retentionNs: durationNs({ hours: 23 }) }],
    ['retention_ns', { retentionNs: durationNs({ days: 366 }) }],
  ])('refuses a wrong %s', (argument, change) => {
    const checked = checkSettings({ ...settings, ...change });
    expect(checked).toMatchObject({ kind: 'err', error: { argument } });
  });
});
