import { IDL } from '@dfinity/candid';
import { requestError, type ErrorArm } from '@decent-cloud/domain/error-envelope.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { lazy } from '../candid/lazy-type.ts';
import type { Busy } from '../guard/with-guard.ts';
import type { NotAllowed, NotAuthenticated } from '../runtime/callers.ts';
import { envelopeType } from './error-idl.ts';

/** There is no such thing. */
export interface NotFound {
  readonly kind: 'not-found';
}

/** One argument breaks a rule that the message names. */
export interface InvalidArgument {
  readonly kind: 'invalid-argument';
  readonly argument: string;
}

/** What every canister may refuse a request for. */
export type CommonRequestLeaf = NotAuthenticated | NotAllowed | NotFound | InvalidArgument;

/** Our own fault. */
export interface Unexpected {
  readonly kind: 'unexpected';
}

/** Leaves that all canisters share; a canister adds its own beside them. */
export const COMMON_LEAVES = {
  request: {
    'not-authenticated': IDL.Null,
    'not-allowed': IDL.Null,
    'not-found': IDL.Null,
    'invalid-argument': lazy(() => IDL.Record({ argument: IDL.Text })),
  },
  temporary: { busy: IDL.Null },
  internal: { unexpected: IDL.Null },
} as const;

/** The envelope of a canister that has no leaves of its own. */
export const CommonError: IDL.RecordClass = envelopeType<CommonRequestLeaf, Busy, Unexpected>(
  COMMON_LEAVES,
);

export type RequestRefusal = ErrorArm<'request', CommonRequestLeaf>;

/** Refuses because of one argument. */
export function invalidArgument(refusal: { readonly argument: string; readonly rule: string }): {
  readonly kind: 'err';
  readonly error: ErrorArm<'request', InvalidArgument>;
} {
  const { argument, rule } = refusal;
  return err(requestError({ kind: 'invalid-argument', argument }, `${argument}: ${rule}`));
}

/** Gives what was found, or refuses. */
export function found<T>(
  value: T | undefined,
  name: string,
): Result<T, ErrorArm<'request', NotFound>> {
  if (value !== undefined) return ok(value);
  const message = `There is no such ${name}. Nothing was done: look at its number again.`;
  return err(requestError({ kind: 'not-found' }, message));
}
