import { createHash } from 'node:crypto';
import { Principal } from '@dfinity/principal';
import type { CanisterRange } from './canister-range.ts';
import type { InstanceConfig, SubnetSpec } from './instance-config.ts';

export type SubnetKind =
  'Application' | 'Bitcoin' | 'Fiduciary' | 'II' | 'NNS' | 'SNS' | 'System' | 'VerifiedApplication';

/**
 * A subnet as a client of the instance sees it: an id, a kind and the canister ids that belong to
 * it. One replica executes them all (see README.md).
 */
export interface PlannedSubnet {
  readonly id: Principal;
  readonly kind: SubnetKind;
  /** Nodes that a subnet of this kind has in PocketIC; HTTPS outcall mocks are counted by it. */
  readonly size: number;
  readonly spec: SubnetSpec;
  /** Every canister id of this subnet, `allocation` last. */
  readonly ranges: readonly CanisterRange[];
  /** Where ids come from that nobody chose. */
  readonly allocation: CanisterRange;
}

/** Source: dfinity/ic rs/pocket_ic_server/src/pocket_ic.rs `subnet_size`. */
const SIZE_BY_KIND: Record<SubnetKind, number> = {
  Application: 13,
  Bitcoin: 13,
  Fiduciary: 34,
  II: 34,
  NNS: 40,
  SNS: 34,
  System: 13,
  VerifiedApplication: 13,
};

/** Ids that these subnets have on the IC. Source: routing table of the IC's registry. */
const MAINNET_RANGES: Partial<Record<SubnetKind, readonly CanisterRange[]>> = {
  NNS: [
    { start: 0n, end: 6n },
    { start: 8n, end: 0xfffffn },
  ],
  SNS: [{ start: 0x2000000n, end: 0x20fffffn }],
  II: [
    { start: 7n, end: 7n },
    { start: 0x2100000n, end: 0x21fffffn },
  ],
  Fiduciary: [{ start: 0x2300000n, end: 0x23fffffn }],
  Bitcoin: [{ start: 0x1a00000n, end: 0x1afffffn }],
};

const IDS_PER_SUBNET = 1n << 20n;
const TOP_INDEX = (1n << 64n) - 1n;

/** Where the replica itself takes ids from, above every well-known system canister. */
const REPLICA_ALLOCATION: CanisterRange = { start: 0x500000n, end: 0x5fffffn };

/** The subnet that new canisters go to when the caller names none. Source: as `SIZE_BY_KIND`. */
const DEFAULT_ORDER: readonly SubnetKind[] = ['Application', 'VerifiedApplication', 'System'];

/** The subnets of an instance, in PocketIC's order, and the one new canisters go to by default. */
export interface SubnetPlan {
  readonly subnets: readonly PlannedSubnet[];
  readonly defaultSubnet: PlannedSubnet;
}

/**
 * Lays out the subnets asked for as PocketIC does: named ones hold their ids of the IC, and each
 * subnet gets 2^20 ids of its own. The default one is the replica itself, so that what canisters
 * and certificates say of its id agrees; the ids of the others count down from the top.
 */
export function planSubnets(config: InstanceConfig, replicaSubnetId: Principal): SubnetPlan {
  const requested = requestedSubnets(config);
  const defaultPosition = defaultPositionOf(requested.map(({ kind }) => kind));
  const subnets = requested.map(({ kind, spec }, position) => {
    const isDefault = position === defaultPosition;
    const allocation = isDefault ? REPLICA_ALLOCATION : allocationRange(position);
    return {
      id: isDefault ? replicaSubnetId : subnetIdAt(position),
      kind,
      size: SIZE_BY_KIND[kind],
      spec,
      ranges: [...(MAINNET_RANGES[kind] ?? []), allocation],
      allocation,
    };
  });
  const defaultSubnet = subnets[defaultPosition];
  if (defaultSubnet === undefined) throw new Error('BUG: an instance without subnets');
  return { subnets, defaultSubnet };
}

function defaultPositionOf(kinds: readonly SubnetKind[]): number {
  for (const kind of DEFAULT_ORDER) {
    const position = kinds.indexOf(kind);
    if (position >= 0) return position;
  }
  return 0;
}

function requestedSubnets(
  config: InstanceConfig,
): readonly { readonly kind: SubnetKind; readonly spec: SubnetSpec }[] {
  const { subnets } = config;
  const named: readonly [SubnetKind, SubnetSpec | undefined][] = [
    ['NNS', subnets.nns],
    ['SNS', subnets.sns],
    ['II', subnets.ii],
    ['Fiduciary', subnets.fiduciary],
    ['Bitcoin', subnets.bitcoin],
  ];
  return [
    ...named.flatMap(([kind, spec]) => (spec === undefined ? [] : [{ kind, spec }])),
    ...subnets.system.map((spec) => ({ kind: 'System' as const, spec })),
    ...subnets.application.map((spec) => ({ kind: 'Application' as const, spec })),
    ...subnets.verifiedApplication.map((spec) => ({ kind: 'VerifiedApplication' as const, spec })),
  ];
}

function allocationRange(position: number): CanisterRange {
  const block = TOP_INDEX / IDS_PER_SUBNET - 1n - BigInt(position);
  return { start: block * IDS_PER_SUBNET, end: (block + 1n) * IDS_PER_SUBNET - 1n };
}

function subnetIdAt(position: number): Principal {
  const name = `localnet subnet ${position}`;
  return Principal.selfAuthenticating(createHash('sha256').update(name).digest());
}
