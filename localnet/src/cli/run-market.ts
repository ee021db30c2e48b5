import { resolve } from 'node:path';
import { AgentError } from '@dfinity/agent';
import { holderOf } from '../persist/state-lock.ts';
import type { SourceState } from '../system/dex/availability.ts';
import {
  MARKET_ASSETS,
  MARKET_POOLS,
  MARKET_SYMBOLS,
  POOL_NAMES,
  type MarketSymbol,
  type PoolName,
} from '../system/dex/market-assets.ts';
import type { WirePriceLevel } from '../system/dex/oisy-trade/oisy-trade-types.ts';
import { formatDecimal } from './decimal.ts';
import type { MarketCommand } from './market-args.ts';
import { connectMarket, type MarketClient } from './market-client.ts';
import { readPoolPrice, readXrcPrices, setPrice } from './market-prices.ts';
import { notRunning } from './run-status.ts';
import { UsageError } from './usage-error.ts';

const USD_DECIMALS = 8;
const NAME_WIDTH = 12;
const STATE_WIDTH = 10;

/**
 * `localnet price`, `pool` and `source`: reads and scripts the price sources of the network that
 * runs in a state directory. Errors: `UsageError` if none runs or it has no such sources.
 */
export async function runMarket(command: MarketCommand, stateDir: string): Promise<void> {
  const url = holderOf(stateDir)?.url;
  if (typeof url !== 'string') throw notRunning(stateDir);
  try {
    process.stdout.write(await perform(command, await connectMarket(url)));
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    throw new UsageError(
      `the network in ${resolve(stateDir)} did not do it: ${reasonOf(error)}. ` +
        'A network begun by an older version has no price sources; start one with --clean.',
    );
  }
}

function perform(command: MarketCommand, market: MarketClient): Promise<string> {
  switch (command.kind) {
    case 'price-show':
      return show(market);
    case 'price-set':
      return set(market, command.symbol, command.usdE8);
    case 'pool-trade':
      return trade(market, command);
    case 'source':
      return market
        .setState(command.source, command.setting)
        .then(() => `${command.source} is now ${SETTING_WORDS[command.setting]}.\n`);
  }
}

const SETTING_WORDS = { up: 'up', down: 'down', hang: 'hanging' } as const;

async function set(market: MarketClient, symbol: MarketSymbol, usdE8: bigint): Promise<string> {
  await setPrice(market, symbol, usdE8);
  return `${symbol} is now ${usd(usdE8)}.\n`;
}

async function trade(
  market: MarketClient,
  order: { readonly pool: PoolName; readonly symbol: MarketSymbol; readonly amount: bigint },
): Promise<string> {
  const { side0, side1 } = MARKET_POOLS[order.pool];
  const zeroForOne = order.symbol === side0;
  const xrc = await readXrcPrices(market);
  const before = await readPoolPrice(market, order.pool, xrc);
  const pool = market.pool(order.pool);
  const { amountIn, amountOut } = await pool.localnet_trade({ amountIn: order.amount, zeroForOne });
  const after = await readPoolPrice(market, order.pool, xrc);
  const sold = tokens(order.symbol, amountIn);
  const received = tokens(zeroForOne ? side1 : side0, amountOut);
  return (
    `Sold ${sold} for ${received}.\n` +
    `${before.symbol} went from ${usd(before.usdE8)} to ${usd(after.usdE8)} there.\n`
  );
}

async function show(market: MarketClient): Promise<string> {
  const xrc = await readXrcPrices(market);
  const rates = MARKET_SYMBOLS.flatMap((symbol) => {
    const usdE8 = xrc.get(symbol);
    return usdE8 === undefined ? [] : [`${symbol} ${usd(usdE8)}`];
  });
  const lines = [
    line('xrc', await market.stateOf('xrc'), rates.join('  ')),
    line('oisy-trade', await market.stateOf('oisy-trade'), await orderBooks(market)),
  ];
  for (const name of POOL_NAMES) {
    const { symbol, usdE8, amount0, amount1 } = await readPoolPrice(market, name, xrc);
    const { side0, side1 } = MARKET_POOLS[name];
    const reserves = `${tokens(side0, amount0)} and ${tokens(side1, amount1)}`;
    const text = `${symbol} ${usd(usdE8)}  ${reserves}`;
    lines.push(line(name, await market.stateOf(name), text));
  }
  lines.push(line('kongswap', await market.stateOf('kongswap'), ''));
  return lines.join('');
}

async function orderBooks(market: MarketClient): Promise<string> {
  const books = await market.oisyTrade.localnet_tickers();
  return books
    .map(({ ticker }) => {
      const { tokenSymbol } = MARKET_ASSETS.USDT;
      return `ICP ${level(ticker.bid[0])} to ${level(ticker.ask[0])} ${tokenSymbol}`;
    })
    .join('  ');
}

function level(top: WirePriceLevel | undefined): string {
  return top === undefined ? 'nothing' : formatDecimal(top.price, MARKET_ASSETS.USDT.decimals);
}

function line(name: string, state: SourceState, text: string): string {
  const [word = ''] = Object.keys(state);
  const shown = `${name.padEnd(NAME_WIDTH)}${word.toLowerCase().padEnd(STATE_WIDTH)}${text}`;
  return `${shown.trimEnd()}\n`;
}

function usd(usdE8: bigint | undefined): string {
  return usdE8 === undefined ? 'no price' : `$${formatDecimal(usdE8, USD_DECIMALS)}`;
}

function tokens(symbol: MarketSymbol, amount: bigint): string {
  const { decimals, tokenSymbol } = MARKET_ASSETS[symbol];
  return `${formatDecimal(amount, decimals)} ${tokenSymbol}`;
}

/** The first line: the rest is for those who debug the client. */
function reasonOf(error: AgentError): string {
  return error.message.split('\n')[0] ?? error.message;
}
