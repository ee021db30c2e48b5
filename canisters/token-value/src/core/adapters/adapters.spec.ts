import type { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { CK_USDC, CK_USDT, CONFIG, DCT, ICP, SOURCE, somePool } from '../../../test/price-graph.ts';
import { describeSampleRejection } from '../pricing/describe.ts';
import type { SampleRejection } from '../samples/sample.ts';
import type {
  ExchangeRateOrigin,
  IcpSwapOrigin,
  KongSwapOrigin,
  OisyTradeOrigin,
  PriceOrigin,
} from '../sources/price-source.ts';
import { priceToUsdE8, type PriceE18 } from '../units.ts';
import { decodeCmcRate } from './decode-cmc-rate.ts';
import { decodeExchangeRate, exchangeRateRequest } from './decode-exchange-rate.ts';
import type { WireExchangeRate, WireExchangeRateError } from './decode-exchange-rate.ts';
import { decodeIcpSwap } from './decode-icpswap.ts';
import { decodeKongPools, kongPairText, type WireKongPool } from './decode-kong-pools.ts';
import { decodeOisyTicker, type WirePriceLevel } from './decode-oisy-ticker.ts';
import type { WireIcpSwapError, WirePoolMetadata } from './icpswap-wire.ts';

const Q96 = 2n ** 96n;
const AT_SECONDS = 1_795_000_000n;
const AT = timestampNs(AT_SECONDS * 1_000_000_000n);

function originOf<Kind extends PriceOrigin['kind']>(
  name: keyof typeof SOURCE,
  kind: Kind,
): Extract<PriceOrigin, { kind: Kind }> {
  const origin = CONFIG.sources[SOURCE[name]]?.source.origin;
  if (origin?.kind !== kind) throw new Error(`${name} is no ${kind}`);
  return origin as Extract<PriceOrigin, { kind: Kind }>;
}

function rejection(result: { readonly kind: string }): SampleRejection {
  if (!('error' in result)) throw new Error('it was accepted');
  const error = result.error as SampleRejection;
  expect(describeSampleRejection(error).length).toBeGreaterThan(5);
  return error;
}

function squareRoot(value: bigint): bigint {
  let root = value;
  let next = (root + 1n) / 2n;
  while (next < root) [root, next] = [next, (next + value / next) / 2n];
  return root;
}

describe('decodeIcpSwap', () => {
  const origin: IcpSwapOrigin = {
    kind: 'icpswap-pool',
    pool: somePool(9),
    base: DCT,
    quote: CK_USDC,
  };
  const wireToken = (ledger: Principal) => ({ address: ledger.toText(), standard: 'ICRC1' });
  // 0.02 dollars: 0.00002 smallest units of the 6-decimal token for one of the 9-decimal token.
  const sqrtPriceX96 = squareRoot((2n ** 192n * 2n) / 100_000n);
  const pool: WirePoolMetadata = {
    fee: 3_000n,
    key: 'key',
    liquidity: 10n ** 13n,
    maxLiquidityPerTick: 1n,
    nextPositionId: 2n,
    sqrtPriceX96,
    tick: -108_203n,
    token0: wireToken(DCT.ledger),
    token1: wireToken(CK_USDC.ledger),
  };
  const state = {
    swapFee0Repurchase: 0n,
    swapFee1Repurchase: 0n,
    swapFeeReceiver: '',
    token0Amount: 500_000n * 10n ** 9n,
    token1Amount: 10_000n * 10n ** 6n,
  };
  const open = { available: true, whiteList: [] };
  const good = { origin, metadata: { ok: pool }, amounts: { ok: state }, availability: open };
  const priceE8 = (answer: Parameters<typeof decodeIcpSwap>[0]): bigint => {
    const quote = decodeIcpSwap(answer);
    if (quote.kind === 'err') throw new Error(quote.error.kind);
    return priceToUsdE8((quote.value.ratioE18 + 1n) as PriceE18);
  };

  it('reads 2,000,000 e8 from a pool of 9 and 6 decimals', () => {
    expect(priceE8(good)).toBe(2_000_000n);
  });

  it('reads the same price when the pool has the tokens the other way round', () => {
    const turned = {
      ...good,
      metadata: {
        ok: {
          ...pool,
          sqrtPriceX96: (Q96 * Q96) / sqrtPriceX96,
          token0: pool.token1,
          token1: pool.token0,
        },
      },
      amounts: {
        ok: { ...state, token0Amount: state.token1Amount, token1Amount: state.token0Amount },
      },
    };
    expect(priceE8(turned)).toBe(2_000_000n);
    const [plain, mirrored] = [decodeIcpSwap(good), decodeIcpSwap(turned)];
    if (plain.kind === 'err' || mirrored.kind === 'err') throw new Error('rejected');
    const depths = [plain.value.depthUnits ?? 0n, mirrored.value.depthUnits ?? 0n];
    const [a = 0n, b = 0n] = depths;
    expect(a > b ? a - b : b - a).toBeLessThanOrEqual(2n);
  });

  it('agrees with exact fractions for any price, order and decimals', () => {
    const any = fc.record({
      units0: fc.bigInt({ min: 10n ** 6n, max: 10n ** 18n }),
      units1: fc.bigInt({ min: 10n ** 6n, max: 10n ** 18n }),
      decimals: fc.tuple(fc.integer({ min: 6, max: 9 }), fc.integer({ min: 6, max: 9 })),
      isBaseFirst: fc.boolean(),
    });
    fc.assert(
      fc.property(any, ({ units0, units1, decimals: [d0, d1], isBaseFirst }) => {
        const sqrt = squareRoot((units1 * 2n ** 192n) / units0);
        const [token0, token1] = [
          { ...DCT, decimals: d0 },
          { ...CK_USDC, decimals: d1 },
        ];
        const quote = decodeIcpSwap({
          ...good,
          origin: {
            ...origin,
            base: isBaseFirst ? token0 : token1,
            quote: isBaseFirst ? token1 : token0,
          },
          metadata: { ok: { ...pool, sqrtPriceX96: sqrt } },
        });
        const scaled0 = units0 * 10n ** BigInt(18 - d0);
        const scaled1 = units1 * 10n ** BigInt(18 - d1);
        const [top, bottom] = isBaseFirst ? [scaled1, scaled0] : [scaled0, scaled1];
        const exact = (top * 10n ** 18n) / bottom;
        if (exact < 10n ** 9n) return;
        if (quote.kind === 'err') throw new Error(quote.error.kind);
        const error = quote.value.ratioE18 - exact;
        expect((error < 0n ? -error : error) * 10n ** 8n <= exact).toBe(true);
      }),
    );
  });

  it('counts only what stands at the price as depth, not what is parked beside it', () => {
    const parked = { ...state, token1Amount: state.token1Amount * 1_000n };
    const quote = decodeIcpSwap({ ...good, amounts: { ok: parked } });
    if (quote.kind === 'err') throw new Error(quote.error.kind);
    expect(quote.value.depthUnits).toBe((pool.liquidity * sqrtPriceX96) / Q96);
    const drained = { ...state, token1Amount: 5n };
    const thin = decodeIcpSwap({ ...good, amounts: { ok: drained } });
    expect(thin).toMatchObject({ value: { depthUnits: 5n } });
  });

  it.each<[string, Partial<WirePoolMetadata>, SampleRejection['kind']]>([
    ['a pool without a price', { sqrtPriceX96: 0n, liquidity: 0n }, 'uninitialised'],
    ['a pool without liquidity', { liquidity: 0n }, 'no-liquidity'],
    ['another token', { token0: wireToken(CK_USDT.ledger) }, 'wrong-identity'],
    ['the same token twice', { token1: wireToken(DCT.ledger) }, 'wrong-identity'],
    ['a price out of this world', { sqrtPriceX96: 2n ** 160n - 1n }, 'absurd-price'],
    ['a price of nothing', { sqrtPriceX96: 1n }, 'absurd-price'],
  ])('rejects %s', (_, change, kind) => {
    const changed = { ...good, metadata: { ok: { ...pool, ...change } } };
    expect(rejection(decodeIcpSwap(changed)).kind).toBe(kind);
  });

  it('rejects a pool that is closed or has an empty side', () => {
    const closed = { ...good, availability: { ...open, available: false } };
    expect(rejection(decodeIcpSwap(closed))).toEqual({ kind: 'unavailable' });
    const empty = { ...good, amounts: { ok: { ...state, token1Amount: 0n } } };
    expect(rejection(decodeIcpSwap(empty))).toEqual({ kind: 'no-liquidity' });
  });

  it.each<[WireIcpSwapError, string]>([
    [{ CommonError: null }, 'CommonError'],
    [{ InsufficientFunds: null }, 'InsufficientFunds'],
    [{ InternalError: 'busy' }, 'InternalError: busy'],
    [{ UnsupportedToken: 'x' }, 'UnsupportedToken: x'],
  ])('passes on the refusal %j', (error, detail) => {
    const refused = { kind: 'source-error', detail };
    expect(rejection(decodeIcpSwap({ ...good, metadata: { err: error } }))).toEqual(refused);
    expect(rejection(decodeIcpSwap({ ...good, amounts: { err: error } }))).toEqual(refused);
  });
});

describe('decodeExchangeRate', () => {
  const origin: ExchangeRateOrigin = originOf('icpByRate', 'exchange-rate');
  const rate: WireExchangeRate = {
    base_asset: { symbol: 'ICP', class: { Cryptocurrency: null } },
    quote_asset: { symbol: 'USD', class: { FiatCurrency: null } },
    timestamp: AT_SECONDS - 20n,
    rate: 5_123_456_789n,
    metadata: {
      decimals: 9,
      base_asset_num_received_rates: 7n,
      base_asset_num_queried_sources: 9n,
      quote_asset_num_received_rates: 4n,
      quote_asset_num_queried_sources: 4n,
      standard_deviation: 1_000n,
      forex_timestamp: [],
    },
  };
  const decode = (change: Partial<WireExchangeRate>) =>
    decodeExchangeRate({ origin, reply: { Ok: { ...rate, ...change } }, atNs: AT });

  it('reads a rate by its own decimals', () => {
    expect(decode({})).toMatchObject({
      value: { ratioE18: 5_123_456_789_000_000_000n, depthUnits: undefined },
    });
    expect(exchangeRateRequest(origin)).toEqual({
      base_asset: rate.base_asset,
      quote_asset: rate.quote_asset,
      timestamp: [],
    });
  });

  it.each<[string, Partial<WireExchangeRate>, SampleRejection['kind']]>([
    ['another base', { base_asset: { ...rate.base_asset, symbol: 'BTC' } }, 'wrong-identity'],
    ['another class', { quote_asset: { ...rate.base_asset, symbol: 'USD' } }, 'wrong-identity'],
    ['an old rate', { timestamp: AT_SECONDS - 901n }, 'old-answer'],
    ['a rate of the future', { timestamp: AT_SECONDS + 121n }, 'old-answer'],
    ['a zero', { rate: 0n }, 'absurd-price'],
    ['absurd decimals', { metadata: { ...rate.metadata, decimals: 19 } }, 'absurd-price'],
    [
      'too few exchanges',
      { metadata: { ...rate.metadata, base_asset_num_received_rates: 2n } },
      'too-few-rates',
    ],
  ])('rejects %s', (_, change, kind) => {
    expect(rejection(decode(change)).kind).toBe(kind);
  });

  const refusals: WireExchangeRateError[] = [
    { AnonymousPrincipalNotAllowed: null },
    { CryptoBaseAssetNotFound: null },
    { CryptoQuoteAssetNotFound: null },
    { StablecoinRateNotFound: null },
    { StablecoinRateTooFewRates: null },
    { StablecoinRateZeroRate: null },
    { ForexInvalidTimestamp: null },
    { ForexBaseAssetNotFound: null },
    { ForexQuoteAssetNotFound: null },
    { ForexAssetsNotFound: null },
    { NotEnoughCycles: null },
    { FailedToAcceptCycles: null },
    { InconsistentRatesReceived: null },
    { Other: { code: 7, description: 'x'.repeat(500) } },
  ];

  it.each(refusals)('names the refusal %j', (error) => {
    const reason = rejection(decodeExchangeRate({ origin, reply: { Err: error }, atNs: AT }));
    expect(reason).toMatchObject({ kind: 'exchange-rate-error', name: Object.keys(error)[0] });
    if (reason.kind === 'exchange-rate-error') {
      expect(reason.detail.length).toBeLessThanOrEqual(200);
    }
  });

  it.each(['Pending', 'RateLimited'] as const)('takes %s as a reason to wait', (name) => {
    const error = { [name]: null } as unknown as WireExchangeRateError;
    const reason = rejection(decodeExchangeRate({ origin, reply: { Err: error }, atNs: AT }));
    expect(reason).toEqual({ kind: 'try-later', name });
  });
});

describe('decodeOisyTicker', () => {
  const origin: OisyTradeOrigin = originOf('icpByBook', 'oisy-trade');
  const level = (price: bigint, quantity: bigint): readonly [WirePriceLevel] => [
    { price, quantity },
  ];
  const decode = (
    bid: readonly [] | readonly [WirePriceLevel],
    ask: readonly [] | readonly [WirePriceLevel],
  ) => decodeOisyTicker({ origin, reply: { Ok: { bid, ask } } });

  it('takes the middle, and the thinner side as depth', () => {
    const quote = decode(level(4_990_000n, 10n ** 10n), level(5_010_000n, 3n * 10n ** 8n));
    expect(quote).toMatchObject({
      value: { ratioE18: 5_000_000_000_000_000_000n, depthUnits: 15_030_000n },
    });
  });

  it('bounds the spread at 1 % of the middle', () => {
    expect(decode(level(4_975_000n, 1n), level(5_025_000n, 1n)).kind).toBe('ok');
    const wide = rejection(decode(level(4_974_000n, 1n), level(5_026_000n, 1n)));
    expect(wide).toEqual({ kind: 'wide-spread', spreadBps: 104 });
  });

  it.each([
    { bid: [] as const, ask: level(5n, 1n), kind: 'empty-side' },
    { bid: level(5n, 1n), ask: [] as const, kind: 'empty-side' },
    { bid: level(5n, 0n), ask: level(6n, 1n), kind: 'empty-side' },
    { bid: level(0n, 1n), ask: level(6n, 1n), kind: 'absurd-price' },
    { bid: level(6n, 1n), ask: level(6n, 1n), kind: 'crossed-book' },
  ])('rejects a book with bid $bid and ask $ask', ({ bid, ask, kind }) => {
    expect(rejection(decode(bid, ask)).kind).toBe(kind);
  });

  it('passes on a refusal in words', () => {
    const kind = { RequestError: [{ UnknownTradingPair: null }] as const };
    const reply = { Err: { kind, message: ['no such pair'] as const } };
    expect(rejection(decodeOisyTicker({ origin, reply }))).toEqual({
      kind: 'source-error',
      detail: 'RequestError: UnknownTradingPair: no such pair',
    });
    const later = { Err: { kind: { TemporaryError: [] }, message: [] as const } };
    expect(rejection(decodeOisyTicker({ origin, reply: later }))).toEqual({
      kind: 'source-error',
      detail: 'TemporaryError',
    });
  });
});

describe('decodeKongPools', () => {
  const origin: KongSwapOrigin = originOf('dctByKong', 'kongswap');
  const pool: WireKongPool = {
    pool_id: 3,
    chain_0: 'IC',
    address_0: DCT.ledger.toText(),
    balance_0: 400_000n * 10n ** 9n,
    lp_fee_0: 100_000n * 10n ** 9n,
    chain_1: 'IC',
    address_1: CK_USDT.ledger.toText(),
    balance_1: 9_000n * 10n ** 6n,
    lp_fee_1: 1_000n * 10n ** 6n,
    is_removed: false,
  };
  const decode = (pools: readonly WireKongPool[], one = origin) =>
    decodeKongPools({ origin: one, reply: { Ok: pools } });

  it('divides reserves with fees and never reads the float', () => {
    const lying = { ...pool, price: 123.4 };
    expect(decode([lying])).toMatchObject({
      value: { ratioE18: 20_000_000_000_000_000n, depthUnits: 10_000_000_000n },
    });
  });

  it('reads a pool whose creator named the quote first', () => {
    const turned: WireKongPool = {
      ...pool,
      address_0: pool.address_1,
      balance_0: pool.balance_1,
      lp_fee_0: pool.lp_fee_1,
      address_1: pool.address_0,
      balance_1: pool.balance_0,
      lp_fee_1: pool.lp_fee_0,
    };
    const reversed = { ...origin, isBaseFirst: false };
    expect(decode([turned], reversed)).toMatchObject({
      value: { ratioE18: 20_000_000_000_000_000n, depthUnits: 10_000_000_000n },
    });
    expect(kongPairText(reversed)).toBe(`${turned.address_0}_${turned.address_1}`);
    expect(rejection(decode([turned])).kind).toBe('wrong-identity');
  });

  it.each([
    { pools: [], kind: 'wrong-identity' },
    { pools: [{ ...pool, is_removed: true }], kind: 'removed' },
    { pools: [{ ...pool, chain_1: 'LP' }], kind: 'wrong-identity' },
    { pools: [{ ...pool, balance_0: 0n, lp_fee_0: 0n }], kind: 'no-liquidity' },
  ])('rejects pools that are $kind', ({ pools, kind }) => {
    expect(rejection(decode(pools)).kind).toBe(kind);
  });

  it('passes on a refusal', () => {
    const reply = { Err: 'Kong Swap in maintenance mode' };
    expect(rejection(decodeKongPools({ origin, reply }))).toEqual({
      kind: 'source-error',
      detail: 'Kong Swap in maintenance mode',
    });
  });
});

describe('decodeCmcRate', () => {
  const reply = (permyriad: bigint, timestampSeconds = AT_SECONDS) => ({
    data: { timestamp_seconds: timestampSeconds, xdr_permyriad_per_icp: permyriad },
  });

  it('reads ten-thousandths of an XDR', () => {
    expect(decodeCmcRate({ reply: reply(36_600n), atNs: AT })).toMatchObject({
      value: { ratioE18: 3_660_000_000_000_000_000n },
    });
    expect(ICP.decimals).toBe(8);
  });

  it('rejects a rate that is not renewed, and none', () => {
    const old = decodeCmcRate({ reply: reply(36_600n, AT_SECONDS - 901n), atNs: AT });
    expect(rejection(old)).toEqual({ kind: 'old-answer', ageSeconds: 901n });
    expect(rejection(decodeCmcRate({ reply: reply(0n), atNs: AT })).kind).toBe('absurd-price');
  });
});
