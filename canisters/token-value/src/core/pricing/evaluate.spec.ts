import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import type { TokenAsset } from '../sources/price-source.ts';
import { priceToUsdE8 } from '../units.ts';
import { currentPrice } from './current-price.ts';
import { checkPricing } from './check-pricing.ts';
import { describeNoPrice, describeRouteRejection, describeSourceRejection } from './describe.ts';
import { healthChanges } from './health-changes.ts';
import { CK_USDC, CK_USDT, CONFIG, DCT, ICP, idOf, SOURCE } from '../../../test/price-graph.ts';
import { poolOf, somePool, step, toToken } from '../../../test/price-graph.ts';
import { SOURCE_NAMES, withSource, withToken, type SourceName } from '../../../test/price-graph.ts';
import { Market, pricedIn, ratio, sourceIn, TICK_NS, tokenIn } from '../../../test/market.ts';

const TOKENS = [DCT, ICP, CK_USDC, CK_USDT];
const ALIVE = SOURCE_NAMES.filter((name) => name !== 'dctByKong');
/** Nothing but the exchange rate canister knows what a stable token is worth. */
const onlySourceOf = new Map<TokenAsset, SourceName>([
  [CK_USDC, 'usdcByRate'],
  [CK_USDT, 'usdtByRate'],
]);
const RATES: SourceName[] = ['icpByRate', 'usdcByRate', 'usdtByRate', 'xdrByRate'];

describe('evaluate', () => {
  it('prices a calm market exactly', () => {
    expect(checkPricing(CONFIG).kind).toBe('ok');
    const evaluation = Market.calm().evaluate();
    expect(priceToUsdE8(pricedIn(evaluation, DCT).quotePriceE18)).toBe(2_000_000n);
    expect(priceToUsdE8(pricedIn(evaluation, ICP).quotePriceE18)).toBe(500_000_000n);
    expect(priceToUsdE8(pricedIn(evaluation, CK_USDC).quotePriceE18)).toBe(100_000_000n);
    expect(priceToUsdE8(pricedIn(evaluation, CK_USDT).quotePriceE18)).toBe(100_000_000n);
    expect(tokenIn(evaluation, ICP).xdrBand).toBe('checked');
    expect(pricedIn(evaluation, DCT).countedSources).not.toContain(SOURCE.dctByKong);
    expect(sourceIn(evaluation, 'dctByKong').health).toEqual({
      kind: 'rejected',
      reason: { kind: 'disabled' },
    });
  });

  it('does not let a closed source count, even one that still answers well', () => {
    const market = new Market();
    market.config = withSource('dctByKong', { isEnabled: true });
    market.run(288);
    expect(pricedIn(market.evaluate(), DCT).countedSources).toContain(SOURCE.dctByKong);
    market.config = CONFIG;
    const evaluation = market.evaluate();
    expect(pricedIn(evaluation, DCT).countedSources).not.toContain(SOURCE.dctByKong);
    market.config = withToken(DCT, { routes: [...(CONFIG.tokens[0]?.routes ?? [])].slice(2) });
    expect(tokenIn(market.evaluate(), DCT).price).toMatchObject({
      reason: { kind: 'no-valid-route' },
    });
  });
});

