import type { CanisterState } from '../core/canister-state.ts';
import { compareBytes, sha256, utf8 } from '../crypto/bytes.ts';
import { concatBytes } from '@noble/hashes/utils.js';
import { type Opt, some } from '../core/candid-opt.ts';
import type { MethodScene } from './method.ts';
import type { WireChangeDetails, WireChangeOrigin } from './wire/status.ts';

/** Adds a change that has just happened to the canister's history. */
export function recordChange(
  scene: MethodScene,
  canister: CanisterState,
  change: { details: WireChangeDetails; senderVersion: Opt<bigint> },
): void {
  scene.state.remember(canister, {
    timestamp_nanos: scene.kernel.timeNs,
    canister_version: canister.version,
    origin: originOf(scene, change.senderVersion),
    details: change.details,
  });
}

function originOf({ call }: MethodScene, senderVersion: Opt<bigint>): WireChangeOrigin {
  return call.origin.kind === 'canister'
    ? { from_canister: { canister_id: call.caller, canister_version: senderVersion } }
    : { from_user: { user_id: call.caller } };
}

/** Details of a creation; the hash is there only if the creation set environment variables. */
export function creationDetails(canister: CanisterState): WireChangeDetails {
  const { controllers, environmentVariables } = canister.settings;
  const pairs = environmentVariables.map(({ name, value }) =>
    concatBytes(sha256(utf8(name)), sha256(utf8(value))),
  );
  const hash = pairs.length === 0 ? undefined : sha256(...pairs.sort(compareBytes));
  return { creation: { controllers, environment_variables_hash: some(hash) } };
}
