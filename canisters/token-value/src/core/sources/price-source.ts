import type { Principal } from '@dfinity/principal';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';

/** Where a price comes from and what must hold for it to be believed. */
export interface PriceSource {
  readonly origin: PriceOrigin;
  /** Below this depth on the quote side a price is not used; zero where depth has no meaning. */
  readonly minDepth: UsdE8;
  /** A disabled source is not asked at all. */
  readonly isEnabled: boolean;
}

/** One kind for each protocol that can be asked. */
export type PriceOrigin = PoolOrigin | ExchangeRateOrigin;

/** A two-token pool; its tokens are checked against these before its price is believed. */
export interface PoolOrigin {
  readonly kind: 'icpswap-pool';
  readonly pool: Principal;
  readonly base: Principal;
  readonly quote: Principal;
}

/** A rate of the exchange rate canister, by the symbols it knows. */
export interface ExchangeRateOrigin {
  readonly kind: 'exchange-rate';
  readonly canister: Principal;
  readonly baseSymbol: string;
  readonly quoteSymbol: string;
}

/** A field that breaks its rule. */
export interface SourceRefusal {
  readonly argument: 'origin' | 'min_depth_usd_e8';
  readonly rule: string;
}

const SYMBOL = /^[A-Z0-9]{1,12}$/;
const MAX_DEPTH_USD_E8 = 10n ** 18n;

/** Checks a source before it is stored. */
export function checkSource(source: PriceSource): Result<PriceSource, SourceRefusal> {
  const rule = brokenRule(source.origin);
  if (rule !== undefined) return err({ argument: 'origin', rule });
  if (source.minDepth > MAX_DEPTH_USD_E8) {
    return err({ argument: 'min_depth_usd_e8', rule: 'is beyond any real pool' });
  }
  return ok(source);
}

function brokenRule(origin: PriceOrigin): string | undefined {
  switch (origin.kind) {
    case 'icpswap-pool': {
      const { pool, base, quote } = origin;
      const hasNobody = [pool, base, quote].some((id) => id.isAnonymous());
      if (hasNobody) return 'must name canisters';
      return base.compareTo(quote) === 'eq' ? 'must name two different tokens' : undefined;
    }
    case 'exchange-rate': {
      const { baseSymbol, quoteSymbol } = origin;
      if (origin.canister.isAnonymous()) return 'must name a canister';
      const areSymbols = SYMBOL.test(baseSymbol) && SYMBOL.test(quoteSymbol);
      if (!areSymbols) return 'must have symbols of 1 to 12 capitals or digits';
      return baseSymbol === quoteSymbol ? 'must name two different symbols' : undefined;
    }
  }
}
