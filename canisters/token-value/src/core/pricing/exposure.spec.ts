import { describe, expect, it } from 'vitest';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { usd } from '../../../test/price-graph.ts';
import { exposureOf } from './exposure.ts';

const dollars = (...amounts: (number | undefined)[]): (UsdE8 | undefined)[] =>
  amounts.map((amount) => (amount === undefined ? undefined : usd(amount)));

describe('exposureOf', () => {
  it.each([
    { depths: [10_000], toMove: 10_000 },
    { depths: [10_000, 30_000], toMove: 40_000 },
    { depths: [30_000, 10_000, 50_000], toMove: 40_000 },
    { depths: [50_000, 30_000, 10_000, 70_000], toMove: 90_000 },
    { depths: [90_000, 50_000, 30_000, 10_000, 70_000], toMove: 90_000 },
    { depths: [10_000, undefined], toMove: 10_000 },
    { depths: [undefined, 30_000, 10_000], toMove: 40_000 },
    { depths: [0], toMove: 0 },
  ])('takes $toMove dollars of $depths to move', ({ depths, toMove }) => {
    const exposure = exposureOf({
      thinDepths: dollars(...depths),
      lossBudgetPerHourUsdE8: usd(25),
    });
    expect(exposure).toEqual({
      attackDepthUsdE8: usd(toMove),
      capPerHourUsdE8: usd(toMove) / 330n + usd(250),
    });
  });

  it('is undefined where no pool is thin', () => {
    const thinDepths = dollars(undefined, undefined);
    expect(exposureOf({ thinDepths, lossBudgetPerHourUsdE8: usd(25) })).toBeUndefined();
  });
});
