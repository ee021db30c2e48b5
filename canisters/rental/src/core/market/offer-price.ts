import { divCeil, type UsdE8 } from '@decent-cloud/domain/amount.ts';
import { durationNs, type DurationNs } from '@decent-cloud/domain/time.ts';

const MONTH_NS = durationNs({ days: 30 });

/** What a term costs at a price for 30 days, rounded up. */
export function priceOfTerm(offer: {
  readonly pricePerMonthUsdE8: UsdE8;
  readonly termNs: DurationNs;
}): UsdE8 {
  const dividend = offer.pricePerMonthUsdE8 * offer.termNs;
  return divCeil({ dividend, divisor: MONTH_NS }) as UsdE8;
}
