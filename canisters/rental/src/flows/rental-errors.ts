import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { ErrorArm } from '@decent-cloud/domain/error-envelope.ts';
import { requestError, temporaryError } from '@decent-cloud/domain/error-envelope.ts';
import { err, type Err } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CommonRequestLeaf, Unexpected } from '@decent-cloud/kit/errors/common-errors.ts';
import type { RateLimited } from '@decent-cloud/kit/guard/rate-limiter.ts';
import type { Busy } from '@decent-cloud/kit/guard/with-guard.ts';

/** What the request itself is wrong about: repeated unchanged it is refused again. */
export type RequestLeaf =
  | CommonRequestLeaf
  /** Controllers have not called set_settings yet. */
  | { readonly kind: 'not-configured' }
  /** Cannot be done in the state that the thing is in. */
  | { readonly kind: 'wrong-state'; readonly state: string }
  /** The lease is another's or over: stop working on the job at once. */
  | { readonly kind: 'stale-lease' }
  /** Reports of a lease are numbered from 1 without holes. */
  | { readonly kind: 'out-of-order'; readonly expected: number }
  /** There is, or was, another one with that name or number. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'quota-exceeded'; readonly limit: number }
  /** The catalogue was not read within 15 minutes. */
  | { readonly kind: 'catalogue-stale'; readonly readAt: TimestampNs | undefined }
  /** The type is not to be had there; `alternatives` are other choices of the same offer. */
  | {
      readonly kind: 'not-orderable';
      readonly reason: string;
      readonly alternatives: readonly number[];
    }
  | { readonly kind: 'offering-unavailable'; readonly reason: string }
  | { readonly kind: 'recipe-unavailable'; readonly reason: string }
  /** It moved: ask that canister. */
  | { readonly kind: 'archived'; readonly archive: Principal }
  // -- what the treasury refused
  | { readonly kind: 'unknown-token' }
  | { readonly kind: 'token-disabled' }
  | { readonly kind: 'quote-expired'; readonly expiredAt: TimestampNs }
  | { readonly kind: 'amount-above-max'; readonly amount: TokenUnits }
  | { readonly kind: 'price-moved' }
  | { readonly kind: 'insufficient-allowance'; readonly needed: TokenUnits }
  | { readonly kind: 'insufficient-funds'; readonly balance: TokenUnits }
  | { readonly kind: 'ledger-fee-changed'; readonly fee: TokenUnits }
  | { readonly kind: 'payment-refused'; readonly reason: string };

/** Nothing was done, or what was begun goes on by itself. */
export type TemporaryLeaf =
  | Busy
  | RateLimited
  | { readonly kind: 'no-price'; readonly reason: string }
  /** Too much was paid in this token within an hour. These ledgers' tokens have no such limit. */
  | { readonly kind: 'exposure-exceeded'; readonly offer: readonly Principal[] }
  /** The outcome of the payment is not known yet; it is never taken twice. */
  | { readonly kind: 'payment-pending' }
  | { readonly kind: 'treasury-unavailable' };

export type RentalError =
  | ErrorArm<'request', RequestLeaf>
  | ErrorArm<'temporary', TemporaryLeaf>
  | ErrorArm<'internal', Unexpected>;

/** Refuses. The message says what happened, what it means for the money, and what to do. */
export function refuse(leaf: RequestLeaf, message: string): Err<ErrorArm<'request', RequestLeaf>> {
  return err(requestError(leaf, message));
}

/** Refuses for now. */
export function postpone(
  leaf: TemporaryLeaf,
  message: string,
): Err<ErrorArm<'temporary', TemporaryLeaf>> {
  return err(temporaryError(leaf, message));
}
