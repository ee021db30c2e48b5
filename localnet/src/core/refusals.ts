import type { Principal } from '@dfinity/principal';
import type { CanisterState } from './canister-state.ts';
import { ErrorCode, type MessageId, type Reject, reject } from './types.ts';

export function notFound(id: Principal): Reject {
  return reject(ErrorCode.CanisterNotFound, `Canister ${id.toText()} not found`);
}

/** The message waited past its ingress_expiry and must not start any more. */
export function timedOut(id: MessageId): Reject {
  return reject(
    ErrorCode.IngressMessageTimeout,
    `Ingress message ${id} timed out waiting to start`,
  );
}

export function noModule(canister: CanisterState): Reject {
  return reject(
    ErrorCode.CanisterWasmModuleNotFound,
    `Error from Canister ${canister.key}: Attempted to execute a message, but the canister ` +
      'contains no Wasm module.',
  );
}

export function outOfCycles(canister: CanisterState): Reject {
  return reject(
    ErrorCode.CanisterOutOfCycles,
    `Canister ${canister.key} is unable to process messages because it is below its freezing ` +
      'threshold. Please top up the canister with cycles and try again.',
  );
}

export function noUpdateMethod(canister: CanisterState, method: string): Reject {
  return reject(
    ErrorCode.CanisterMethodNotFound,
    `Error from Canister ${canister.key}: Canister has no update method '${method}'.`,
  );
}
