import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { TokenPrice } from './report.ts';

/** What a stored price is worth now: one whose samples are too old by now is none any more. */
export function currentPrice(price: TokenPrice, nowNs: TimestampNs): TokenPrice {
  if (price.kind === 'no-price' || nowNs <= price.expiresAtNs) return price;
  return { kind: 'no-price', reason: { kind: 'expired' }, lastGoodAtNs: price.atNs };
}
