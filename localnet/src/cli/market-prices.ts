import { some } from '../core/candid-opt.ts';
import {
  MARKET_POOLS,
  MARKET_SYMBOLS,
  type MarketSymbol,
  type PoolName,
} from '../system/dex/market-assets.ts';
import { planPrices, priceOfSide0, XRC_PER_E8, type UsdPrices } from '../system/dex/price-plan.ts';
import { crypto, fiat, isSameAsset } from '../system/dex/xrc/xrc-types.ts';
import { ICP_CKUSDT, type MarketClient } from './market-client.ts';
import { UsageError } from './usage-error.ts';

const USD = fiat('USD');
const QUALITY = { standard_deviation: 0n, received_rates: 8n, queried_sources: 9n };

/** What a pool says its first token costs, given the exchange rate of the second. */
export interface PoolPrice {
  readonly symbol: MarketSymbol;
  /** Undefined if the pool has no price. */
  readonly usdE8: bigint | undefined;
  readonly amount0: bigint;
  readonly amount1: bigint;
}

/** The exchange rate canister's rates in US dollars. */
export async function readXrcPrices(
  market: MarketClient,
): Promise<ReadonlyMap<MarketSymbol, bigint>> {
  const rates = await market.xrc.localnet_rates();
  return new Map(
    MARKET_SYMBOLS.flatMap((symbol) => {
      const rate = rates.find(
        (known) =>
          isSameAsset(known.base_asset, crypto(symbol)) && isSameAsset(known.quote_asset, USD),
      );
      return rate === undefined ? [] : [[symbol, rate.rate / XRC_PER_E8] as const];
    }),
  );
}

export async function readPoolPrice(
  market: MarketClient,
  name: PoolName,
  xrc: ReadonlyMap<MarketSymbol, bigint>,
): Promise<PoolPrice> {
  const pool = MARKET_POOLS[name];
  const { sqrtPriceX96, amount0, amount1 } = await market.pool(name).localnet_books();
  const side1UsdE8 = xrc.get(pool.side1);
  const usdE8 =
    sqrtPriceX96 === 0n || side1UsdE8 === undefined
      ? undefined
      : priceOfSide0(pool, { sqrtPriceX96, side1UsdE8 });
  return { symbol: pool.side0, usdE8, amount0, amount1 };
}

/** Sets one price wherever it is said; the others stay as they are. Errors: `UsageError`. */
export async function setPrice(
  market: MarketClient,
  symbol: MarketSymbol,
  usdE8: bigint,
): Promise<void> {
  const prices: UsdPrices = { ...(await currentPrices(market)), [symbol]: usdE8 };
  const plan = planPrices(prices, symbol);
  for (const { symbol: base, rate } of plan.xrcRates) {
    const pair = { base_asset: crypto(base), quote_asset: USD };
    await market.xrc.localnet_set_rate({ ...pair, rate, ...QUALITY });
  }
  for (const { pool, ratio } of plan.poolRatios) {
    const { sqrtPriceX96 } = await market.pool(pool).localnet_books();
    if (sqrtPriceX96 > 0n) await market.pool(pool).localnet_set_price(ratio);
  }
  if (symbol === 'ICP' || symbol === 'USDT') {
    const { bid, ask } = plan.icpCkusdtTop;
    const ticker = { bid: some(bid), ask: some(ask) };
    await market.oisyTrade.localnet_set_ticker({ pair: ICP_CKUSDT, ticker });
  }
  if (symbol === 'ICP') {
    await market.cmc.localnet_set_icp_xdr_conversion_rate(plan.xdrPermyriadPerIcp);
  }
}

async function currentPrices(market: MarketClient): Promise<UsdPrices> {
  const xrc = await readXrcPrices(market);
  const dct = await readPoolPrice(market, 'dct-icp', xrc);
  const priceOf = (symbol: MarketSymbol): bigint => {
    const usdE8 = symbol === 'DCT' ? dct.usdE8 : xrc.get(symbol);
    // An empty pool has no price to keep; the plan leaves it alone.
    if (usdE8 === undefined && symbol === 'DCT') return 1n;
    if (usdE8 === undefined) throw new UsageError(`the exchange rate of ${symbol} is not set`);
    return usdE8;
  };
  return {
    ICP: priceOf('ICP'),
    BTC: priceOf('BTC'),
    USDC: priceOf('USDC'),
    USDT: priceOf('USDT'),
    DCT: priceOf('DCT'),
  };
}
