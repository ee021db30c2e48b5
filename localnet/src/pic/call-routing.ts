import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { CanisterCall } from './canister-call.ts';
import { rangesContain } from './canister-range.ts';
import { PicError } from './pic-error.ts';
import type { PlannedSubnet, SubnetPlan } from './subnet-plan.ts';

/**
 * Finds the subnet a call goes to, by PocketIC's rules: the effective principal if one is named,
 * else the canister called, else (management canister) the one the payload speaks of.
 * Source: dfinity/ic rs/pocket_ic_server/src/pocket_ic.rs `route_call`.
 */

const MANAGEMENT_CANISTER = Principal.managementCanister();
const PROVISIONAL_CREATE = 'provisional_create_canister_with_cycles';

export interface Route {
  readonly subnet: PlannedSubnet;
  /** The canister the call is about, if it is about one: callee or subject of a management call. */
  readonly subject: Principal | undefined;
}

export function isManagementCall(call: CanisterCall): boolean {
  return isSame(call.canisterId, MANAGEMENT_CANISTER);
}

export function isProvisionalCreate(call: CanisterCall): boolean {
  return isManagementCall(call) && call.method === PROVISIONAL_CREATE;
}

/** Throws `PicError` if the call belongs to no subnet of the instance. */
export function routeCall(plan: SubnetPlan, call: CanisterCall): Route {
  switch (call.effective.kind) {
    case 'subnet':
      return { subnet: subnetById(plan, call.effective.id), subject: subjectOf(call) };
    case 'canister':
      return {
        subnet: subnetByCanister(plan, call.effective.id, call),
        subject: subjectOf(call),
      };
    case 'none':
      return routeBySubject(plan, call);
  }
}

/** The subnet whose ranges hold the id, whether or not a canister has it. */
export function findSubnetOf(plan: SubnetPlan, canisterId: Principal): PlannedSubnet | undefined {
  return plan.subnets.find((subnet) => rangesContain(subnet.ranges, canisterId));
}

export function subnetById(plan: SubnetPlan, id: Principal): PlannedSubnet {
  const found = plan.subnets.find((subnet) => isSame(subnet.id, id));
  if (found === undefined) throw badIngress(`Subnet with ID ${id.toText()} not found`);
  return found;
}

export function badIngress(reason: string): PicError {
  return new PicError(`BadIngressMessage(${JSON.stringify(reason)})`);
}

function routeBySubject(plan: SubnetPlan, call: CanisterCall): Route {
  const subject = subjectOf(call);
  if (subject !== undefined) {
    return { subnet: subnetByCanister(plan, subject, call), subject };
  }
  if (isProvisionalCreate(call)) return { subnet: plan.defaultSubnet, subject };
  throw badIngress(
    'Effective principal must be specified for all calls but canister creation via the ' +
      'provisional management canister API.',
  );
}

function subnetByCanister(plan: SubnetPlan, id: Principal, call: CanisterCall): PlannedSubnet {
  const found = findSubnetOf(plan, id);
  if (found !== undefined) return found;
  if (!isProvisionalCreate(call)) {
    throw badIngress(`Canister ${id.toText()} does not belong to any subnet.`);
  }
  if (isSame(id, MANAGEMENT_CANISTER)) return plan.defaultSubnet;
  throw badIngress(
    `The effective canister ID ${id.toText()} does not belong to an existing subnet: create the ` +
      'instance with the subnet it belongs to.',
  );
}

function subjectOf(call: CanisterCall): Principal | undefined {
  if (!isManagementCall(call)) return call.canisterId;
  if (isProvisionalCreate(call)) return specifiedIdOf(call.arg);
  return canisterIdIn(call.arg);
}

function canisterIdIn(arg: Uint8Array): Principal | undefined {
  const record = decodeRecord(IDL.Record({ canister_id: IDL.Principal }), arg);
  return (record as { canister_id: Principal } | undefined)?.canister_id;
}

function specifiedIdOf(arg: Uint8Array): Principal | undefined {
  const record = decodeRecord(IDL.Record({ specified_id: IDL.Opt(IDL.Principal) }), arg);
  return (record as { specified_id: [] | [Principal] } | undefined)?.specified_id[0];
}

/** Undefined if the bytes are no such record: then the call itself is refused, with its own code. */
function decodeRecord(type: IDL.RecordClass, arg: Uint8Array): unknown {
  try {
    return IDL.decode([type], arg)[0];
  } catch {
    return undefined;
  }
}

function isSame(one: Principal, other: Principal): boolean {
  return one.compareTo(other) === 'eq';
}
