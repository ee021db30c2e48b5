import { Principal } from '@dfinity/principal';
import { CandidWalkError, findPrincipalField } from '../crypto/candid-walk.ts';
import { isInCanisterRanges } from './canister-ranges.ts';
import { HttpError } from './http-error.ts';
import type { CallContent } from './request-content.ts';

const MANAGEMENT_CANISTER = Principal.managementCanister();

/** Calls that create a canister name none, so any effective id will do. */
const CREATING_METHODS: ReadonlySet<string> = new Set([
  'create_canister',
  'provisional_create_canister_with_cycles',
]);

/**
 * Checks that the canister id in the URL is the one the call is for.
 *
 * Errors: `HttpError` 400.
 * Source: IC interface spec, "Effective canister id".
 */
export function assertEffectiveCanisterId(content: CallContent, effectiveId: Principal): void {
  // Agents that know no better send calls which create canisters to the management canister's id.
  if (!isInCanisterRanges(effectiveId) && !isSame(effectiveId, MANAGEMENT_CANISTER)) {
    throw new HttpError(400, `Canister ${effectiveId.toText()} does not belong to any subnet`);
  }
  if (!isSame(content.canisterId, MANAGEMENT_CANISTER)) {
    assertMatches(content.canisterId, effectiveId);
    return;
  }
  const subject = managementSubject(content);
  if (subject !== undefined) assertMatches(subject, effectiveId);
}

/**
 * Checks that a call may be addressed to a subnet, and to this one.
 *
 * Errors: `HttpError` 400.
 * Source: IC interface spec, "Effective subnet id".
 */
export function assertEffectiveSubnetId(
  content: CallContent,
  subnets: { readonly effective: Principal; readonly own: Principal },
): void {
  assertOwnSubnet(subnets);
  const isSubnetMethod =
    content.kind === 'call'
      ? CREATING_METHODS.has(content.method)
      : content.method === 'list_canisters';
  if (isSame(content.canisterId, MANAGEMENT_CANISTER) && isSubnetMethod) return;
  throw new HttpError(
    400,
    `Method ${content.method.slice(0, 100)} of canister ${content.canisterId.toText()} cannot be ` +
      'called with an effective subnet id',
  );
}

/** Throws `HttpError` 400 for the id of any other subnet. */
export function assertOwnSubnet(subnets: {
  readonly effective: Principal;
  readonly own: Principal;
}): void {
  if (isSame(subnets.effective, subnets.own)) return;
  throw new HttpError(400, `Subnet ${subnets.effective.toText()} does not exist`);
}

/** Undefined if any id will do, or if the replica will reject the call whatever the id. */
function managementSubject(content: CallContent): Principal | undefined {
  const { kind, method, arg } = content;
  if (kind === 'call' && CREATING_METHODS.has(method)) return undefined;
  if (kind === 'query' && method === 'list_canisters') return undefined;
  const field = method === 'install_chunked_code' ? 'target_canister' : 'canister_id';
  try {
    const bytes = findPrincipalField(arg, field);
    return bytes && Principal.fromUint8Array(bytes);
  } catch (error) {
    if (error instanceof CandidWalkError) return undefined;
    throw error;
  }
}

function assertMatches(canisterId: Principal, effectiveId: Principal): void {
  if (isSame(canisterId, effectiveId)) return;
  throw new HttpError(
    400,
    `Specified CanisterId ${canisterId.toText()} does not match effective canister id in URL ` +
      effectiveId.toText(),
  );
}

function isSame(a: Principal, b: Principal): boolean {
  return a.compareTo(b) === 'eq';
}
