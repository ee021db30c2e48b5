import type { Principal } from '@dfinity/principal';
import {
  CKBTC_ICP_POOL_ID,
  CKBTC_LEDGER_ID,
  CKUSDC_LEDGER_ID,
  CKUSDT_ICP_POOL_ID,
  CKUSDT_LEDGER_ID,
  CMC_ID,
  DCT_ICP_POOL_ID,
  DCT_LEDGER_ID,
  ICP_CKUSDC_POOL_ID,
  ICP_LEDGER_ID,
  KONG_ID,
  OISY_TRADE_ID,
  XRC_ID,
} from '@decent-cloud/localnet/system/system-ids.ts';
import type {
  Pricing,
  RateSide,
  Route,
  SourceInput,
  TokenAsset,
} from '../../dist/canisters/token-value/declarations/token-value.did.ts';

/** What token-value is told: sources in the order of their ids, tokens in an order that it takes. */
export interface PriceConfig {
  readonly sources: readonly SourceInput[];
  readonly tokens: readonly Pricing[];
}

const ICP: TokenAsset = { ledger: ICP_LEDGER_ID, decimals: 8 };
const CKBTC: TokenAsset = { ledger: CKBTC_LEDGER_ID, decimals: 8 };
const CKUSDC: TokenAsset = { ledger: CKUSDC_LEDGER_ID, decimals: 6 };
const CKUSDT: TokenAsset = { ledger: CKUSDT_LEDGER_ID, decimals: 6 };
const DCT: TokenAsset = { ledger: DCT_LEDGER_ID, decimals: 9 };

const USD_E8 = 100_000_000n;
/** Below, a pool's price is too cheap to move. */
const POOL_DEPTH_USD_E8 = 10_000n * USD_E8;
/** Only the top of the book is seen, so less of it has to do. */
const BOOK_DEPTH_USD_E8 = 1_000n * USD_E8;
const BOOK_SPREAD_BPS = 200;
const LOSS_BUDGET_PER_HOUR_USD_E8 = 25n * USD_E8;
const PEG_TOLERANCE_BPS = 200;
/** Of about nine exchanges. */
const MIN_RECEIVED_RATES = 3;

const USD: RateSide = { asset: { Usd: null }, symbol: 'USD', class: { FiatCurrency: null } };
const XDR: RateSide = { asset: { Xdr: null }, symbol: 'CXDR', class: { FiatCurrency: null } };

function crypto(asset: TokenAsset, symbol: string): RateSide {
  return { asset: { Token: asset }, symbol, class: { Cryptocurrency: null } };
}

function rate(label: string, base: RateSide): SourceInput {
  const isXdr = 'Xdr' in base.asset;
  const origin = { canister: XRC_ID, base, quote: USD };
  return {
    label,
    // Exchanges trade no XDR: its rate is made of a few banks' rates.
    origin: { ExchangeRate: { ...origin, min_received_rates: isXdr ? 1 : MIN_RECEIVED_RATES } },
    min_depth_usd_e8: 0n,
    is_thin: false,
    is_enabled: true,
  };
}

interface Pool {
  readonly pool: Principal;
  readonly base: TokenAsset;
  readonly quote: TokenAsset;
}

function icpSwap(label: string, pool: Pool, isThin: boolean): SourceInput {
  return {
    label,
    origin: { IcpSwapPool: pool },
    min_depth_usd_e8: POOL_DEPTH_USD_E8,
    is_thin: isThin,
    is_enabled: true,
  };
}

/** KongSwap closed on 2026-04-06; the source is here for whoever opens it again. */
function kongSwap(label: string, base: TokenAsset): SourceInput {
  return {
    label,
    origin: { KongSwap: { canister: KONG_ID, base, quote: CKUSDT, is_base_first: true } },
    min_depth_usd_e8: POOL_DEPTH_USD_E8,
    is_thin: true,
    is_enabled: false,
  };
}

/** Ids of the sources below: their order is part of the configuration. */
const ID = {
  icpUsd: 0n,
  usdcUsd: 1n,
  usdtUsd: 2n,
  btcUsd: 3n,
  xdrUsd: 4n,
  icpXdr: 5n,
  icpCkusdc: 6n,
  icpCkusdt: 7n,
  icpCkusdtBook: 8n,
  ckbtcIcp: 9n,
  dctIcp: 10n,
  dctCkusdtKong: 11n,
} as const;

