import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { findSubnetOf } from './call-routing.ts';
import { canisterIdOf } from './canister-range.ts';
import { parseInstanceConfig } from './instance-config.ts';
import { planSubnets, type SubnetPlan } from './subnet-plan.ts';

const OWN_ID = Principal.selfAuthenticating(Uint8Array.of(1, 2, 3));
const EVERY_KIND = {
  nns: {},
  sns: {},
  ii: {},
  fiduciary: {},
  bitcoin: {},
  system: [{}],
  application: [{}, {}],
  verified_application: [{}],
};

function planOf(sets: Record<string, unknown>): SubnetPlan {
  return planSubnets(parseInstanceConfig({ subnet_config_set: sets }), OWN_ID);
}

function kindOf(plan: SubnetPlan, canisterId: string): string | undefined {
  return findSubnetOf(plan, Principal.fromText(canisterId))?.kind;
}

describe('planSubnets', () => {
  it('lays out every subnet asked for, with an id and canister ids of its own', () => {
    const { subnets } = planOf(EVERY_KIND);
    expect(subnets.map(({ kind }) => kind)).toEqual([
      'NNS',
      'SNS',
      'II',
      'Fiduciary',
      'Bitcoin',
      'System',
      'Application',
      'Application',
      'VerifiedApplication',
    ]);
    expect(new Set(subnets.map(({ id }) => id.toText())).size).toBe(subnets.length);
    const ranges = subnets.flatMap((subnet) => subnet.ranges);
    const sorted = ranges.toSorted((a, b) => (a.start < b.start ? -1 : 1));
    for (const [position, range] of sorted.entries()) {
      const next = sorted[position + 1];
      expect(range.start <= range.end).toBe(true);
      if (next !== undefined) expect(range.end < next.start).toBe(true);
    }
  });

  it.each([
    ['ryjl3-tyaaa-aaaaa-aaaba-cai', 'NNS'],
    ['rkp4c-7iaaa-aaaaa-aaaca-cai', 'NNS'],
    ['rdmx6-jaaaa-aaaaa-aaadq-cai', 'II'],
    ['um5iw-rqaaa-aaaaq-qaaba-cai', 'II'],
    ['mqygn-kiaaa-aaaar-qaadq-cai', 'Fiduciary'],
    ['zqfso-syaaa-aaaaq-aaafq-cai', 'SNS'],
    ['ghsi2-tqaaa-aaaan-aaaca-cai', 'Bitcoin'],
  ])('puts %s on the %s subnet, as on the IC', (canisterId, kind) => {
    expect(kindOf(planOf(EVERY_KIND), canisterId)).toBe(kind);
  });

  it('lets the first application subnet be the replica itself', () => {
    const { subnets, defaultSubnet } = planOf(EVERY_KIND);
    expect(defaultSubnet).toBe(subnets.find(({ kind }) => kind === 'Application'));
    expect(defaultSubnet.id.toText()).toBe(OWN_ID.toText());
  });

  it('falls back to whatever subnet there is', () => {
    const { defaultSubnet } = planOf({ nns: {}, fiduciary: {} });
    expect(defaultSubnet.kind).toBe('NNS');
    expect(defaultSubnet.id.toText()).toBe(OWN_ID.toText());
  });

  it('holds no well-known canister id unless its subnet was asked for', () => {
    const plan = planOf({ application: [{}] });
    expect(kindOf(plan, 'ryjl3-tyaaa-aaaaa-aaaba-cai')).toBeUndefined();
    expect(findSubnetOf(plan, canisterIdOf(0x500000n))).toBe(plan.defaultSubnet);
  });
});
