import type { Branded } from '@decent-cloud/domain/brand.ts';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { Id } from '@decent-cloud/domain/ids.ts';

/** A source's row number. Never reused; what the source asks never changes. */
export type SourceId = Id<'SourceId'>;

/**
 * How many whole quote tokens (or dollars) one whole base token is worth, times 10^18: a token of
 * $0.000001 keeps twelve digits.
 */
export type RatioE18 = Branded<bigint, 'RatioE18'>;

/** US dollars for one whole token, times 10^18. */
export type PriceE18 = Branded<bigint, 'PriceE18'>;

/** 1 in both of the units above. */
export const ONE_E18 = 10n ** 18n;

const E18_PER_E8 = 10n ** 10n;
const BPS = 10_000n;

/** The published form, rounded down. */
export function priceToUsdE8(price: PriceE18): UsdE8 {
  return (price / E18_PER_E8) as UsdE8;
}

/** What `units` of the smallest unit of a token are worth, rounded down. */
export function valueUsdE8(held: {
  readonly units: bigint;
  readonly decimals: number;
  readonly priceE18: PriceE18;
}): UsdE8 {
  const { units, decimals, priceE18 } = held;
  return ((units * priceE18) / (10n ** BigInt(decimals) * E18_PER_E8)) as UsdE8;
}

/** How far `value` is from `center`, in hundredths of a percent of `center`, rounded up. */
export function deviationBps(value: bigint, center: bigint): number {
  const distance = value > center ? value - center : center - value;
  return Number((distance * BPS + center - 1n) / center);
}

/** Whether `value` is at most `toleranceBps` of `center` away from it. Exact. */
export function isWithin(value: bigint, center: bigint, toleranceBps: number): boolean {
  const distance = value > center ? value - center : center - value;
  return distance * BPS <= center * BigInt(toleranceBps);
}

/** `value` times `bps` / 10 000, rounded down. */
export function scaleBps<T extends bigint>(value: T, bps: number): T {
  return ((value * BigInt(bps)) / BPS) as T;
}
