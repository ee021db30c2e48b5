import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { NO_FILTER, type MarketFilter } from './market-filter.service.ts';
import { bestRelaxation } from './market-relax.service.ts';

const ASKED: MarketFilter = { ...NO_FILTER, words: 'blog', minCores: 8, country: 'FI' };

describe('bestRelaxation', () => {
  it('names the one thing that gains most, and asks once for each', async () => {
    const asked: MarketFilter[] = [];
    const best = await bestRelaxation(ASKED, {
      count: (filter) => {
        asked.push(filter);
        return Promise.resolve({ count: filter.minCores === undefined ? 4 : 1, hasMore: false });
      },
    });
    expect(best).toMatchObject({ chip: { key: 'minCores' }, count: 4 });
    expect(best?.filter).toEqual({ ...ASKED, minCores: undefined });
    expect(asked).toHaveLength(3);
  });

  it('prefers what has more than could be counted', async () => {
    const count = (filter: MarketFilter) =>
      Promise.resolve({ count: 50, hasMore: filter.country === undefined });
    expect((await bestRelaxation(ASKED, { count }))?.chip.key).toBe('country');
  });

  it('has nothing to say if nothing helps or nothing is asked for', async () => {
    const none = () => Promise.resolve({ count: 0, hasMore: false });
    expect(await bestRelaxation(ASKED, { count: none })).toBeUndefined();
    const some = () => Promise.resolve({ count: 3, hasMore: false });
    expect(await bestRelaxation(NO_FILTER, { count: some })).toBeUndefined();
  });

  test.prop([fc.array(fc.nat({ max: 50 }), { minLength: 3, maxLength: 3 })])(
    'never gains less than another would',
    async (counts) => {
      const rest = [...counts];
      const best = await bestRelaxation(ASKED, {
        count: () => Promise.resolve({ count: rest.shift() ?? 0, hasMore: false }),
      });
      expect(best?.count ?? 0).toBe(Math.max(...counts));
    },
  );
});
