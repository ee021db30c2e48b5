import type { Principal } from '@dfinity/principal';
import { requestError, type ErrorArm } from '@decent-cloud/domain/error-envelope.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { Runtime } from './runtime.port.ts';

/** The caller has no identity. */
export interface NotAuthenticated {
  readonly kind: 'not-authenticated';
}

/** The caller has an identity, but not one that may do this. */
export interface NotAllowed {
  readonly kind: 'not-allowed';
}

export type CallerError = ErrorArm<'request', NotAuthenticated | NotAllowed>;

/** Anybody but the anonymous principal. */
export function requireUser(runtime: Runtime): Result<Principal, CallerError> {
  const caller = runtime.caller();
  if (!caller.isAnonymous()) return ok(caller);
  const message =
    'Sign in first: nobody is behind this call. Nothing was done, and nothing was taken.';
  return err(requestError({ kind: 'not-authenticated' }, message));
}

/** A controller of this canister. */
export function requireController(runtime: Runtime): Result<Principal, CallerError> {
  const user = requireUser(runtime);
  if (user.kind === 'err' || runtime.isController(user.value)) return user;
  const message =
    'Only a controller of this canister may do this. Nothing was done: call as one of its controllers.';
  return err(requestError({ kind: 'not-allowed' }, message));
}

/** Somebody on a list. Anonymous is refused even if listed. */
export function requireListed(
  runtime: Runtime,
  isListed: (caller: Principal) => boolean,
): Result<Principal, CallerError> {
  const user = requireUser(runtime);
  if (user.kind === 'err' || isListed(user.value)) return user;
  const message =
    'Only callers that a controller put on a list may do this. Nothing was done: ask a controller.';
  return err(requestError({ kind: 'not-allowed' }, message));
}
