import { divCeil, type TokenUnits, type UsdE8 } from '@decent-cloud/domain/amount.ts';
import { invariant } from '@decent-cloud/domain/assert.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { QUOTE_LIFE_NS, worthSending } from '../escrow/limits.ts';
import type { EscrowId } from '../ids.ts';
import type { Settings } from '../settings.ts';
import type { TokenConfig } from '../tokens/token-config.ts';
import type { Quote, RentalTerms } from './quote.ts';

/** What a token costs now, from token-value. */
export interface TokenPrice {
  /** US dollars for one whole token. */
  readonly usdE8: UsdE8;
  readonly at: TimestampNs;
  readonly sourcesHash: Uint8Array;
  /** The most that may be accepted in an hour at this price; undefined: without a limit. */
  readonly exposureCapUsdE8: UsdE8 | undefined;
}

export type QuoteRefusal =
  | { readonly kind: 'token-disabled' }
  | {
      readonly kind: 'amount-too-small';
      readonly amount: TokenUnits;
      readonly minimum: TokenUnits;
    };

/** The price in tokens, rounded up to the smallest unit: the provider never gets less than asked. */
export function amountFor(price: {
  readonly totalUsdE8: UsdE8;
  readonly tokenPriceUsdE8: UsdE8;
  readonly decimals: number;
}): TokenUnits {
  invariant(price.tokenPriceUsdE8 > 0n, 'a token has a price');
  return divCeil({
    dividend: price.totalUsdE8 * 10n ** BigInt(price.decimals),
    divisor: price.tokenPriceUsdE8,
  }) as TokenUnits;
}

/** Locks amount, split and terms. The terms must have passed `checkTerms`. */
export function makeQuote(input: {
  readonly id: EscrowId;
  readonly terms: RentalTerms;
  readonly token: TokenConfig;
  readonly price: TokenPrice;
  readonly settings: Settings;
  readonly now: TimestampNs;
}): Result<Quote, QuoteRefusal> {
  const { id, terms, token, price, settings, now } = input;
  invariant(terms.ledger.compareTo(token.ledger) === 'eq', 'the token is the one of the terms');
  if (!token.isEnabled) return err({ kind: 'token-disabled' });
  const amount = amountFor({
    totalUsdE8: terms.totalUsdE8,
    tokenPriceUsdE8: price.usdE8,
    decimals: token.decimals,
  });
  const minimum = worthSending({ fee: token.fee, minPayout: token.minPayout });
  if (amount < minimum) return err({ kind: 'amount-too-small', amount, minimum });
  return ok({
    id,
    terms,
    amount,
    ledgerFee: token.fee,
    minPayout: token.minPayout,
    tokenPriceUsdE8: price.usdE8,
    priceAt: price.at,
    sourcesHash: price.sourcesHash,
    createdAt: now,
    expiresAt: after(now, QUOTE_LIFE_NS),
    reporter: settings.rental,
    arbiter: settings.arbiter,
  });
}
