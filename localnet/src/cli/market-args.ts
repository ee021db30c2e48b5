import {
  MARKET_ASSETS,
  MARKET_POOLS,
  MARKET_SYMBOLS,
  POOL_NAMES,
  type MarketSymbol,
  type PoolName,
} from '../system/dex/market-assets.ts';
import { parseDecimal } from './decimal.ts';
import { UsageError } from './usage-error.ts';

const USD_DECIMALS = 8;

/** What can be told to work, fail or hang: one source, or with `icpswap` a group of them. */
export const SOURCE_NAMES = ['xrc', 'oisy-trade', 'kongswap', 'icpswap', ...POOL_NAMES] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

const SOURCE_STATES = ['up', 'down', 'hang'] as const;
export type SourceSetting = (typeof SOURCE_STATES)[number];

export type MarketCommand =
  | { readonly kind: 'price-show' }
  | { readonly kind: 'price-set'; readonly symbol: MarketSymbol; readonly usdE8: bigint }
  | {
      readonly kind: 'pool-trade';
      readonly pool: PoolName;
      /** What is sold to the pool, in base units. */
      readonly symbol: MarketSymbol;
      readonly amount: bigint;
    }
  | { readonly kind: 'source'; readonly source: SourceName; readonly setting: SourceSetting };

export const MARKET_USAGE = `  price show                          Prices at every source of this network
  price set <symbol> <usd>            Sets a price at all sources but KongSwap
  pool trade <pool> <token> <amount>  Sells that much of a token to a pool
  source <name> up|down|hang          Makes a source answer, fail or never answer

Symbols: ${MARKET_SYMBOLS.join(', ')}. Pools: ${POOL_NAMES.join(', ')}.
Sources: xrc, oisy-trade, kongswap, icpswap (all of it) and each pool.
`;

/** Reads the words after `price`, `pool` or `source`. Errors: `UsageError`. */
export function parseMarketCommand(
  name: 'price' | 'pool' | 'source',
  words: readonly string[],
): MarketCommand {
  switch (name) {
    case 'price':
      return parsePrice(words);
    case 'pool':
      return parsePool(words);
    case 'source': {
      const [source, setting] = exactly(words, 2, 'source <name> up|down|hang');
      return {
        kind: 'source',
        source: oneOf(source, SOURCE_NAMES, 'source'),
        setting: oneOf(setting, SOURCE_STATES, 'state'),
      };
    }
  }
}

function parsePrice([verb, ...words]: readonly string[]): MarketCommand {
  if (verb === 'show') {
    exactly(words, 0, 'price show');
    return { kind: 'price-show' };
  }
  if (verb !== 'set') throw new UsageError('price is followed by show or set');
  const [symbol, usd] = exactly(words, 2, 'price set <symbol> <usd>');
  return {
    kind: 'price-set',
    symbol: oneOf(symbol, MARKET_SYMBOLS, 'symbol'),
    usdE8: parseDecimal(usd ?? '', { what: 'the price', decimals: USD_DECIMALS }),
  };
}

function parsePool([verb, ...words]: readonly string[]): MarketCommand {
  if (verb !== 'trade') throw new UsageError('pool is followed by trade');
  const [poolName, token, amount] = exactly(words, 3, 'pool trade <pool> <token> <amount>');
  const pool = oneOf(poolName, POOL_NAMES, 'pool');
  const { side0, side1 } = MARKET_POOLS[pool];
  const symbol = [side0, side1].find((side) => namesOf(side).includes(token?.toUpperCase() ?? ''));
  if (symbol === undefined) {
    const sides = [side0, side1].map((side) => MARKET_ASSETS[side].tokenSymbol).join(' and ');
    throw new UsageError(`${pool} trades ${sides}, not "${token ?? ''}"`);
  }
  const { decimals } = MARKET_ASSETS[symbol];
  return {
    kind: 'pool-trade',
    pool,
    symbol,
    amount: parseDecimal(amount ?? '', { what: 'the amount', decimals }),
  };
}

function namesOf(symbol: MarketSymbol): readonly string[] {
  return [symbol, MARKET_ASSETS[symbol].tokenSymbol.toUpperCase()];
}

function exactly(words: readonly string[], count: number, usage: string): readonly string[] {
  if (words.length !== count) throw new UsageError(`use: localnet ${usage}`);
  return words;
}

function oneOf<T extends string>(word: string | undefined, known: readonly T[], what: string): T {
  const found = known.find((name) => name.toLowerCase() === word?.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(`unknown ${what} "${word ?? ''}"; there are ${known.join(', ')}`);
}
