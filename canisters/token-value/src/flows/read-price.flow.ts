import type { Principal } from '@dfinity/principal';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { ErrorArm } from '@decent-cloud/domain/error-envelope.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { PRICE_RULES } from '../core/pricing/price-rules.ts';
import type { TokenPricing } from '../core/pricing/token-pricing.ts';
import { priceToUsdE8 } from '../core/units.ts';
import type { CanisterParts } from './canister-parts.ts';
import { noPrice, unknownToken, type NoPrice, type UnknownToken } from './token-value-errors.ts';

/** A price to quote with. Dollars are for one whole token. */
export interface PublishedPrice {
  readonly pricing: TokenPricing;
  readonly usd: UsdE8;
  readonly spotUsd: UsdE8;
  readonly medianHourUsd: UsdE8;
  readonly medianDayUsd: UsdE8;
  /** The newest sample of the source that has been silent for longest. */
  readonly atNs: TimestampNs;
  readonly sourcesHash: Uint8Array;
  readonly exposureCapUsd: UsdE8 | undefined;
}

/** The price of now, from what is stored: nothing is asked and nothing is awaited. */
export function readPrice(
  { storage, prices }: CanisterParts,
  ledger: Principal,
): Result<PublishedPrice, ErrorArm<'request', UnknownToken> | ErrorArm<'temporary', NoPrice>> {
  const row = storage.config.token(ledger);
  if (row === undefined) return unknownToken();
  const { report, sourcesHash } = prices.token(row.index);
  const { price } = report;
  if (price.kind === 'no-price') return noPrice(price.reason, price.lastGoodAtNs);
  const usd = priceToUsdE8(price.quotePriceE18);
  if (usd === 0n) return noPrice({ kind: 'too-small' }, price.atNs);
  const { spot, medianHour, medianDay } = price.windows;
  return ok({
    pricing: row.pricing,
    usd,
    spotUsd: priceToUsdE8(spot),
    medianHourUsd: priceToUsdE8(medianHour),
    medianDayUsd: priceToUsdE8(medianDay),
    atNs: timestampNs(price.expiresAtNs - PRICE_RULES.staleAfterNs),
    sourcesHash,
    exposureCapUsd: price.exposure?.capPerHourUsdE8,
  });
}
