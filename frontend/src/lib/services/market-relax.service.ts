import type { MarketFilter } from './market-filter.service.ts';
import { chipsOf, without, type FilterChip, type KnownNames } from './market-chips.service.ts';

/** What would be found without one of the things that are asked for. */
export interface Relaxation {
  readonly chip: FilterChip;
  readonly filter: MarketFilter;
  readonly count: number;
  /** There are more than were counted. */
  readonly hasMore: boolean;
}

export interface Counted {
  readonly count: number;
  readonly hasMore: boolean;
}

/**
 * The one thing to ask less for, so that most is found. Each is tried alone, with one search. Undefined
 * if nothing is found however one of them is left out, or if nothing is asked for.
 */
export async function bestRelaxation(
  filter: MarketFilter,
  options: {
    readonly count: (filter: MarketFilter) => Promise<Counted>;
    readonly names?: KnownNames | undefined;
  },
): Promise<Relaxation | undefined> {
  const tries = chipsOf(filter, options.names).map(async (chip): Promise<Relaxation> => {
    const relaxed = without(filter, chip.key);
    return { chip, filter: relaxed, ...(await options.count(relaxed)) };
  });
  const found = (await Promise.all(tries)).filter(({ count }) => count > 0);
  return found.reduce<Relaxation | undefined>(
    (best, one) => (best === undefined || gains(one) > gains(best) ? one : best),
    undefined,
  );
}

function gains({ count, hasMore }: Counted): number {
  return count + (hasMore ? 1 : 0);
}