describe('a source that dies', () => {
  it.each(ALIVE)('holds every price without %s, and the status names it', (name) => {
    const market = Market.calm();
    const before = market.evaluate();
    market.silent.add(name);
    market.run(4);
    const after = market.evaluate();
    const { health } = sourceIn(after, name);
    expect(health).toEqual({ kind: 'rejected', reason: { kind: 'stale', ageSeconds: 1_200n } });
    expect(healthChanges(before, after)).toContainEqual({
      kind: 'source-rejected',
      source: idOf(name),
      reason: { kind: 'stale', ageSeconds: 1_200n },
    });
    for (const token of TOKENS.filter((one) => onlySourceOf.get(one) !== name)) {
      expect(pricedIn(after, token).quotePriceE18).toBe(pricedIn(before, token).quotePriceE18);
      expect(pricedIn(after, token).countedSources).not.toContain(SOURCE[name]);
    }
  });

  it.each(ALIVE)('holds every price with %s switched off', (name) => {
    const market = Market.calm();
    market.config = withSource(name, { isEnabled: false });
    const after = market.evaluate();
    expect(sourceIn(after, name).health).toMatchObject({ reason: { kind: 'disabled' } });
    for (const token of TOKENS.filter((one) => onlySourceOf.get(one) !== name)) {
      expect(pricedIn(after, token).countedSources).not.toContain(SOURCE[name]);
    }
  });

  it.each([...onlySourceOf])('gives a stable token no constant', (token, name) => {
    const market = Market.calm();
    market.silent.add(name);
    market.run(4);
    expect(tokenIn(market.evaluate(), token).price).toMatchObject({
      reason: { kind: 'no-valid-route' },
    });
  });

  it('holds DCT and ICP without the exchange rate canister, a peg band lower', () => {
    const market = Market.calm();
    for (const name of RATES) market.silent.add(name);
    market.run(4);
    const after = market.evaluate();
    expect(priceToUsdE8(pricedIn(after, ICP).quotePriceE18)).toBe(490_000_000n);
    expect(priceToUsdE8(pricedIn(after, DCT).quotePriceE18)).toBe(1_960_000n);
    expect(pricedIn(after, ICP).isExchangeRateBacked).toBe(false);
    expect(tokenIn(after, ICP).xdrBand).toBe('unavailable');
    expect(tokenIn(after, CK_USDC).price).toMatchObject({ reason: { kind: 'no-valid-route' } });
  });

  it('trusts two issuers of dollars a day without the exchange rate canister, not longer', () => {
    const market = Market.calm();
    for (const name of RATES) market.silent.add(name);
    market.run(287);
    expect(pricedIn(market.evaluate(), ICP).isExchangeRateBacked).toBe(false);
    market.run(2);
    expect(tokenIn(market.evaluate(), ICP).price).toMatchObject({
      reason: { kind: 'no-valid-route' },
    });
  });

  it('does not trust one issuer of dollars alone', () => {
    const market = Market.calm();
    for (const name of [...RATES, 'icpByBook'] as const) market.silent.add(name);
    market.run(4);
    expect(tokenIn(market.evaluate(), ICP).price).toMatchObject({
      reason: { kind: 'only-route-not-primary' },
    });
    expect(tokenIn(market.evaluate(), DCT).price).toMatchObject({
      reason: { kind: 'only-route-not-backed' },
    });
  });

  it('does not let one issuer of dollars vouch for itself in two markets', () => {
    const market = Market.calm();
    for (const name of RATES) market.silent.add(name);
    market.run(4);
    const sources = withSource('icpByBook', { origin: poolOf(somePool(5), ICP, CK_USDC) }).sources;
    const [rate, byPool] = CONFIG.tokens[1]?.routes ?? [];
    if (rate === undefined || byPool === undefined) throw new Error('ICP has three routes');
    const routes = [rate, byPool, toToken(CK_USDC, step('icpByBook'))];
    market.config = { sources, tokens: withToken(ICP, { routes }).tokens };
    const icp = tokenIn(market.evaluate(), ICP);
    expect(icp.price).toMatchObject({ reason: { kind: 'only-route-not-primary' } });
    const reason = { kind: 'dollar-not-confirmed', ledger: CK_USDC.ledger };
    expect(icp.routes).toContainEqual({ kind: 'rejected', reason });
  });

  it('does not take a stable token for a dollar that was off its peg when last seen', () => {
    const market = Market.calm();
    market.move('usdcByRate', 0.97);
    market.run(1);
    for (const name of RATES) market.silent.add(name);
    market.run(4);
    const icp = tokenIn(market.evaluate(), ICP);
    expect(icp.routes[1]).toMatchObject({ reason: { kind: 'quote-token-without-price' } });
    expect(icp.price).toMatchObject({ reason: { kind: 'only-route-not-primary' } });
  });
});

describe('all sources dead', () => {
  it('gives no price, and says when there last was one', () => {
    const market = Market.calm();
    const last = market.nowNs;
    for (const name of SOURCE_NAMES) market.silent.add(name);
    market.run(4);
    const evaluation = market.evaluate(last);
    for (const token of TOKENS) {
      expect(tokenIn(evaluation, token).price).toEqual({
        kind: 'no-price',
        reason: { kind: 'no-valid-route' },
        lastGoodAtNs: last,
      });
    }
    expect(evaluation.sources.every(({ health }) => health.kind === 'rejected')).toBe(true);
  });

  it('gives no price before there is any sample', () => {
    const evaluation = new Market().evaluate();
    for (const token of TOKENS) {
      expect(tokenIn(evaluation, token).price).toEqual({
        kind: 'no-price',
        reason: { kind: 'no-valid-route' },
        lastGoodAtNs: undefined,
      });
    }
  });

  it('lets a stored price expire with its oldest source, to the nanosecond', () => {
    const market = Market.calm();
    market.silent.add('dctByUsdcPool');
    market.run(2);
    const price = pricedIn(market.evaluate(), DCT);
    expect(price.expiresAtNs).toBe(market.nowNs + TICK_NS);
    expect(currentPrice(price, price.expiresAtNs)).toBe(price);
    expect(currentPrice(price, timestampNs(price.expiresAtNs + 1n))).toEqual({
      kind: 'no-price',
      reason: { kind: 'expired' },
      lastGoodAtNs: price.atNs,
    });
  });
});

