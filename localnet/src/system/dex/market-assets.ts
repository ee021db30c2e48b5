import type { Principal } from '@dfinity/principal';
import {
  CKBTC_ICP_POOL_ID,
  CKBTC_LEDGER_ID,
  CKUSDC_LEDGER_ID,
  CKUSDT_ICP_POOL_ID,
  CKUSDT_LEDGER_ID,
  DCT_ICP_POOL_ID,
  DCT_LEDGER_ID,
  ICP_CKUSDC_POOL_ID,
  ICP_LEDGER_ID,
} from '../system-ids.ts';
import type { WireToken } from './icpswap/icpswap-types.ts';

/** What has a price here; ck-tokens go by the name of what they stand for. */
export const MARKET_SYMBOLS = ['ICP', 'BTC', 'USDC', 'USDT', 'DCT'] as const;
export type MarketSymbol = (typeof MARKET_SYMBOLS)[number];

export interface MarketAsset {
  readonly symbol: MarketSymbol;
  /** Of the token on the Internet Computer. */
  readonly tokenSymbol: string;
  readonly tokenName: string;
  readonly ledgerId: Principal;
  readonly decimals: number;
  readonly ledgerFee: bigint;
  readonly standard: string;
  /** Whether the exchanges that the exchange rate canister asks trade it. */
  readonly isOnExchanges: boolean;
}

export const MARKET_ASSETS: Readonly<Record<MarketSymbol, MarketAsset>> = {
  ICP: {
    symbol: 'ICP',
    tokenSymbol: 'ICP',
    tokenName: 'Internet Computer',
    ledgerId: ICP_LEDGER_ID,
    decimals: 8,
    ledgerFee: 10_000n,
    standard: 'ICP',
    isOnExchanges: true,
  },
  BTC: {
    symbol: 'BTC',
    tokenSymbol: 'ckBTC',
    tokenName: 'ckBTC',
    ledgerId: CKBTC_LEDGER_ID,
    decimals: 8,
    ledgerFee: 10n,
    standard: 'ICRC2',
    isOnExchanges: true,
  },
  USDC: {
    symbol: 'USDC',
    tokenSymbol: 'ckUSDC',
    tokenName: 'ckUSDC',
    ledgerId: CKUSDC_LEDGER_ID,
    decimals: 6,
    ledgerFee: 10_000n,
    standard: 'ICRC2',
    isOnExchanges: true,
  },
  USDT: {
    symbol: 'USDT',
    tokenSymbol: 'ckUSDT',
    tokenName: 'ckUSDT',
    ledgerId: CKUSDT_LEDGER_ID,
    decimals: 6,
    ledgerFee: 10_000n,
    standard: 'ICRC2',
    isOnExchanges: true,
  },
  DCT: {
    symbol: 'DCT',
    tokenSymbol: 'DCT',
    tokenName: 'Decent Cloud Token',
    ledgerId: DCT_LEDGER_ID,
    decimals: 9,
    ledgerFee: 1_000_000n,
    standard: 'ICRC2',
    isOnExchanges: false,
  },
};

export const POOL_NAMES = ['icp-ckusdc', 'ckusdt-icp', 'ckbtc-icp', 'dct-icp'] as const;
export type PoolName = (typeof POOL_NAMES)[number];

export interface MarketPool {
  readonly name: PoolName;
  readonly canisterId: Principal;
  /** Sorted by the text of their ledgers' ids, as ICPSwap sorts them. */
  readonly side0: MarketSymbol;
  readonly side1: MarketSymbol;
  /** What either side is worth at genesis. */
  readonly sideUsdE8: bigint;
}

const USD_E8 = 100_000_000n;

export const MARKET_POOLS: Readonly<Record<PoolName, MarketPool>> = {
  'icp-ckusdc': {
    name: 'icp-ckusdc',
    canisterId: ICP_CKUSDC_POOL_ID,
    side0: 'ICP',
    side1: 'USDC',
    sideUsdE8: 500_000n * USD_E8,
  },
  'ckusdt-icp': {
    name: 'ckusdt-icp',
    canisterId: CKUSDT_ICP_POOL_ID,
    side0: 'USDT',
    side1: 'ICP',
    sideUsdE8: 500_000n * USD_E8,
  },
  'ckbtc-icp': {
    name: 'ckbtc-icp',
    canisterId: CKBTC_ICP_POOL_ID,
    side0: 'BTC',
    side1: 'ICP',
    sideUsdE8: 500_000n * USD_E8,
  },
  'dct-icp': {
    name: 'dct-icp',
    canisterId: DCT_ICP_POOL_ID,
    side0: 'DCT',
    side1: 'ICP',
    sideUsdE8: 20_000n * USD_E8,
  },
};

export function poolToken(symbol: MarketSymbol): WireToken {
  const { ledgerId, standard } = MARKET_ASSETS[symbol];
  return { address: ledgerId.toText(), standard };
}
