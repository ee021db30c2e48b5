import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { CanisterState, Visibility } from '../core/canister-state.ts';
import type { Kernel } from '../core/kernel.ts';
import type { ManagementCall } from '../core/management-port.ts';
import { notFound } from '../core/refusals.ts';
import { ErrorCode, type Reject } from '../core/types.ts';
import { assertDecodableCandid } from '../crypto/candid-walk.ts';
import type { ManagementState } from './management-state.ts';
import { invalidPayload, noLogAccess, notController, Refusal } from './refusal.ts';

/** What a method works on. */
export interface MethodScene {
  readonly kernel: Kernel;
  readonly state: ManagementState;
  readonly call: ManagementCall;
}

/** What a method came to. `later` means that the method delivers its response itself. */
export type Answer =
  | { readonly kind: 'reply'; readonly value?: unknown; readonly cyclesUsed?: bigint }
  | { readonly kind: 'later' }
  | Reject;

export const DONE: Answer = { kind: 'reply' };

/** Who may use a method on a canister, beside its controllers. */
export type Access = 'controllers' | 'self' | 'status' | 'snapshots' | 'logs' | 'anyone';

/** How a call may come in: by ingress or from canisters, from canisters only, as a query only. */
export type Route = 'everyone' | 'canisters' | 'queries';

/** One method with its Candid types; decodes, finds the canister and checks access by itself. */
export interface Method {
  readonly route: Route;
  readonly isQueryable: boolean;
  readonly resultType: IDL.Type | undefined;
  /** Throws `Refusal` if the sender may not call it with this argument. */
  check(kernel: Kernel, sender: Principal, arg: Uint8Array): void;
  /** Throws `Refusal`, having changed nothing, to reject. */
  run(scene: MethodScene): Answer;
}

/** A method about one existing canister, which its argument names. */
export function canisterMethod<Arg>(definition: {
  readonly argType: IDL.Type;
  readonly resultType?: IDL.Type;
  readonly canisterId: (arg: Arg) => Principal;
  readonly access: Access;
  readonly route?: Route;
  readonly isQueryable?: boolean;
  readonly run: (scene: MethodScene, canister: CanisterState, arg: Arg) => Answer;
}): Method {
  const { argType, canisterId, access, resultType, route = 'everyone' } = definition;
  const open = (kernel: Kernel, sender: Principal, bytes: Uint8Array) => {
    const arg = decodeArg(argType, bytes) as Arg;
    const canister = findCanister(kernel, canisterId(arg));
    assertAccess(canister, sender, access);
    return { arg, canister };
  };
  return {
    route,
    isQueryable: definition.isQueryable ?? false,
    resultType,
    check: (kernel, sender, bytes) => {
      open(kernel, sender, bytes);
    },
    run: (scene) => {
      const { arg, canister } = open(scene.kernel, scene.call.caller, scene.call.arg);
      return definition.run(scene, canister, arg);
    },
  };
}

/** A method that is not about an existing canister. Without `argType` it takes no argument. */
export function subnetMethod(definition: {
  readonly argType?: IDL.Type;
  readonly resultType?: IDL.Type;
  readonly route: Route;
  readonly run: (scene: MethodScene, arg: unknown) => Answer;
}): Method {
  const { argType, resultType, route } = definition;
  const open = (bytes: Uint8Array): unknown =>
    argType === undefined ? undefined : decodeArg(argType, bytes);
  return {
    route,
    isQueryable: false,
    resultType,
    check: (_kernel, _sender, bytes) => {
      open(bytes);
    },
    run: (scene) => definition.run(scene, open(scene.call.arg)),
  };
}

function decodeArg(type: IDL.Type, bytes: Uint8Array): unknown {
  try {
    assertDecodableCandid(bytes);
    // A copy: the decoder misreads views into pooled buffers.
    return IDL.decode([type], new Uint8Array(bytes))[0];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw invalidPayload(`Error decoding candid: ${detail}`);
  }
}

/** Throws `Refusal` (IC0301) unless it exists. */
export function findCanister(kernel: Kernel, id: Principal): CanisterState {
  const canister = kernel.get(id);
  if (canister === undefined) {
    throw new Refusal(ErrorCode.CanisterNotFound, notFound(id).message);
  }
  return canister;
}

/** Throws `Refusal` (IC0512, for logs IC0406) unless `sender` is a controller or else allowed. */
export function assertAccess(canister: CanisterState, sender: Principal, access: Access): void {
  if (canister.isController(sender) || isAllowed(canister, sender, access)) return;
  throw access === 'logs' ? noLogAccess(sender) : notController(canister, sender);
}

function isAllowed(canister: CanisterState, sender: Principal, access: Access): boolean {
  const { statusVisibility, snapshotVisibility, logVisibility } = canister.settings;
  switch (access) {
    case 'controllers':
      return false;
    case 'self':
      return isSelf(canister, sender);
    case 'status':
      return isSelf(canister, sender) || isViewer(statusVisibility, sender);
    case 'snapshots':
      return isViewer(snapshotVisibility, sender);
    case 'logs':
      return isViewer(logVisibility, sender);
    case 'anyone':
      return true;
  }
}

function isSelf(canister: CanisterState, sender: Principal): boolean {
  return sender.toText() === canister.key;
}

function isViewer(visibility: Visibility, sender: Principal): boolean {
  switch (visibility.kind) {
    case 'public':
      return true;
    case 'controllers':
      return false;
    case 'allowed-viewers':
      return visibility.viewers.some((viewer) => viewer.toText() === sender.toText());
  }
}
