import { Principal } from '@dfinity/principal';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { PriceOrigin, PriceSource, TokenAsset } from '../src/core/sources/price-source.ts';
import type {
  PriceRoute,
  PricingConfig,
  RouteStep,
  TokenPricing,
} from '../src/core/pricing/token-pricing.ts';
import { DEFAULT_LOSS_BUDGET_PER_HOUR_USD_E8 } from '../src/core/pricing/token-pricing.ts';
import type { SourceId } from '../src/core/units.ts';

const token = (ledger: string, decimals: number): TokenAsset => ({
  kind: 'token',
  ledger: Principal.fromText(ledger),
  decimals,
});

export const DCT = token('ggi4a-wyaaa-aaaai-actqq-cai', 9);
export const ICP = token('ryjl3-tyaaa-aaaaa-aaaba-cai', 8);
export const CK_USDC = token('xevnm-gaaaa-aaaar-qafnq-cai', 6);
export const CK_USDT = token('cngnf-vqaaa-aaaar-qag4q-cai', 6);

const XRC = Principal.fromText('uf6dk-hyaaa-aaaaq-qaaaq-cai');
const CMC = Principal.fromText('rkp4c-7iaaa-aaaaa-aaaca-cai');
const OISY = Principal.fromText('sy2xe-miaaa-aaaar-qb7sq-cai');
const KONG = Principal.fromText('2ipq2-uqaaa-aaaar-qailq-cai');
const ICP_USDC_POOL = Principal.fromText('mohjv-bqaaa-aaaag-qjyia-cai');

export const usd = (dollars: number): UsdE8 => BigInt(Math.round(dollars * 1e8)) as UsdE8;

/** Ten sources over four tokens, as in production: every kind, and one that is closed. */
export const SOURCE = {
  icpByRate: 0,
  icpByPool: 1,
  icpByBook: 2,
  usdcByRate: 3,
  usdtByRate: 4,
  icpInXdr: 5,
  xdrByRate: 6,
  dctByIcpPool: 7,
  dctByUsdcPool: 8,
  dctByKong: 9,
} as const satisfies Record<string, number>;

export type SourceName = keyof typeof SOURCE;

export const SOURCE_NAMES = Object.keys(SOURCE) as SourceName[];

export function idOf(name: SourceName): SourceId {
  return SOURCE[name] as SourceId;
}

export function rateOf(symbol: string, base: TokenAsset | { readonly kind: 'xdr' }): PriceOrigin {
  return {
    kind: 'exchange-rate',
    canister: XRC,
    base: { asset: base, symbol, class: base.kind === 'token' ? 'crypto' : 'fiat' },
    quote: { asset: { kind: 'usd' }, symbol: 'USD', class: 'fiat' },
    minReceivedRates: 3,
  };
}

export function poolOf(pool: Principal, base: TokenAsset, quote: TokenAsset): PriceOrigin {
  return { kind: 'icpswap-pool', pool, base, quote };
}

export const somePool = (byte: number): Principal =>
  Principal.fromUint8Array(Uint8Array.of(byte, byte, 1, 1));

const ORIGINS: Readonly<Record<SourceName, PriceOrigin>> = {
  icpByRate: rateOf('ICP', ICP),
  icpByPool: poolOf(ICP_USDC_POOL, ICP, CK_USDC),
  icpByBook: {
    kind: 'oisy-trade',
    canister: OISY,
    base: ICP,
    quote: CK_USDT,
    maxSpreadBps: 100,
  },
  usdcByRate: rateOf('USDC', CK_USDC),
  usdtByRate: rateOf('USDT', CK_USDT),
  icpInXdr: { kind: 'cmc-xdr', canister: CMC, icp: ICP },
  xdrByRate: rateOf('CXDR', { kind: 'xdr' }),
  dctByIcpPool: poolOf(somePool(71), DCT, ICP),
  dctByUsdcPool: poolOf(somePool(72), DCT, CK_USDC),
  dctByKong: { kind: 'kongswap', canister: KONG, base: DCT, quote: CK_USDT, isBaseFirst: true },
};

const MIN_DEPTH: Partial<Record<SourceName, UsdE8>> = {
  icpByPool: usd(50_000),
  icpByBook: usd(1_000),
  dctByIcpPool: usd(5_000),
  dctByUsdcPool: usd(5_000),
  dctByKong: usd(5_000),
};

function sourceOf(name: SourceName): PriceSource {
  return {
    label: name,
    origin: ORIGINS[name],
    minDepthUsdE8: MIN_DEPTH[name] ?? usd(0),
    isThin: name.startsWith('dct'),
    isEnabled: name !== 'dctByKong',
  };
}

export const step = (name: SourceName, isInverted = false): RouteStep => ({
  source: idOf(name),
  isInverted,
});

export const toUsd = (...steps: RouteStep[]): PriceRoute => ({
  steps,
  end: { kind: 'usd' },
  isPrimary: true,
});

export const toToken = (end: TokenAsset, ...steps: RouteStep[]): PriceRoute => ({
  steps,
  end: { kind: 'token', ledger: end.ledger },
  isPrimary: false,
});

function pricing(rest: Pick<TokenPricing, 'token' | 'symbol' | 'routes'>): TokenPricing {
  return {
    pegToleranceBps: undefined,
    xdrBand: undefined,
    lossBudgetPerHourUsdE8: DEFAULT_LOSS_BUDGET_PER_HOUR_USD_E8,
    ...rest,
  };
}

const icp: TokenPricing = {
  ...pricing({
    token: ICP,
    symbol: 'ICP',
    routes: [
      toUsd(step('icpByRate')),
      toToken(CK_USDC, step('icpByPool')),
      toToken(CK_USDT, step('icpByBook')),
    ],
  }),
  xdrBand: { tokenInXdr: idOf('icpInXdr'), xdrInUsd: idOf('xdrByRate') },
};

const ckUsdc: TokenPricing = {
  ...pricing({
    token: CK_USDC,
    symbol: 'ckUSDC',
    routes: [toUsd(step('usdcByRate'))],
  }),
  pegToleranceBps: 200,
};

const ckUsdt: TokenPricing = {
  ...pricing({
    token: CK_USDT,
    symbol: 'ckUSDT',
    routes: [toUsd(step('usdtByRate'))],
  }),
  pegToleranceBps: 200,
};

const dct = pricing({
  token: DCT,
  symbol: 'DCT',
  routes: [
    { ...toToken(ICP, step('dctByIcpPool')), isPrimary: true },
    { ...toToken(CK_USDC, step('dctByUsdcPool')), isPrimary: true },
    toToken(CK_USDT, step('dctByKong')),
  ],
});

/** DCT is first, so that what it needs is computed before it whatever the order. */
export const CONFIG: PricingConfig = {
  sources: SOURCE_NAMES.map((name) => ({ id: idOf(name), source: sourceOf(name) })),
  tokens: [dct, icp, ckUsdc, ckUsdt],
};

/** The configuration with one token's pricing changed. */
export function withToken(token: TokenAsset, change: Partial<TokenPricing>): PricingConfig {
  const tokens = CONFIG.tokens.map((one) => (one.token === token ? { ...one, ...change } : one));
  return { ...CONFIG, tokens };
}

/** The configuration with one source changed. */
export function withSource(name: SourceName, change: Partial<PriceSource>): PricingConfig {
  const sources = CONFIG.sources.map((row) =>
    row.id === idOf(name) ? { ...row, source: { ...row.source, ...change } } : row,
  );
  return { ...CONFIG, sources };
}
