import {
  requestError,
  temporaryError,
  type ErrorArm,
} from '@decent-cloud/domain/error-envelope.ts';
import { err, type Err } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CommonRequestLeaf } from '@decent-cloud/kit/errors/common-errors.ts';
import { describeNoPrice } from '../core/pricing/describe.ts';
import type { NoPriceReason } from '../core/pricing/report.ts';

/** No price is configured for the ledger. */
export interface UnknownToken {
  readonly kind: 'unknown-token';
}

/** The token has no price now, and there is nothing to use instead. */
export interface NoPrice {
  readonly kind: 'no-price';
  readonly reason: NoPriceReason['kind'] | 'too-small';
  readonly lastGoodAtNs: TimestampNs | undefined;
}

/** What this canister refuses a request for. */
export type TokenValueRequestLeaf = CommonRequestLeaf | UnknownToken;
export type TokenValueRefusal = ErrorArm<'request', TokenValueRequestLeaf>;

export function unknownToken(): Err<ErrorArm<'request', UnknownToken>> {
  const message = 'no price is configured for this ledger: see list_tokens';
  return err(requestError({ kind: 'unknown-token' }, message));
}

export function noPrice(
  reason: NoPriceReason | { readonly kind: 'too-small' },
  lastGoodAtNs: TimestampNs | undefined,
): Err<ErrorArm<'temporary', NoPrice>> {
  const why =
    reason.kind === 'too-small'
      ? 'a whole token is worth less than $0.00000001'
      : describeNoPrice(reason);
  const message =
    `no price now: ${why}. Try again in a few minutes or pay with another token; ` +
    'get_price_status names every source.';
  return err(temporaryError({ kind: 'no-price', reason: reason.kind, lastGoodAtNs }, message));
}