describe('routes that disagree', () => {
  const onlyRoutes = (isPrimary: boolean) =>
    withToken(DCT, {
      routes: (CONFIG.tokens[0]?.routes ?? []).slice(0, 1).map((one) => ({ ...one, isPrimary })),
    });

  it('take the lower of two that are 5 % apart, and nothing beyond', () => {
    const market = new Market();
    market.move('dctByUsdcPool', 1.05);
    market.run(288);
    expect(priceToUsdE8(pricedIn(market.evaluate(), DCT).quotePriceE18)).toBe(2_000_000n);
    const apart = new Market();
    apart.move('dctByUsdcPool', 1.0501);
    apart.run(288);
    expect(tokenIn(apart.evaluate(), DCT).price).toMatchObject({
      reason: { kind: 'routes-disagree', deviationBps: 501 },
    });
  });

  it('leave one alone only if it is primary', () => {
    const market = Market.calm();
    market.config = onlyRoutes(true);
    expect(pricedIn(market.evaluate(), DCT).countedSources).toContain(SOURCE.icpByRate);
    market.config = onlyRoutes(false);
    expect(tokenIn(market.evaluate(), DCT).price).toMatchObject({
      reason: { kind: 'only-route-not-primary' },
    });
  });

  it('leave one alone only while the exchange rate canister backs its dollars', () => {
    const market = Market.calm();
    market.config = onlyRoutes(true);
    market.silent.add('icpByRate');
    market.run(4);
    expect(tokenIn(market.evaluate(), DCT).price).toMatchObject({
      reason: { kind: 'only-route-not-backed' },
    });
  });

  it('lose one that is more than 3 % from the exchange rate canister', () => {
    const market = new Market();
    market.move('icpByPool', 1.031);
    market.run(288);
    const icp = tokenIn(market.evaluate(), ICP);
    const reason = { kind: 'differs-from-exchange-rate', deviationBps: 310 };
    expect(icp.routes[1]).toEqual({ kind: 'rejected', reason });
    expect(priceToUsdE8(pricedIn(market.evaluate(), ICP).quotePriceE18)).toBe(500_000_000n);
  });

  it('have no price if nothing is within 3 % of the exchange rate canister', () => {
    const market = new Market();
    market.move('icpByRate', 0.96);
    market.run(288);
    expect(tokenIn(market.evaluate(), ICP).price).toMatchObject({
      reason: { kind: 'exchange-rate-disagrees', deviationBps: 417 },
    });
    expect(pricedIn(market.evaluate(), DCT).countedSources).toEqual([
      SOURCE.usdcByRate,
      SOURCE.dctByUsdcPool,
    ]);
  });

  it.each([0.905, 1.12])('have no price 10 % away from XDR (XDR × %d)', (factor) => {
    const market = new Market();
    market.move('icpInXdr', factor);
    market.run(288);
    expect(tokenIn(market.evaluate(), ICP).price).toMatchObject({
      reason: { kind: 'outside-xdr-band' },
    });
  });
});

describe('a stable token', () => {
  it.each([
    { factor: 1.02, isPriced: true },
    { factor: 0.98, isPriced: true },
    { factor: 1.0201, isPriced: false },
    { factor: 0.9799, isPriced: false },
  ])('at $factor dollars is priced: $isPriced', ({ factor, isPriced }) => {
    const market = Market.calm();
    market.move('usdcByRate', factor);
    market.run(1);
    const { price } = tokenIn(market.evaluate(), CK_USDC);
    expect(price.kind).toBe(isPriced ? 'priced' : 'no-price');
    if (price.kind === 'no-price') {
      expect(price.reason).toEqual({ kind: 'off-peg', deviationBps: 201 });
    }
  });

  it('off its peg prices nothing that is quoted in it', () => {
    const market = Market.calm();
    market.move('usdcByRate', 0.97);
    market.run(1);
    const evaluation = market.evaluate();
    const reason = { kind: 'quote-token-off-peg', ledger: CK_USDC.ledger };
    expect(tokenIn(evaluation, ICP).routes[1]).toEqual({ kind: 'rejected', reason });
    expect(tokenIn(evaluation, DCT).routes[1]).toEqual({ kind: 'rejected', reason });
    expect(priceToUsdE8(pricedIn(evaluation, DCT).quotePriceE18)).toBe(2_000_000n);
  });
});

