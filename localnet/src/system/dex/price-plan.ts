import type { PoolAmounts } from './icpswap/swap-pool.ts';
import {
  MARKET_ASSETS,
  MARKET_POOLS,
  MARKET_SYMBOLS,
  POOL_NAMES,
  type MarketPool,
  type MarketSymbol,
  type PoolName,
} from './market-assets.ts';
import type { WirePriceLevel } from './oisy-trade/oisy-trade-types.ts';

/** US dollars per whole token, times 10^8. */
export type UsdPrices = Readonly<Record<MarketSymbol, bigint>>;

export const GENESIS_PRICES: UsdPrices = {
  ICP: 500_000_000n,
  BTC: 10_000_000_000_000n,
  USDC: 99_980_000n,
  USDT: 100_010_000n,
  DCT: 2_000_000n,
};

/** One XDR in US dollars, times 10^8: about its worth in May 2026. */
export const XDR_USD_E8 = 136_600_000n;
const PERMYRIAD = 10_000n;
/** Half of the distance between the best bid and the best ask, in basis points of the price. */
const HALF_SPREAD_BPS = 10n;
const BPS = 10_000n;
/** Whole ICP at the top of the order book. */
const TOP_QUANTITY_ICP = 2_000n;
/** The exchange rate canister has a decimal more than prices have here. */
export const XRC_PER_E8 = 10n;

/** What every source has to say for prices to agree everywhere. */
export interface PricePlan {
  /** Their quotient is the pool's price. */
  readonly poolRatios: readonly { readonly pool: PoolName; readonly ratio: PoolAmounts }[];
  readonly xrcRates: readonly { readonly symbol: MarketSymbol; readonly rate: bigint }[];
  /** ICP against ckUSDT on OISY TRADE. */
  readonly icpCkusdtTop: { readonly bid: WirePriceLevel; readonly ask: WirePriceLevel };
  /** For the cycles minting canister. */
  readonly xdrPermyriadPerIcp: bigint;
}

/** `changed` leaves out the pools and rates that have nothing to do with that symbol. */
export function planPrices(prices: UsdPrices, changed?: MarketSymbol): PricePlan {
  const isMeant = (...symbols: readonly MarketSymbol[]): boolean =>
    changed === undefined || symbols.includes(changed);
  return {
    poolRatios: POOL_NAMES.filter((name) =>
      isMeant(MARKET_POOLS[name].side0, MARKET_POOLS[name].side1),
    ).map((pool) => ({ pool, ratio: ratioOf(MARKET_POOLS[pool], prices) })),
    xrcRates: MARKET_SYMBOLS.filter(
      (symbol) => MARKET_ASSETS[symbol].isOnExchanges && isMeant(symbol),
    ).map((symbol) => ({ symbol, rate: prices[symbol] * XRC_PER_E8 })),
    icpCkusdtTop: icpCkusdtTop(prices),
    xdrPermyriadPerIcp: (prices.ICP * PERMYRIAD) / XDR_USD_E8,
  };
}

/** Reserves of equal worth on both sides. */
export function genesisReserves(pool: MarketPool, prices: UsdPrices): PoolAmounts {
  const amount = (symbol: MarketSymbol): bigint =>
    (pool.sideUsdE8 * unitOf(symbol)) / prices[symbol];
  return { amount0: amount(pool.side0), amount1: amount(pool.side1) };
}

/** The inverse of what `planPrices` does to a pool: side 0's price, given that of side 1. */
export function priceOfSide0(
  pool: MarketPool,
  { sqrtPriceX96, side1UsdE8 }: { readonly sqrtPriceX96: bigint; readonly side1UsdE8: bigint },
): bigint {
  const numerator = sqrtPriceX96 * sqrtPriceX96 * unitOf(pool.side0) * side1UsdE8;
  const denominator = (1n << 192n) * unitOf(pool.side1);
  // To the nearest: a price that is read and set again must stay what it is.
  return (numerator + denominator / 2n) / denominator;
}

function ratioOf(pool: MarketPool, prices: UsdPrices): PoolAmounts {
  return {
    amount0: prices[pool.side1] * unitOf(pool.side0),
    amount1: prices[pool.side0] * unitOf(pool.side1),
  };
}

function icpCkusdtTop(prices: UsdPrices): PricePlan['icpCkusdtTop'] {
  const price = (prices.ICP * unitOf('USDT')) / prices.USDT;
  const quantity = TOP_QUANTITY_ICP * unitOf('ICP');
  return {
    bid: { price: (price * (BPS - HALF_SPREAD_BPS)) / BPS, quantity },
    ask: { price: (price * (BPS + HALF_SPREAD_BPS)) / BPS, quantity },
  };
}

/** Base units of a whole token. */
export function unitOf(symbol: MarketSymbol): bigint {
  return 10n ** BigInt(MARKET_ASSETS[symbol].decimals);
}
