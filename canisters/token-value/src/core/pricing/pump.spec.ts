import { describe, expect, it } from 'vitest';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { CK_USDC, CONFIG, DCT, step, toToken, withToken } from '../../../test/price-graph.ts';
import { Market, pricedIn, tokenIn } from '../../../test/market.ts';
import type { RatioE18 } from '../units.ts';
import { PRICE_RULES } from './price-rules.ts';
import { DEFAULT_LOSS_BUDGET_PER_HOUR_USD_E8 } from './token-pricing.ts';

const FEE_BPS = 30n;
const BPS = 10_000n;
const TICKS_PER_HOUR = 12;
const BUDGET_USD = Number(DEFAULT_LOSS_BUDGET_PER_HOUR_USD_E8) / 1e8;
const usdOf = (amount: UsdE8): number => Number(amount) / 1e8;

/** A full-range pool of DCT (9 decimals) and dollars (6) that takes its fee out of what comes in. */
class Pool {
  dct: bigint;
  dollars: bigint;

  constructor(depthDollars: number) {
    this.dollars = BigInt(depthDollars) * 1_000_000n;
    this.dct = this.dollars * 1_000n * 50n;
  }

  get answer() {
    const ratioE18 = (this.dollars * 10n ** 21n) / this.dct;
    return { ratioE18: ratioE18 as RatioE18, depthUnits: this.dollars as TokenUnits };
  }

  buy(dollars: bigint): bigint {
    const net = dollars - (dollars * FEE_BPS) / BPS;
    const out = (this.dct * net) / (this.dollars + net);
    this.dct -= out;
    this.dollars += net;
    return out;
  }

  sell(dct: bigint): bigint {
    const net = dct - (dct * FEE_BPS) / BPS;
    const out = (this.dollars * net) / (this.dct + net);
    this.dct += net;
    this.dollars -= out;
    return out;
  }

  /** What moves the price up by `rise`, fee included. */
  costOf(rise: number): bigint {
    const net = Number(this.dollars) * (Math.sqrt(1 + rise) - 1);
    return BigInt(Math.ceil((net * 10_000) / 9_970));
  }
}

/** One thin pool that may stand alone: the weakest token that is listed at all. */
const ONE_POOL = withToken(DCT, {
  routes: [{ ...toToken(CK_USDC, step('dctByUsdcPool')), isPrimary: true }],
});

interface Attack {
  readonly depth: number;
  readonly rise: number;
  /** How long the price is held up before the attacker sells again. */
  readonly ticks: number;
  readonly config: typeof CONFIG;
}

interface AttackResult {
  /** What buying and selling again cost. */
  readonly costUsd: number;
  /** The most that can be won in any sixty minutes, with each price taken at its highest. */
  readonly bestHourUsd: number;
  /** The most by which one rental became cheaper. */
  readonly bestDiscount: number;
  /** How far the cheaper of the pools went up. */
  readonly highestPrice: number;
}

/** Buys, holds, quotes as much as the cap allows all the time, sells. Nobody arbitrages. */
function play({ depth, rise, ticks, config }: Attack): AttackResult {
  const market = new Market();
  market.config = config;
  const byUsdc = new Pool(depth);
  const byIcp = new Pool(depth);
  const show = () => {
    market.answers.dctByUsdcPool = byUsdc.answer;
    // The same pool as seen in ICP at $5, which has 8 decimals.
    const { ratioE18 } = byIcp.answer;
    market.answers.dctByIcpPool = {
      ratioE18: (ratioE18 / 5n) as RatioE18,
      depthUnits: ((byIcp.dollars * 100n) / 5n) as TokenUnits,
    };
  };
  show();
  market.stand(288);
  const pools = config === CONFIG ? [byUsdc, byIcp] : [byUsdc];
  const spent = pools.map((pool) => pool.costOf(rise));
  const bought = pools.map((pool, index) => pool.buy(spent[index] ?? 0n));
  show();
  const offers: { readonly discount: number; readonly capUsd: number }[] = [];
  let highestPrice = 0;
  const offer = () => {
    market.tick();
    const { price } = tokenIn(market.evaluate(), DCT);
    if (price.kind === 'no-price') {
      offers.push({ discount: 0, capUsd: 0 });
      return;
    }
    const dollars = Number(price.quotePriceE18) / 1e18;
    highestPrice = Math.max(highestPrice, dollars);
    const capUsd = usdOf(price.exposure?.capPerHourUsdE8 ?? (0n as UsdE8));
    offers.push({ discount: Math.max(0, 1 - 0.02 / dollars), capUsd });
  };
  for (let tick = 0; tick < ticks; tick += 1) offer();
  const back = pools.map((pool, index) => pool.sell(bought[index] ?? 0n));
  show();
  for (let tick = 0; tick < TICKS_PER_HOUR + 2; tick += 1) offer();
  const sum = (amounts: readonly bigint[]): number =>
    Number(amounts.reduce((total, one) => total + one, 0n)) / 1e6;
  const hours = offers.map((_, index) => offers.slice(index, index + TICKS_PER_HOUR));
  return {
    costUsd: sum(spent) - sum(back),
    bestHourUsd: Math.max(
      ...hours.map(
        (hour) =>
          Math.max(...hour.map(({ capUsd }) => capUsd)) *
          Math.max(...hour.map(({ discount }) => discount)),
      ),
    ),
    bestDiscount: Math.max(...offers.map(({ discount }) => discount)),
    highestPrice,
  };
}