describe('a source', () => {
  it('counts from its sixth sample of the hour', () => {
    const market = Market.calm(5);
    expect(sourceIn(market.evaluate(), 'icpByRate').health).toEqual({
      kind: 'rejected',
      reason: { kind: 'too-few-samples', inHour: 5 },
    });
    market.run(1);
    expect(sourceIn(market.evaluate(), 'icpByRate').health.kind).toBe('valid');
  });

  it('is stale after 15 minutes, not at them', () => {
    const market = Market.calm();
    market.silent.add('icpByRate');
    market.run(3);
    expect(sourceIn(market.evaluate(), 'icpByRate').health.kind).toBe('valid');
    market.nowNs = timestampNs(market.nowNs + 1n);
    expect(sourceIn(market.evaluate(), 'icpByRate').health).toMatchObject({
      reason: { kind: 'stale' },
    });
  });

  it.each([
    { factor: 1.1, health: 'valid' },
    { factor: 0.9, health: 'valid' },
    { factor: 1.1001, health: 'off-hour-median' },
    { factor: 0.8999, health: 'off-hour-median' },
    { factor: 1.3, health: 'off-hour-median' },
    { factor: 1.3001, health: 'quarantined' },
    { factor: 0.6999, health: 'quarantined' },
  ])('at $factor of its median is $health', ({ factor, health }) => {
    const market = Market.calm();
    market.move('dctByIcpPool', factor);
    market.run(1);
    const report = sourceIn(market.evaluate(), 'dctByIcpPool').health;
    expect(report.kind === 'valid' ? 'valid' : report.reason.kind).toBe(health);
  });

  it('is quarantined until three samples in a row are back in the band', () => {
    const market = Market.calm();
    const healthNow = () => {
      const { health } = sourceIn(market.evaluate(), 'dctByIcpPool');
      return health.kind === 'valid' ? health : health.reason;
    };
    market.move('dctByIcpPool', 1.5);
    market.run(2);
    expect(healthNow()).toEqual({ kind: 'quarantined', inBandCount: 0 });
    market.move('dctByIcpPool', 1);
    market.run(2);
    expect(healthNow()).toEqual({ kind: 'quarantined', inBandCount: 2 });
    market.move('dctByIcpPool', 0.5);
    market.run(1);
    expect(healthNow()).toEqual({ kind: 'quarantined', inBandCount: 0 });
    market.move('dctByIcpPool', 1);
    market.run(2);
    expect(healthNow()).toEqual({ kind: 'quarantined', inBandCount: 2 });
    market.run(1);
    expect(healthNow()).toEqual({ kind: 'valid' });
  });

  it('comes back when a new price has lasted for half a day', () => {
    const market = Market.calm();
    market.move('dctByIcpPool', 1.5);
    market.run(144);
    expect(sourceIn(market.evaluate(), 'dctByIcpPool').health.kind).toBe('rejected');
    market.run(4);
    expect(sourceIn(market.evaluate(), 'dctByIcpPool').health.kind).toBe('valid');
  });

  it('that is too shallow does not count', () => {
    const market = Market.calm();
    market.answers.dctByIcpPool = { ratioE18: ratio(0.004), depthUnits: 1n as never };
    market.run(1);
    expect(sourceIn(market.evaluate(), 'dctByIcpPool').health).toMatchObject({
      reason: { kind: 'too-shallow' },
    });
  });

  it('whose quote token has no price has no known depth', () => {
    const market = Market.calm();
    for (const name of ['icpByRate', 'icpByPool', 'icpByBook'] as const) market.silent.add(name);
    market.run(4);
    expect(sourceIn(market.evaluate(), 'dctByIcpPool').health).toMatchObject({
      reason: { kind: 'depth-unknown' },
    });
  });
});

describe('the reasons', () => {
  it('are said in words for every source, route and token that is rejected', () => {
    const market = Market.calm();
    for (const name of [...RATES, 'icpByBook'] as const) market.silent.add(name);
    market.run(4);
    const { sources, tokens } = market.evaluate();
    const words = [
      ...sources.flatMap(({ health }) =>
        health.kind === 'valid' ? [] : [describeSourceRejection(health.reason)],
      ),
      ...tokens.flatMap(({ routes, price }) => [
        ...routes.flatMap((one) =>
          one.kind === 'counted' ? [] : [describeRouteRejection(one.reason)],
        ),
        ...(price.kind === 'priced' ? [] : [describeNoPrice(price.reason)]),
      ]),
    ];
    expect(words).toContain('the newest sample is 1200 seconds old');
    expect(words).toContain('one source is left, and it may not stand alone');
    expect(words.every((text) => text.length > 5)).toBe(true);
  });
});
