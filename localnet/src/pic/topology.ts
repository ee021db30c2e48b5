import { createHash } from 'node:crypto';
import { canisterIdOf, type CanisterRange } from './canister-range.ts';
import type { PlannedSubnet, SubnetPlan } from './subnet-plan.ts';
import { encodePrincipal } from './wire.ts';

/** Source: dfinity/ic packages/pocket-ic/src/common/rest.rs `Topology`. */
export function encodeTopology(plan: SubnetPlan): unknown {
  const entries = plan.subnets.map((subnet) => [subnet.id.toText(), encodeSubnet(subnet)] as const);
  return {
    subnet_configs: Object.fromEntries(entries),
    default_effective_canister_id: encodeCanisterId(plan.defaultSubnet.allocation.start),
  };
}

function encodeSubnet(subnet: PlannedSubnet): unknown {
  return {
    subnet_kind: subnet.kind,
    size: subnet.size,
    subnet_seed: [...createHash('sha256').update(subnet.id.toUint8Array()).digest()],
    instruction_config: subnet.spec.instructionConfig,
    cost_schedule: subnet.spec.costSchedule,
    canister_ranges: subnet.ranges.map(encodeRange),
  };
}

function encodeRange({ start, end }: CanisterRange): unknown {
  return { start: encodeCanisterId(start), end: encodeCanisterId(end) };
}

function encodeCanisterId(index: bigint): unknown {
  return { canister_id: encodePrincipal(canisterIdOf(index)) };
}
