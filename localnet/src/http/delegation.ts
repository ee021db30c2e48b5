import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import { domainSeparator } from '../crypto/bytes.ts';
import { hashOfMap } from '../crypto/request-id.ts';
import type { SignedDelegation } from './envelope.ts';
import { HttpError } from './http-error.ts';
import { timeText } from './time-text.ts';

const DELEGATION_SEPARATOR = domainSeparator('ic-request-auth-delegation');

/** Source: IC interface spec, "Authentication". */
const MAX_DELEGATIONS = 20;
const MAX_TARGETS = 1_000;
const MAX_PRINCIPAL_BYTES = 29;

/** What a chain of delegations still allows. */
export interface Scope {
  /** Canister ids in hex; undefined allows all. */
  readonly targets: ReadonlySet<string> | undefined;
  readonly allowsUpdates: boolean;
}

export const UNLIMITED: Scope = { targets: undefined, allowsUpdates: true };

/** The bytes a delegation is signed over. */
export function delegationPayload(delegation: SignedDelegation): Uint8Array {
  const hash = hashOfMap({
    pubkey: delegation.publicKeyDer,
    expiration: delegation.expirationNs,
    targets: delegation.targets,
    permissions: delegation.permissions,
  });
  return concatBytes(DELEGATION_SEPARATOR, hash);
}

/**
 * Checks everything about a chain but its signatures, and gives what it allows in the end: no
 * delegation can widen what one before it has narrowed.
 *
 * Errors: `HttpError` 400 for a chain that is too long, expired, cyclic or malformed.
 */
export function scopeOfChain(
  chain: readonly SignedDelegation[],
  context: { readonly senderKeyDer: Uint8Array; readonly nowNs: bigint },
): Scope {
  if (chain.length > MAX_DELEGATIONS) {
    throw invalid(
      `Chain of delegations is too long: got ${chain.length} delegations, but at most ` +
        `${MAX_DELEGATIONS} are allowed`,
    );
  }
  for (const delegation of chain) assertNotExpired(delegation, context.nowNs);
  assertNoCycle(chain, context.senderKeyDer);
  return chain.reduce((scope, delegation) => narrow(scope, delegation), UNLIMITED);
}

function assertNotExpired({ expirationNs }: SignedDelegation, nowNs: bigint): void {
  if (expirationNs >= nowNs) return;
  throw new HttpError(
    400,
    `Invalid delegation expiry: Specified sender delegation has expired:\n` +
      `Provided expiry:    ${timeText(expirationNs)}\nLocal replica time: ${timeText(nowNs)}`,
  );
}

function assertNoCycle(chain: readonly SignedDelegation[], senderKeyDer: Uint8Array): void {
  const seen = new Set([bytesToHex(senderKeyDer)]);
  for (const { publicKeyDer } of chain) {
    const key = bytesToHex(publicKeyDer);
    if (seen.has(key)) {
      throw invalid(
        'Chain of delegations contains at least one cycle: first repeating public key ' +
          `encountered ${key}`,
      );
    }
    seen.add(key);
  }
}

function narrow(scope: Scope, delegation: SignedDelegation): Scope {
  return {
    targets: intersect(scope.targets, targetsOf(delegation)),
    allowsUpdates: scope.allowsUpdates && permitsUpdates(delegation),
  };
}

function targetsOf({ targets }: SignedDelegation): ReadonlySet<string> | undefined {
  if (targets === undefined) return undefined;
  if (targets.length > MAX_TARGETS) {
    throw invalid(
      `expected at most ${MAX_TARGETS} targets per delegation, but got ${targets.length}`,
    );
  }
  if (targets.some((target) => target.length > MAX_PRINCIPAL_BYTES)) {
    throw invalid('Error parsing canister ID: a target is longer than 29 bytes');
  }
  return new Set(targets.map((target) => bytesToHex(target)));
}

function intersect(
  a: ReadonlySet<string> | undefined,
  b: ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return new Set([...a].filter((target) => b.has(target)));
}

function permitsUpdates({ permissions }: SignedDelegation): boolean {
  if (permissions === undefined || permissions === 'all') return true;
  if (permissions === 'queries') return false;
  throw invalid(`unknown permissions \`${permissions.slice(0, 40)}\``);
}

function invalid(message: string): HttpError {
  return new HttpError(400, `Invalid delegation: ${message}`);
}