function sourcesOf(dctIcpPool: Principal): readonly SourceInput[] {
  const book = { canister: OISY_TRADE_ID, base: ICP, quote: CKUSDT };
  return [
    rate('XRC ICP/USD', crypto(ICP, 'ICP')),
    rate('XRC USDC/USD', crypto(CKUSDC, 'USDC')),
    rate('XRC USDT/USD', crypto(CKUSDT, 'USDT')),
    rate('XRC BTC/USD', crypto(CKBTC, 'BTC')),
    rate('XRC XDR/USD', XDR),
    {
      label: 'CMC ICP/XDR',
      origin: { CmcXdr: { canister: CMC_ID, icp: ICP } },
      min_depth_usd_e8: 0n,
      is_thin: false,
      is_enabled: true,
    },
    icpSwap('ICPSwap ICP/ckUSDC', { pool: ICP_CKUSDC_POOL_ID, base: ICP, quote: CKUSDC }, false),
    icpSwap('ICPSwap ICP/ckUSDT', { pool: CKUSDT_ICP_POOL_ID, base: ICP, quote: CKUSDT }, false),
    {
      label: 'OISY TRADE ICP/ckUSDT',
      origin: { OisyTrade: { ...book, max_spread_bps: BOOK_SPREAD_BPS } },
      min_depth_usd_e8: BOOK_DEPTH_USD_E8,
      is_thin: false,
      is_enabled: true,
    },
    icpSwap('ICPSwap ckBTC/ICP', { pool: CKBTC_ICP_POOL_ID, base: CKBTC, quote: ICP }, false),
    icpSwap('ICPSwap DCT/ICP', { pool: dctIcpPool, base: DCT, quote: ICP }, true),
    kongSwap('KongSwap DCT/ckUSDT', DCT),
  ];
}

function inUsd(source: bigint): Route {
  return { steps: [{ source, is_inverted: false }], end: { Usd: null }, is_primary: true };
}

function inToken(source: bigint, token: TokenAsset, isPrimary = false): Route {
  const steps = [{ source, is_inverted: false }];
  return { steps, end: { Token: token.ledger }, is_primary: isPrimary };
}

function pricing(
  token: TokenAsset,
  rest: Pick<Pricing, 'symbol' | 'routes'> & Partial<Pricing>,
): Pricing {
  return {
    token,
    peg_tolerance_bps: [],
    xdr_band: [],
    loss_budget_per_hour_usd_e8: LOSS_BUDGET_PER_HOUR_USD_E8,
    ...rest,
  };
}

/** A token may only be priced by tokens that have a price already: these come first. */
const TOKENS: readonly Pricing[] = [
  pricing(CKUSDC, {
    symbol: 'ckUSDC',
    routes: [inUsd(ID.usdcUsd)],
    peg_tolerance_bps: [PEG_TOLERANCE_BPS],
  }),
  pricing(CKUSDT, {
    symbol: 'ckUSDT',
    routes: [inUsd(ID.usdtUsd)],
    peg_tolerance_bps: [PEG_TOLERANCE_BPS],
  }),
  pricing(ICP, {
    symbol: 'ICP',
    routes: [
      inUsd(ID.icpUsd),
      inToken(ID.icpCkusdc, CKUSDC),
      inToken(ID.icpCkusdt, CKUSDT),
      inToken(ID.icpCkusdtBook, CKUSDT),
    ],
    xdr_band: [{ token_in_xdr: ID.icpXdr, xdr_in_usd: ID.xdrUsd }],
  }),
  pricing(CKBTC, { symbol: 'ckBTC', routes: [inUsd(ID.btcUsd), inToken(ID.ckbtcIcp, ICP)] }),
  pricing(DCT, {
    symbol: 'DCT',
    routes: [inToken(ID.dctIcp, ICP, true), inToken(ID.dctCkusdtKong, CKUSDT)],
  }),
];

/**
 * ICP, ckUSDC, ckUSDT, ckBTC and DCT. All ids but that of the DCT pool are those of the Internet
 * Computer, where ICPSwap's factory knows the pool: `getPool`.
 */
export function priceConfig(dctIcpPool: Principal = DCT_ICP_POOL_ID): PriceConfig {
  return { sources: sourcesOf(dctIcpPool), tokens: TOKENS };
}