const RISES = [0.01, 0.09, 0.0999, 0.101, 0.29, 0.5, 9];
const HOLDS = [1, 6, 7, 12, 13, 24];
/** One tick before the median of the day gives in. */
const LONGEST_HOLD = 143;
const MARKETS = [
  { depth: 10_000, config: ONE_POOL },
  { depth: 1_000_000, config: ONE_POOL },
  { depth: 10_000, config: CONFIG },
];
const ATTACKS = RISES.flatMap((rise) =>
  [...HOLDS, ...(rise === 0.0999 ? [LONGEST_HOLD] : [])].flatMap((ticks) =>
    MARKETS.map((market) => ({ ...market, rise, ticks })),
  ),
);

describe('the cost model', () => {
  it.each([
    { depth: 10_000, rise: 0.05, costUsd: 1.5 },
    { depth: 2_000, rise: 1.245, costUsd: 5 },
  ])('charges $costUsd dollars to lift $depth dollars by $rise and back', (row) => {
    const pool = new Pool(row.depth);
    const spent = pool.costOf(row.rise);
    const before = Number(pool.answer.ratioE18);
    const bought = pool.buy(spent);
    expect(Number(pool.answer.ratioE18) / before).toBeCloseTo(1 + row.rise, 6);
    const costUsd = Number(spent - pool.sell(bought)) / 1e6;
    expect(Math.abs(costUsd / row.costUsd - 1)).toBeLessThan(0.03);
  });
});

describe('a pump of a thin pool', () => {
  const results = ATTACKS.map((attack) => ({ attack, ...play(attack) }));

  it('makes some rentals cheaper, so that the bounds below mean something', () => {
    expect(Math.max(...results.map(({ bestDiscount }) => bestDiscount))).toBeGreaterThan(0.08);
    expect(results.length).toBe((RISES.length * HOLDS.length + 1) * MARKETS.length);
  });

  it('makes no rental more than 9.1 % cheaper while the median of the day stands', () => {
    for (const { bestDiscount, highestPrice } of results) {
      expect(bestDiscount).toBeLessThan(0.091);
      expect(highestPrice).toBeLessThanOrEqual(0.022);
    }
  });

  it('wins next to nothing if it does not last for half an hour', () => {
    const short = results.filter(({ attack }) => attack.ticks <= 6 && attack.rise < 0.3);
    expect(Math.max(...short.map(({ bestDiscount }) => bestDiscount))).toBeLessThan(0.001);
  });

  it('wins in the hour that it pays for no more than its cost and the loss budget', () => {
    for (const { costUsd, bestHourUsd } of results) {
      expect(bestHourUsd).toBeLessThanOrEqual(costUsd + BUDGET_USD * 0.91);
    }
  });

  it('wins next to nothing when it jumps out of the band', () => {
    const jumps = results.filter(({ attack }) => attack.rise > 0.3);
    expect(Math.max(...jumps.map(({ bestDiscount }) => bestDiscount))).toBeLessThan(0.01);
  });
});

describe('the exposure cap', () => {
  it('is the depth to move over 330 and ten times the loss budget', () => {
    const market = Market.calm();
    const attackDepthUsdE8 = 2_000_000_000_000n;
    expect(pricedIn(market.evaluate(), DCT).exposure).toEqual({
      attackDepthUsdE8,
      capPerHourUsdE8:
        attackDepthUsdE8 / PRICE_RULES.depthPerExposure + DEFAULT_LOSS_BUDGET_PER_HOUR_USD_E8 * 10n,
    });
    market.config = ONE_POOL;
    expect(pricedIn(market.evaluate(), DCT).exposure?.attackDepthUsdE8).toBe(1_000_000_000_000n);
  });

  it('does not exist for a token without thin pools', () => {
    const evaluation = Market.calm().evaluate();
    expect(pricedIn(evaluation, CK_USDC).exposure).toBeUndefined();
    const market = Market.calm();
    const sources = CONFIG.sources.map(({ id, source }) => ({
      id,
      source: { ...source, isThin: false },
    }));
    market.config = { ...CONFIG, sources };
    expect(pricedIn(market.evaluate(), DCT).exposure).toBeUndefined();
  });

  it('takes the least depth of the hour, which nobody can raise in a moment', () => {
    const market = Market.calm();
    market.config = ONE_POOL;
    const calm = market.answers.dctByUsdcPool;
    market.answers.dctByUsdcPool = { ...calm, depthUnits: (10n ** 15n) as TokenUnits };
    market.run(11);
    expect(pricedIn(market.evaluate(), DCT).exposure?.attackDepthUsdE8).toBe(1_000_000_000_000n);
    market.run(2);
    expect(pricedIn(market.evaluate(), DCT).exposure?.attackDepthUsdE8).toBe(
      100_000_000_000_000_000n,
    );
  });
});
