import { describe, expect, it } from 'vitest';
import { parseInstanceConfig } from './instance-config.ts';

const SPEC = {
  dts_flag: 'Enabled',
  instruction_config: 'Production',
  cost_schedule: 'Normal',
  state_config: 'New',
};
const SETS = { system: [], application: [SPEC], cloud_engine: [], verified_application: [] };

function bodyWith(extra: Record<string, unknown>, sets: Record<string, unknown> = {}): unknown {
  return { subnet_config_set: { ...SETS, ...sets }, ...extra };
}

describe('parseInstanceConfig', () => {
  it('reads what a client without options sends', () => {
    const config = parseInstanceConfig(bodyWith({}));
    expect(config.subnets.application).toEqual([
      { instructionConfig: 'Production', costSchedule: 'Normal', stateConfig: 'New' },
    ]);
    expect(config.subnets.nns).toBeUndefined();
    expect(config.features.size).toBe(0);
    expect(config.initialTime).toBeUndefined();
  });

  it('reads an initial time beyond 2^53', () => {
    const initial_time = { Timestamp: { nanos_since_epoch: 1_700_000_000_000_000_001n } };
    expect(parseInstanceConfig(bodyWith({ initial_time })).initialTime).toEqual({
      kind: 'timestamp',
      ns: 1_700_000_000_000_000_001n,
    });
  });

  it('adds the subnets that system canisters live on', () => {
    const icp_features = { icp_token: 'DefaultConfig', cycles_token: 'DefaultConfig', sns: null };
    const config = parseInstanceConfig(bodyWith({ icp_features }));
    expect([...config.features]).toEqual(['icp_token', 'cycles_token']);
    expect(config.subnets.nns?.stateConfig).toBe('New');
    expect(config.subnets.ii?.stateConfig).toBe('New');
  });

  it.each([
    {
      desc: 'a state directory of a subnet',
      sets: { nns: { ...SPEC, state_config: { FromPath: '/x' } } },
      text: 'state_config',
    },
    { desc: 'cloud engines', sets: { cloud_engine: [SPEC] }, text: 'cloud_engine' },
    { desc: 'a state directory', extra: { state_dir: '/x' }, text: 'state_dir' },
    { desc: 'bitcoind', extra: { bitcoind_addr: ['127.0.0.1:1'] }, text: 'bitcoind_addr' },
    { desc: 'dogecoind', extra: { dogecoind_addr: ['127.0.0.1:1'] }, text: 'dogecoind_addr' },
    {
      desc: 'unchecked signatures',
      extra: { disable_ingress_validation: true },
      text: 'disable_ingress_validation',
    },
    {
      desc: 'beta features',
      extra: { icp_config: { beta_features: 'Enabled' } },
      text: 'beta_features',
    },
    {
      desc: 'longer names',
      extra: { icp_config: { function_name_length_limits: 'Disabled' } },
      text: 'function_name_length_limits',
    },
    {
      desc: 'rate limiting',
      extra: { icp_config: { canister_execution_rate_limiting: 'Enabled' } },
      text: 'canister_execution_rate_limiting',
    },
    {
      desc: 'the registry canister',
      extra: { icp_features: { registry: 'DefaultConfig' } },
      text: 'icp_features.registry',
    },
    { desc: 'no subnet', sets: { application: [] }, text: 'at least one subnet' },
  ])('refuses $desc by name', ({ sets, extra, text }) => {
    expect(() => parseInstanceConfig(bodyWith(extra ?? {}, sets))).toThrow(text);
  });

  it('takes flags that already hold', () => {
    const icp_config = {
      beta_features: 'Disabled',
      canister_backtrace: 'Enabled',
      function_name_length_limits: 'Enabled',
      canister_execution_rate_limiting: 'Disabled',
    };
    expect(parseInstanceConfig(bodyWith({ icp_config })).subnets.application).toHaveLength(1);
  });
});
