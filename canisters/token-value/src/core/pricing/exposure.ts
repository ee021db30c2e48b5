import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { PRICE_RULES } from './price-rules.ts';
import type { Exposure } from './report.ts';

/**
 * What may be quoted in a rolling hour for a token that thin pools price. To lift the lower median
 * of n routes, all but floor((n - 1) / 2) of them must move, and an attacker takes the cheapest.
 * Undefined without thin pools: then nobody can move the price with little money.
 */
export function exposureOf(input: {
  /** For each counted route, its cheapest thin pool; undefined for a route without one. */
  readonly thinDepths: readonly (UsdE8 | undefined)[];
  readonly lossBudgetPerHourUsdE8: UsdE8;
}): Exposure | undefined {
  const { thinDepths, lossBudgetPerHourUsdE8 } = input;
  const depths = thinDepths.filter((depth) => depth !== undefined);
  if (depths.length === 0) return undefined;
  depths.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const toMove = thinDepths.length - ((thinDepths.length - 1) >> 1);
  const attackDepth = depths.slice(0, toMove).reduce<bigint>((sum, depth) => sum + depth, 0n);
  const free = attackDepth / PRICE_RULES.depthPerExposure;
  const budgeted = lossBudgetPerHourUsdE8 * PRICE_RULES.exposurePerLoss;
  return {
    capPerHourUsdE8: (free + budgeted) as UsdE8,
    attackDepthUsdE8: attackDepth as UsdE8,
  };
}
