import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { CK_USDC, CK_USDT, CONFIG, DCT, ICP, idOf, poolOf } from '../../../test/price-graph.ts';
import { rateOf, somePool, step, toToken, toUsd, usd } from '../../../test/price-graph.ts';
import { withSource, withToken } from '../../../test/price-graph.ts';
import { checkSource } from '../sources/check-source.ts';
import type { PriceOrigin, PriceSource } from '../sources/price-source.ts';
import type { SourceId } from '../units.ts';
import { checkPricing } from './check-pricing.ts';
import type { PriceRoute, PricingConfig } from './token-pricing.ts';

const refusal = (config: PricingConfig) => {
  const checked = checkPricing(config);
  return checked.kind === 'err' ? `${checked.error.argument} ${checked.error.rule}` : 'ok';
};

const withRoutes = (...routes: PriceRoute[]) => withToken(DCT, { routes });
const viaIcp = toToken(ICP, step('dctByIcpPool'));

function withOrigin(id: number, origin: PriceOrigin): PricingConfig {
  const like = CONFIG.sources[8];
  if (like === undefined) throw new Error('the table has ten sources');
  const source = { ...like.source, origin };
  return { ...CONFIG, sources: [...CONFIG.sources, { id: id as SourceId, source }] };
}

describe('checkPricing', () => {
  it('accepts the configuration of production', () => {
    expect(refusal(CONFIG)).toBe('ok');
  });

  it.each<[string, PricingConfig]>([
    ['routes must be 1 to 5', withRoutes()],
    ['routes must have 1 to 3 steps', withRoutes(toUsd())],
    ['routes must not use one source twice', withRoutes(viaIcp, viaIcp)],
    ['routes must end in dollars as it says', withRoutes(toUsd(step('dctByIcpPool')))],
    ['routes must end in the token that it says', withRoutes({ ...viaIcp, end: endIn(CK_USDC) })],
    [
      'routes must start source 7 where the step before ended',
      withRoutes(toToken(ICP, step('dctByIcpPool', true))),
    ],
    [
      'routes must name sources that exist, not 77',
      withRoutes(toUsd({ source: 77 as SourceId, isInverted: false })),
    ],
    ['peg_tolerance_bps must be 1 to 1000 basis points', withToken(ICP, { pegToleranceBps: 0 })],
    ['symbol must have 1 to 12 letters', withToken(ICP, { symbol: '' })],
    [
      'loss_budget_per_hour_usd_e8 must be at most $10,000',
      withToken(DCT, { lossBudgetPerHourUsdE8: usd(10_001) }),
    ],
    [
      'xdr_band must lead from the token to XDR and from XDR to dollars',
      withToken(ICP, {
        xdrBand: { tokenInXdr: idOf('icpInXdr'), xdrInUsd: idOf('icpByRate') },
      }),
    ],
    ['routes must ask the exchange rate canister once', twoRates()],
    [
      'routes must not let a source of ICP confirm itself',
      withToken(CK_USDC, {
        routes: [toUsd(step('usdcByRate')), toUsd(step('icpByPool', true), step('icpByRate'))],
      }),
    ],
    [
      'routes must not price ICP by way of itself',
      withToken(CK_USDC, { routes: [toToken(ICP, step('icpByPool', true))] }),
    ],
    ['origin asks the same as source 8', withOrigin(10, poolOf(somePool(72), DCT, CK_USDT))],
    [
      'decimals must be the same wherever a token is',
      withOrigin(10, poolOf(somePool(74), { ...DCT, decimals: 8 }, ICP)),
    ],
    ['source must have an id of its own', withOrigin(8, poolOf(somePool(75), DCT, CK_USDT))],
    ['token must be priced once', { ...CONFIG, tokens: [...CONFIG.tokens, ...CONFIG.tokens] }],
    [
      'routes must price what source 7 is quoted in',
      { ...CONFIG, tokens: CONFIG.tokens.slice(0, 1) },
    ],
  ])('says "%s"', (rule, config) => {
    expect(refusal(config)).toBe(rule);
  });

  it('accepts a source that repeats one that is switched off', () => {
    const off = withSource('dctByUsdcPool', { isEnabled: false });
    const [first] = off.sources.slice(8);
    if (first === undefined) throw new Error('the table has ten sources');
    const again = { id: 10 as SourceId, source: { ...first.source, isEnabled: true } };
    expect(refusal({ ...off, sources: [...off.sources, again] })).toBe('ok');
  });
});

describe('checkSource', () => {
  const source: PriceSource = {
    label: 'ICPSwap DCT/ICP',
    origin: poolOf(somePool(1), DCT, ICP),
    minDepthUsdE8: usd(10_000),
    isThin: true,
    isEnabled: true,
  };
  const rate = rateOf('ICP', ICP);

  it('accepts every source of the table', () => {
    for (const row of CONFIG.sources) expect(checkSource(row.source).kind).toBe('ok');
    expect(checkSource(source).kind).toBe('ok');
  });

  it.each<[string, Partial<PriceSource>]>([
    ['label', { label: ' ' }],
    ['label', { label: 'x'.repeat(61) }],
    ['min_depth_usd_e8', { minDepthUsdE8: (10n ** 19n) as UsdE8 }],
    ['min_depth_usd_e8', { origin: rate, isThin: false }],
    ['is_thin', { origin: rate, minDepthUsdE8: usd(0) }],
    ['origin', { origin: poolOf(Principal.anonymous(), DCT, ICP) }],
    ['origin', { origin: poolOf(Principal.managementCanister(), DCT, ICP) }],
    ['origin', { origin: poolOf(somePool(1), DCT, DCT) }],
    ['origin', { origin: poolOf(somePool(1), { ...DCT, decimals: 19 }, ICP) }],
    ['origin', { origin: poolOf(somePool(1), { ...DCT, ledger: Principal.anonymous() }, ICP) }],
    ['origin', { origin: rateOf('IC P', ICP) }],
    ['origin', { origin: rateOf('USD', ICP) }],
    ['origin', { origin: { ...rate, minReceivedRates: 0 } as PriceOrigin }],
  ])('refuses %s', (argument, change) => {
    expect(checkSource({ ...source, ...change })).toMatchObject({
      kind: 'err',
      error: { argument },
    });
  });

  it('refuses a rate whose classes are mixed up', () => {
    if (rate.kind !== 'exchange-rate') throw new Error('a rate is a rate');
    const mixed = { ...rate, base: { ...rate.base, class: 'fiat' as const } };
    const refused = checkSource({
      ...source,
      origin: mixed,
      minDepthUsdE8: usd(0),
      isThin: false,
    });
    expect(refused).toMatchObject({
      error: { rule: 'must have tokens as crypto, dollars and XDR as fiat' },
    });
  });
});

function endIn(token: typeof ICP): PriceRoute['end'] {
  return { kind: 'token', ledger: token.ledger };
}

/** The exchange rate canister asked for ICP by two symbols. */
function twoRates(): PricingConfig {
  const { sources } = withOrigin(10, rateOf('ICP2', ICP));
  const deepless = sources.map((row) =>
    row.id === (10 as SourceId)
      ? { ...row, source: { ...row.source, minDepthUsdE8: usd(0), isThin: false } }
      : row,
  );
  const second = { source: 10 as SourceId, isInverted: false };
  const routes = [toUsd(step('icpByRate')), toUsd(second)];
  return { ...withToken(ICP, { routes }), sources: deepless };
}
