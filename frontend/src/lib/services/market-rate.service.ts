/** A token's price as the token-value canister gives it. */
export interface TokenRate {
  readonly symbol: string;
  readonly decimals: number;
  /** For one whole token. */
  readonly usdE8: bigint;
  readonly atMs: number;
}

/** How much the age of a rate matters. */
export type RateAge = 'fresh' | 'stale' | 'blocked';

const STALE_AFTER_MS = 30 * 60 * 1_000;
const BLOCKED_AFTER_MS = 6 * 60 * 60 * 1_000;
/** Enough to know about how much it is; the exact amount is in the quote. */
const SHOWN_DIGITS = 4;

/** About how much of the token that many dollars are: `≈ 1.482 ICP`. */
export function aboutText(usdE8: bigint, { symbol, decimals, usdE8: price }: TokenRate): string {
  if (price <= 0n) return `no rate for ${symbol}`;
  const units = (usdE8 * 10n ** BigInt(decimals)) / price;
  const amount = Number(units) / 10 ** decimals;
  return `≈ ${amount.toLocaleString('en', { maximumSignificantDigits: SHOWN_DIGITS })} ${symbol}`;
}

/** After 30 minutes a rate is shown as stale, after 6 hours nothing is rented by it. */
export function rateAge({ atMs }: TokenRate, nowMs: number): RateAge {
  const ageMs = nowMs - atMs;
  if (ageMs > BLOCKED_AFTER_MS) return 'blocked';
  return ageMs > STALE_AFTER_MS ? 'stale' : 'fresh';
}
