import type { NativeProgram } from '../../core/native.ts';
import { SWAP_FACTORY_PROGRAM, SwapFactory, swapFactoryProgram } from './icpswap/swap-factory.ts';
import { emptySwapPool, SWAP_POOL_PROGRAM } from './icpswap/swap-pool-program.ts';
import { KongSwap } from './kongswap/kong-book.ts';
import { KONG_PROGRAM, kongProgram } from './kongswap/kong-program.ts';
import { OISY_TRADE_PROGRAM, oisyTradeProgram, OrderBooks } from './oisy-trade/order-books.ts';
import { createSilentCanister, SILENT_PROGRAM } from './silent-canister.ts';
import { ExchangeRates } from './xrc/exchange-rates.ts';
import { XRC_PROGRAM, xrcProgram } from './xrc/xrc-program.ts';

/** Makes each stand-in of this folder without state, for `load`. */
export const PRICE_PROGRAMS: readonly (readonly [string, () => NativeProgram])[] = [
  [SWAP_FACTORY_PROGRAM, () => swapFactoryProgram(new SwapFactory())],
  [SWAP_POOL_PROGRAM, emptySwapPool],
  [XRC_PROGRAM, () => xrcProgram(new ExchangeRates())],
  [OISY_TRADE_PROGRAM, () => oisyTradeProgram(new OrderBooks())],
  [KONG_PROGRAM, () => kongProgram(new KongSwap())],
  [SILENT_PROGRAM, createSilentCanister],
];
