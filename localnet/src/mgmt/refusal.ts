import type { Principal } from '@dfinity/principal';
import type { CanisterState } from '../core/canister-state.ts';
import { ErrorCode, type Reject, reject } from '../core/types.ts';

/** Thrown inside a method to reject the call; it never leaves the management canister. */
export class Refusal extends Error {
  readonly reject: Reject;
  constructor(errorCode: ErrorCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.reject = reject(errorCode, message);
  }
}

export function notController(canister: CanisterState, sender: Principal): Refusal {
  const controllers = canister.settings.controllers.map((id) => id.toText()).join(' ');
  return new Refusal(
    ErrorCode.CanisterInvalidController,
    `Only the controllers of the canister ${canister.key} can control it.\n` +
      `Canister's controllers: ${controllers}\nSender's ID: ${sender.toText()}`,
  );
}

/** Source: dfinity/ic rs/execution_environment/src/canister_logs.rs. */
export function noLogAccess(sender: Principal): Refusal {
  return new Refusal(
    ErrorCode.CanisterRejectedMessage,
    `Caller ${sender.toText()} is not allowed to access canister logs`,
  );
}

export function invalidPayload(message: string): Refusal {
  return new Refusal(ErrorCode.InvalidManagementPayload, message);
}

export function canistersOnly(method: string): Refusal {
  return new Refusal(
    ErrorCode.CanisterRejectedMessage,
    `Only canisters can call ic00 method ${method}`,
  );
}

export function unknownMethod(method: string): Refusal {
  return new Refusal(
    ErrorCode.CanisterMethodNotFound,
    `Management canister has no method '${method}'`,
  );
}
