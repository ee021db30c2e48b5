import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { ErrorArm } from '@decent-cloud/domain/error-envelope.ts';
import { requestError, temporaryError } from '@decent-cloud/domain/error-envelope.ts';
import { err, type Err } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CommonRequestLeaf, Unexpected } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Busy } from '@decent-cloud/kit/guard/with-guard.ts';
import type { TransferId } from '../core/ids.ts';

/** What the request itself is wrong about: repeated unchanged it is refused again. */
export type RequestLeaf =
  | CommonRequestLeaf
  | { readonly kind: 'unknown-token' }
  | { readonly kind: 'token-disabled' }
  | { readonly kind: 'not-configured' }
  | { readonly kind: 'quote-expired'; readonly expiredAt: TimestampNs }
  | { readonly kind: 'quote-superseded' }
  | { readonly kind: 'quote-used' }
  /** Each attempt stays in the journal for ever, so a quote has only so many. */
  | { readonly kind: 'too-many-attempts' }
  | { readonly kind: 'amount-above-max'; readonly amount: TokenUnits }
  | { readonly kind: 'price-moved' }
  /** `needed` is the amount and the ledger's fee. What the payer did allow is not told. */
  | { readonly kind: 'insufficient-allowance'; readonly needed: TokenUnits }
  | { readonly kind: 'insufficient-funds'; readonly balance: TokenUnits }
  | { readonly kind: 'ledger-fee-changed'; readonly fee: TokenUnits }
  | { readonly kind: 'ledger-refused'; readonly reason: string }
  | { readonly kind: 'out-of-order'; readonly expected: number }
  | { readonly kind: 'invalid-fact'; readonly rule: string }
  /** The escrow is in a phase in which this cannot be done, or has a dispute, or has none. */
  | { readonly kind: 'wrong-phase'; readonly phase: string }
  | { readonly kind: 'nothing-to-withdraw' }
  | { readonly kind: 'proof-refused'; readonly reason: string };

/** Nothing was done, or what was begun goes on by itself. */
export type TemporaryLeaf =
  | Busy
  | {
      readonly kind: 'no-price';
      readonly reason: string;
      readonly lastGoodAt: TimestampNs | undefined;
    }
  /** Too much was bought with this token within an hour; `offer` names tokens without such a cap. */
  | { readonly kind: 'exposure-exceeded'; readonly offer: readonly Principal[] }
  | { readonly kind: 'payment-pending'; readonly transferId: TransferId }
  | { readonly kind: 'ledger-unavailable' };

export type TreasuryError =
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
