import { isUtf8 } from 'node:buffer';
import { Principal } from '@dfinity/principal';
import type { Replica } from '../core/replica-api.ts';
import type { MessageId } from '../core/types.ts';
import { equalBytes } from '../crypto/bytes.ts';
import type { Path } from '../crypto/tree-lookup.ts';
import { isTarget } from './authenticate.ts';
import type { Scope } from './delegation.ts';
import { HttpError } from './http-error.ts';

/** Source: IC interface spec, "Request: Read state". */
const MAX_PATHS = 1_000;
const MAX_LABELS = 127;
const REQUEST_ID_BYTES = 32;
const MAX_PRINCIPAL_BYTES = 29;

/** Who asks, and at which door. */
export interface ReadStateAccess {
  readonly replica: Replica;
  readonly sender: Principal;
  readonly scope: Scope;
  readonly door: 'canister' | 'subnet';
  /** The canister or subnet id in the URL. */
  readonly effectiveId: Principal;
}

/** Throws `HttpError` 400 for more or longer paths than the IC accepts. */
export function assertPathLimits(paths: readonly Path[]): void {
  if (paths.length > MAX_PATHS) {
    throw new HttpError(
      400,
      `Too many paths in read state request: got ${paths.length} paths, but at most ` +
        `${MAX_PATHS} are allowed`,
    );
  }
  const longest = Math.max(0, ...paths.map((path) => path.length));
  if (longest > MAX_LABELS) {
    throw new HttpError(
      400,
      `At least one path in read state request is too deep: got ${longest} labels, but at most ` +
        `${MAX_LABELS} are allowed`,
    );
  }
}

/**
 * Checks that every path may be read by this caller. Gives the one request id asked about, if any.
 *
 * Errors: `HttpError` 400, 403 or 404.
 * Source: IC interface spec, "Request: Read state"; dfinity/ic rs/http_endpoints/public.
 */
export function checkPaths(paths: readonly Path[], access: ReadStateAccess): MessageId | undefined {
  let requestId: MessageId | undefined;
  assertOneRangesSubnet(paths);
  for (const path of paths) {
    const [root] = path.map(labelText);
    if (root === 'request_status') {
      const id = checkRequestPath(path, access);
      assertOneRequest(id, requestId);
      requestId = id;
    } else if (root === 'canister' && access.door === 'canister') {
      checkCanisterPath(path, access);
    } else {
      checkCommonPath(path, access);
    }
  }
  return requestId;
}

function checkCommonPath(path: Path, access: ReadStateAccess): void {
  const [root, , ...rest] = path.map(labelText);
  switch (root) {
    case 'time':
      if (path.length === 1) return;
      break;
    case 'api_boundary_nodes':
      if (isOneOf(rest, [[], ['domain'], ['ipv4_address'], ['ipv6_address']])) return;
      break;
    case 'subnet':
      if (isSubnetPath(path, rest, access)) return;
      break;
    case 'canister_ranges':
      if (access.door === 'subnet' && path.length === 2) return;
      break;
    default:
  }
  throw invalidPath();
}

/** The only subnet is the root subnet, so its ranges may be read through every door. */
function isSubnetPath(path: Path, rest: readonly string[], access: ReadStateAccess): boolean {
  const [first, , ...belowNode] = rest;
  if (first === 'node') return isOneOf(belowNode, [[], ['public_key']]);
  if (first === 'metrics' && rest.length === 1 && access.door === 'subnet') {
    assertEffective(path[1], access.effectiveId);
    return true;
  }
  return isOneOf(rest, [[], ['public_key'], ['type'], ['canister_ranges']]);
}

const CANISTER_LEAVES = [
  ['controllers'],
  ['module_hash'],
  ['canister_creation_timestamp'],
  ['last_install_timestamp'],
];

function checkCanisterPath(path: Path, access: ReadStateAccess): void {
  const [, canisterId, kind, name] = path;
  const [, , ...rest] = path.map(labelText);
  const isMetadata = kind !== undefined && labelText(kind) === 'metadata' && path.length === 4;
  if (!isMetadata && !isOneOf(rest, CANISTER_LEAVES)) throw invalidPath();
  if (isMetadata && name !== undefined && !isUtf8(name)) {
    throw new HttpError(400, 'Could not parse the custom section name: invalid utf-8.');
  }
  assertEffective(canisterId, access.effectiveId);
  if (isMetadata && name !== undefined) assertMayReadMetadata(labelText(name), access);
}

