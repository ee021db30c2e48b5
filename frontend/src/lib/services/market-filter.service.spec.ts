import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { chipsOf, cleared, without } from './market-chips.service.ts';
import {
  ARCH_NAMES,
  BACKEND_NAMES,
  filterOfParams,
  isSameFilter,
  NO_FILTER,
  paramsOfFilter,
  priceOf,
  priceText,
  SORT_NAMES,
  type MarketFilter,
} from './market-filter.service.ts';
import { filterOfForm, formOf } from './market-form.service.ts';
import { searchOf } from './market-query.service.ts';
import { marketHref, viewOfParams } from './offer-search.service.ts';

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const whole = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const capital = fc.stringMatching(/^[A-Z]{2}$/);

const filters: fc.Arbitrary<MarketFilter> = fc
  .record({
    words: fc.string({ maxLength: 100 }),
    isBare: fc.boolean(),
    recipeId: maybe(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    provider: maybe(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    backend: maybe(fc.constantFrom(...BACKEND_NAMES)),
    country: maybe(capital),
    location: maybe(fc.stringMatching(/^[a-z0-9-]{1,64}$/)),
    arch: maybe(fc.constantFrom(...ARCH_NAMES)),
    minCores: maybe(whole(1_000_000)),
    minMemoryGb: maybe(whole(1_000_000)),
    minDiskGb: maybe(whole(1_000_000)),
    maxPriceUsdE8: maybe(fc.bigInt({ min: 1n, max: 10n ** 9n }).map((steps) => steps * 10_000n)),
    minTrust: maybe(whole(99)),
    sort: fc.constantFrom(...SORT_NAMES),
  })
  .map((filter) => ({ ...filter, recipeId: filter.isBare ? undefined : filter.recipeId }));

describe('filterOfParams', () => {
  test.prop([filters])('reads what paramsOfFilter wrote', (filter) => {
    const address = paramsOfFilter(filter).toString();
    expect(filterOfParams(new URLSearchParams(address))).toEqual(filter);
  });

  it('says nothing of what does not matter', () => {
    expect(paramsOfFilter(NO_FILTER).toString()).toBe('');
    expect(filterOfParams(new URLSearchParams())).toEqual(NO_FILTER);
  });

  test.prop([fc.webQueryParameters()])('takes any address for some filter', (query) => {
    const filter = filterOfParams(new URLSearchParams(query));
    const again = filterOfParams(paramsOfFilter(filter));
    expect(again).toEqual(filter);
  });

  it.each([
    'cores=-1&ram=0&disk=1e3&trust=100',
    'max=0&max=x&max=-3',
    'recipe=x&seller=99999999999999999999',
    'country=DEU&cloud=aws&arch=mips&sort=size',
  ])('leaves out what makes no sense: %s', (query) => {
    expect(filterOfParams(new URLSearchParams(query))).toEqual(NO_FILTER);
  });

  it('takes a bare machine for one without a recipe', () => {
    const filter = filterOfParams(new URLSearchParams('bare=1&recipe=3'));
    expect(filter).toEqual({ ...NO_FILTER, isBare: true });
  });
});

describe('marketHref', () => {
  const keys = fc.uniqueArray(
    fc.record({
      offeringId: fc.bigInt({ min: 0n, max: 10n ** 18n }),
      choiceIndex: fc.integer({ min: 0, max: 99 }),
    }),
    { maxLength: 4, selector: (key) => `${key.offeringId}.${key.choiceIndex}` },
  );

  test.prop([filters, keys, fc.boolean(), whole(12)])(
    'is read back as the same view',
    (filter, compared, isAsked, months) => {
      const view = { filter, compared, isComparing: isAsked && compared.length > 0, months };
      const { searchParams } = new URL(marketHref(view), 'http://page.example');
      expect(viewOfParams(searchParams)).toEqual(view);
    },
  );
});

describe('formOf', () => {
  test.prop([filters, filters])('means the same filter when it is read again', (filter, base) => {
    const { provider, sort } = base;
    const expected = { ...filter, provider, sort };
    expect(isSameFilter(filterOfForm(formOf(filter), base), expected)).toBe(true);
  });
});

describe('priceOf', () => {
  test.prop([fc.bigInt({ min: 1n, max: 10n ** 9n })])('reads what priceText wrote', (steps) => {
    expect(priceOf(priceText(steps * 10_000n))).toBe(steps * 10_000n);
  });

  it.each(['', '-1', '1e3', '1,5', '0', '0.00001', '100001', 'x'])('refuses %j', (text) => {
    expect(priceOf(text)).toBeUndefined();
  });

  it('takes a dollar sign', () => {
    expect(priceOf(' $ 12.50 ')).toBe(1_250_000_000n);
  });
});

describe('chipsOf', () => {
  test.prop([filters])('is empty once each was taken away, and never twice', (filter) => {
    const chips = chipsOf(filter);
    expect(new Set(chips.map(({ key }) => key)).size).toBe(chips.length);
    const rest = chips.reduce((left, { key }) => without(left, key), filter);
    expect(chipsOf(rest)).toEqual([]);
    expect(isSameFilter({ ...rest, words: '' }, cleared(filter))).toBe(true);
  });

  it('names recipes, and says numbers in words', () => {
    const filter: MarketFilter = { ...NO_FILTER, recipeId: 7n, minCores: 1, country: 'FI' };
    const labels = chipsOf(filter, { recipes: new Map([[7n, 'guest-book']]) });
    expect(labels.map(({ label }) => label)).toEqual([
      'Recipe guest-book',
      'Finland',
      'At least 1 core',
    ]);
  });
});

describe('searchOf', () => {
  it('speaks the canister’s units', () => {
    const filter: MarketFilter = {
      ...NO_FILTER,
      backend: 'Docker',
      minMemoryGb: 4,
      minTrust: 70,
      sort: 'Trust',
    };
    expect(searchOf(filter, { limit: 20 })).toMatchObject({
      backend: [{ Docker: null }],
      min_memory_mb: [4_096],
      min_trust: [700],
      sort: { Trust: null },
      from: [],
      recipe_id: [],
      limit: 20,
    });
  });
});
