import type { Replica } from '../../core/replica-api.ts';
import { KONG_ID, OISY_TRADE_ID, SWAP_FACTORY_ID, XRC_ID } from '../system-ids.ts';
import { SwapFactory, swapFactoryProgram } from './icpswap/swap-factory.ts';
import { SwapPool } from './icpswap/swap-pool.ts';
import { swapPoolProgram } from './icpswap/swap-pool-program.ts';
import { KongSwap } from './kongswap/kong-book.ts';
import { KONG_FORMS, kongProgram, type KongForm } from './kongswap/kong-program.ts';
import {
  MARKET_ASSETS,
  MARKET_POOLS,
  MARKET_SYMBOLS,
  poolToken,
  type MarketSymbol,
  type PoolName,
} from './market-assets.ts';
import { oisyTradeProgram, OrderBooks } from './oisy-trade/order-books.ts';
import {
  GENESIS_PRICES,
  genesisReserves,
  planPrices,
  unitOf,
  XDR_USD_E8,
  XRC_PER_E8,
  type UsdPrices,
} from './price-plan.ts';
import { ExchangeRates } from './xrc/exchange-rates.ts';
import { xrcProgram } from './xrc/xrc-program.ts';
import { fiat } from './xrc/xrc-types.ts';

/** Cycles of each stand-in for itself. */
const OPERATING_CYCLES = 1_000_000_000_000_000n;
const ICP_CKUSDT = {
  base: MARKET_ASSETS.ICP.ledgerId,
  quote: MARKET_ASSETS.USDT.ledgerId,
};
const KONG_LP_FEE_BPS = 30;
const KONG_SIDE_USD_E8 = 100_000n * 100_000_000n;

export interface PriceWorldOptions {
  readonly prices?: Partial<UsdPrices>;
  /** KongSwap's form; `absent` (default) leaves its id without a canister. */
  readonly kongSwap?: KongForm | 'absent';
}

/**
 * The state of every stand-in, to be changed between rounds. What is changed here is not journalled
 * and belongs to this replica: after a restore the `localnet_` methods are the way.
 */
export interface PriceWorld {
  readonly factory: SwapFactory;
  readonly pools: Readonly<Record<'icpCkusdc' | 'ckusdtIcp' | 'ckbtcIcp' | 'dctIcp', SwapPool>>;
  readonly xrc: ExchangeRates;
  readonly oisyTrade: OrderBooks;
  /** Undefined if it is absent. */
  readonly kongSwap: KongSwap | undefined;
  /**
   * Sets a price everywhere but at KongSwap and the CMC: exchange rate, order book and the pools of
   * this token, which keep their liquidity.
   */
  setUsdPrice(symbol: MarketSymbol, usdE8: bigint): void;
}

/**
 * Places ICPSwap's factory and pools, the exchange rate canister and OISY TRADE at their ids, before
 * the first round, with prices that agree. Their ledgers are not placed: see `tokens.ts`.
 */
export function installPriceWorld(replica: Replica, options: PriceWorldOptions = {}): PriceWorld {
  const world = new StandardPriceWorld({ ...GENESIS_PRICES, ...options.prices });
  const install = (id: typeof XRC_ID, program: Parameters<Replica['installNative']>[1]): void => {
    replica.installNative(id, program, OPERATING_CYCLES);
  };
  install(SWAP_FACTORY_ID, swapFactoryProgram(world.factory));
  for (const [name, pool] of world.poolsByName) {
    install(MARKET_POOLS[name].canisterId, swapPoolProgram(pool));
  }
  install(XRC_ID, xrcProgram(world.xrc));
  install(OISY_TRADE_ID, oisyTradeProgram(world.oisyTrade));
  const form = options.kongSwap ?? 'absent';
  if (form === 'absent') return world;
  world.kongSwap = kongSwapOf(world.prices, form);
  install(KONG_ID, kongProgram(world.kongSwap));
  return world;
}

class StandardPriceWorld implements PriceWorld {
  readonly factory = new SwapFactory();
  readonly xrc = new ExchangeRates();
  readonly oisyTrade = new OrderBooks();
  readonly pools: PriceWorld['pools'];
  readonly poolsByName: ReadonlyMap<PoolName, SwapPool>;
  kongSwap: KongSwap | undefined;
  prices: UsdPrices;

  constructor(prices: UsdPrices) {
    this.prices = prices;
    this.pools = {
      icpCkusdc: this.#newPool('icp-ckusdc'),
      ckusdtIcp: this.#newPool('ckusdt-icp'),
      ckbtcIcp: this.#newPool('ckbtc-icp'),
      dctIcp: this.#newPool('dct-icp'),
    };
    this.poolsByName = new Map<PoolName, SwapPool>([
      ['icp-ckusdc', this.pools.icpCkusdc],
      ['ckusdt-icp', this.pools.ckusdtIcp],
      ['ckbtc-icp', this.pools.ckbtcIcp],
      ['dct-icp', this.pools.dctIcp],
    ]);
    this.xrc.setRate({ base: fiat('CXDR'), quote: fiat('USD') }, XDR_USD_E8 * XRC_PER_E8);
    this.#spread();
  }

  setUsdPrice(symbol: MarketSymbol, usdE8: bigint): void {
    if (usdE8 <= 0n) throw new RangeError('a price must be above 0');
    this.prices = { ...this.prices, [symbol]: usdE8 };
    this.#spread(symbol);
  }

  #newPool(name: PoolName): SwapPool {
    const market = MARKET_POOLS[name];
    const pool = new SwapPool([poolToken(market.side0), poolToken(market.side1)]);
    pool.setReserves(genesisReserves(market, this.prices));
    this.factory.addPool(market.canisterId, pool);
    return pool;
  }

  #spread(changed?: MarketSymbol): void {
    const plan = planPrices(this.prices, changed);
    for (const { pool, ratio } of plan.poolRatios) {
      const books = this.poolsByName.get(pool);
      if (books?.isInitialised === true) books.setPrice(ratio);
    }
    for (const { symbol, rate } of plan.xrcRates) this.xrc.setUsdRate(symbol, rate);
    this.oisyTrade.setTop(ICP_CKUSDT, plan.icpCkusdtTop);
  }
}

/** KongSwap as it was: pools of DCT and ICP against ckUSDT. */
function kongSwapOf(prices: UsdPrices, form: KongForm): KongSwap {
  const kong = new KongSwap();
  kong.availability.set(KONG_FORMS[form]);
  for (const [index, symbol] of MARKET_SYMBOLS.entries()) {
    const asset = MARKET_ASSETS[symbol];
    kong.setToken({
      tokenId: index + 1,
      symbol: asset.tokenSymbol,
      name: asset.tokenName,
      canisterId: asset.ledgerId.toText(),
      decimals: asset.decimals,
      fee: asset.ledgerFee,
    });
  }
  const idOf = (symbol: MarketSymbol): number => MARKET_SYMBOLS.indexOf(symbol) + 1;
  const balanceOf = (symbol: MarketSymbol): bigint =>
    (KONG_SIDE_USD_E8 * unitOf(symbol)) / prices[symbol];
  for (const [index, symbol] of (['ICP', 'DCT'] as const).entries()) {
    kong.setPool({
      poolId: index + 1,
      tokenId0: idOf(symbol),
      tokenId1: idOf('USDT'),
      balance0: balanceOf(symbol),
      balance1: balanceOf('USDT'),
      lpFee0: 0n,
      lpFee1: 0n,
      lpFeeBps: KONG_LP_FEE_BPS,
      isRemoved: false,
    });
  }
  return kong;
}