function assertMayReadMetadata(name: string, access: ReadStateAccess): void {
  const canister = access.replica.canister(access.effectiveId);
  const section = canister?.metadata.find((each) => each.name === name);
  if (canister === undefined || section === undefined || section.isPublic) return;
  const isController = canister.controllers.some((each) => each.compareTo(access.sender) === 'eq');
  if (isController) return;
  throw new HttpError(
    403,
    `Custom section ${name.slice(0, 100)} can only be requested by the controllers of the canister.`,
  );
}

const REQUEST_LEAVES = [
  [],
  ['status'],
  ['reply'],
  ['reject_code'],
  ['reject_message'],
  ['error_code'],
];

function checkRequestPath(path: Path, access: ReadStateAccess): MessageId {
  const [, id] = path;
  const [, , ...rest] = path.map(labelText);
  if (id === undefined || !isOneOf(rest, REQUEST_LEAVES)) throw invalidPath();
  if (id.length !== REQUEST_ID_BYTES) {
    throw new HttpError(
      400,
      'Invalid request id in paths. Maybe the request ID is not of 32 bytes in length?!',
    );
  }
  const messageId = Buffer.from(id).toString('hex') as MessageId;
  const origin = access.replica.ingressOrigin(messageId);
  if (origin !== undefined) assertOwnRequest(origin, access);
  return messageId;
}

function assertOwnRequest(
  origin: { readonly sender: Principal; readonly canisterId: Principal },
  access: ReadStateAccess,
): void {
  if (origin.sender.compareTo(access.sender) !== 'eq') {
    throw new HttpError(403, 'The user tries to access Request ID not signed by the caller.');
  }
  if (!isTarget(access.scope, origin.canisterId)) {
    throw new HttpError(
      403,
      'The user tries to access request IDs for canisters not belonging to sender delegation ' +
        'targets.',
    );
  }
  assertEffectiveOrigin(origin.canisterId, access);
}

/** The canister it was sent to is the effective id; where that is `aaaaa-aa`, any id may have been. */
function assertEffectiveOrigin(canisterId: Principal, access: ReadStateAccess): void {
  if (canisterId.compareTo(Principal.managementCanister()) === 'eq') return;
  if (access.door === 'canister') {
    assertEffective(canisterId.toUint8Array(), access.effectiveId);
    return;
  }
  throw new HttpError(400, 'The request was not submitted to a subnet.');
}

function assertOneRangesSubnet(paths: readonly Path[]): void {
  const subnets = paths
    .filter(([root]) => root !== undefined && labelText(root) === 'canister_ranges')
    .map(([, subnet]) => (subnet === undefined ? '' : Buffer.from(subnet).toString('hex')));
  if (new Set(subnets).size <= 1) return;
  throw new HttpError(400, 'More than one subnet ID exists in canister_ranges paths.');
}

function assertOneRequest(id: MessageId, before: MessageId | undefined): void {
  if (before === undefined || before === id) return;
  throw new HttpError(
    400,
    'More than one non-unique request ID exists in request_status paths: ' +
      `0x${before} and 0x${id}.`,
  );
}

function assertEffective(label: Uint8Array | undefined, effectiveId: Principal): void {
  if (label === undefined || label.length > MAX_PRINCIPAL_BYTES) {
    throw new HttpError(400, 'Could not parse principal ID.');
  }
  if (equalBytes(label, effectiveId.toUint8Array())) return;
  const requested = Principal.fromUint8Array(label).toText();
  throw new HttpError(
    400,
    `Effective principal id in URL ${effectiveId.toText()} does not match requested principal ` +
      `id: ${requested}.`,
  );
}

function isOneOf(labels: readonly string[], allowed: readonly (readonly string[])[]): boolean {
  return allowed.some(
    (each) => each.length === labels.length && each.every((text, at) => labels[at] === text),
  );
}

/** For comparison with the ASCII names of the tree; labels of other bytes never equal one. */
function labelText(label: Uint8Array): string {
  return Buffer.from(label).toString('utf8');
}

function invalidPath(): HttpError {
  return new HttpError(404, 'Invalid path requested.');
}
