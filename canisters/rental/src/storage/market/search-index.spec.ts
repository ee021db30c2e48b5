import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { MemoryStableStore } from '@decent-cloud/kit/testing/memory-stable-store.fake.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId, OfferingId } from '../../core/ids.ts';
import type { Offering } from '../../core/market/offering.ts';
import { indexEntryOf, trustNumber } from '../../core/market/search/index-entry.ts';
import {
  modelFilter,
  modelOffer,
  type ModelOffer,
} from '../../core/market/search/search-model.arbitrary.ts';
import {
  searchOffers,
  sortNumber,
  type SearchFilter,
} from '../../core/market/search/search-offers.ts';
import { offeringInput } from '../../testing/market.fake.ts';
import { SearchIndex } from './search-index.ts';

const PRICE_STEP = 10_000n;
const NO_FILTER: SearchFilter = { words: '', isBare: false, sort: 'price', limit: 50 };

function openIndex(
  stores = { bitmaps: new MemoryStableStore(), entries: new MemoryStableStore() },
) {
  return { index: new SearchIndex(stores), stores };
}

function put(index: SearchIndex, offer: ModelOffer): void {
  const offering: Offering = {
    ...offeringInput(0 as CloudAccountId, { title: offer.title }),
    id: offer.id,
    provider: offer.provider,
    status: offer.isOpen ? 'open' : 'paused',
    visibility: { kind: offer.isPublic ? 'public' : 'private' },
    pricePerMonthUsdE8: (BigInt(offer.price) * PRICE_STEP) as UsdE8,
    createdAt: timestampNs(0n),
    updatedAt: timestampNs(0n),
  };
  const { recipeId } = offer;
  const recipe = recipeId === undefined ? undefined : { recipeId, name: 'r', icon: '', tags: [] };
  const machines = offer.machines.map((one) => ({ ...one, machineType: 't', image: 'i' }));
  const { backend, isRecipeRentable, trust, p50Seconds } = offer;
  const facts = { backend, machines, recipe, isRecipeRentable, trust, p50Seconds };
  index.put(offer.id, indexEntryOf(offering, facts));
}

/** The search without an index: every offer is looked at, and those that fit are sorted. */
function naiveSearch(offers: readonly ModelOffer[], filter: SearchFilter): readonly OfferingId[] {
  const key = (offer: ModelOffer): number => {
    if (filter.sort === 'price') return offer.price;
    if (filter.sort === 'trust') return -(offer.trust ?? -1);
    return Math.min(offer.p50Seconds ?? 65_535, offer.p50Seconds === undefined ? 65_535 : 65_534);
  };
  const fitting = offers.filter((offer) => naivelyFits(offer, filter));
  return fitting.sort((a, b) => key(a) - key(b) || a.id - b.id).map(({ id }) => id);
}

function naivelyFits(offer: ModelOffer, filter: SearchFilter): boolean {
  const { machines, price, trust } = offer;
  const words = `${offer.title}${offer.recipeId === undefined ? '' : ' r'}`
    .toLowerCase()
    .split(' ');
  const hasWord = (asked: string) =>
    words.some((word) => word === asked || (asked.length >= 3 && word.startsWith(asked)));
  const { maxPricePerMonthUsdE8: max, minCores, minMemoryMb, minDiskGb, minTrust } = filter;
  return (
    offer.isOpen &&
    offer.isPublic &&
    offer.isRecipeRentable &&
    filter.words.split(' ').every((word) => word === '' || hasWord(word)) &&
    (filter.recipeId === undefined || offer.recipeId === filter.recipeId) &&
    (!filter.isBare || offer.recipeId === undefined) &&
    (filter.provider === undefined || offer.provider === filter.provider) &&
    (filter.backend === undefined || offer.backend === filter.backend) &&
    (filter.location === undefined || machines.some((one) => one.location === filter.location)) &&
    (filter.country === undefined ||
      machines.some((one) => one.country === filter.country?.toUpperCase())) &&
    (filter.arch === undefined || machines.some((one) => one.arch === filter.arch)) &&
    (max === undefined || BigInt(price) * PRICE_STEP <= max) &&
    machines.every((one) => one.cores >= (minCores ?? 0)) &&
    machines.every((one) => one.memoryMb >= (minMemoryMb ?? 0)) &&
    machines.every((one) => one.diskGb >= (minDiskGb ?? 0)) &&
    (minTrust === undefined || (trust !== undefined && trust >= minTrust))
  );
}

/** All pages one after another, each begun where the one before ended. */
function allPages(index: SearchIndex, filter: SearchFilter): readonly OfferingId[] {
  const all: OfferingId[] = [];
  let from = filter.from;
  for (;;) {
    const found = searchOffers(index.sets, { ...filter, from }) as readonly OfferingId[];
    const page = found.slice(0, filter.limit);
    all.push(...page);
    const last = page.at(-1);
    if (found.length <= filter.limit || last === undefined) return all;
    const key = index.entry(last)?.numbers[sortNumber(filter.sort)] ?? 0;
    from = { key, offeringId: last };
  }
}

describe('SearchIndex', () => {
  it('finds and orders, page by page, what a look at every offer does', () => {
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(modelOffer, { maxLength: 60, size: 'max' }),
        fc.array(modelFilter, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        (puts, filters, isUpgraded) => {
          const { index, stores } = openIndex();
          const offers = new Map<number, ModelOffer>();
          for (const offer of puts) {
            put(index, offer);
            offers.set(offer.id, offer);
          }
          const looked = isUpgraded ? openIndex(stores).index : index;
          for (const filter of filters) {
            const expected = naiveSearch([...offers.values()], filter);
            found += expected.length;
            expect(allPages(looked, filter)).toEqual(expected);
          }
        },
      ),
      { numRuns: 120 },
    );
    expect(found).toBeGreaterThan(500);
  });

  it('goes on right where sets become too large for lists, and in later chunks', () => {
    const { index, stores } = openIndex();
    const [template] = fc.sample(modelOffer, { numRuns: 1, seed: 1 });
    if (template === undefined) throw new Error('no sample');
    const offers: ModelOffer[] = [];
    for (let n = 0; n < 200; n += 1) {
      const id = (n * 37) as OfferingId;
      const open = { isOpen: true, isPublic: true, isRecipeRentable: true } as const;
      offers.push({ ...template, ...open, id, price: ((n * 7_919) % 50) + 1 });
    }
    for (const offer of offers) put(index, offer);
    const filter: SearchFilter = { ...NO_FILTER, limit: 9 };
    const expected = naiveSearch(offers, filter);
    expect(expected).toHaveLength(200);
    expect(allPages(index, filter)).toEqual(expected);
    expect(allPages(openIndex(stores).index, filter)).toEqual(expected);
    for (const offer of offers) put(index, { ...offer, isOpen: false });
    expect(allPages(index, filter)).toEqual([]);
    expect(allPages(openIndex(stores).index, filter)).toEqual([]);
    expect(stores.entries.size()).toBe(0);
  });

  it('writes the same number of rows for an offer however many there are', () => {
    const { index, stores } = openIndex();
    const [template] = fc.sample(modelOffer, { numRuns: 1, seed: 2 });
    if (template === undefined) throw new Error('no sample');
    const open = { ...template, isOpen: true, isPublic: true, isRecipeRentable: true };
    const writesAt = new Map<number, number>();
    for (let id = 0; id < 4_200; id += 12) {
      const before = stores.bitmaps.writes;
      put(index, { ...open, id: id as OfferingId });
      writesAt.set(id, stores.bitmaps.writes - before);
    }
    expect(writesAt.get(4_188)).toBe(writesAt.get(600));
  });

  it('moves an offer by one number, and leaves out what is not in the index', () => {
    const { index } = openIndex();
    const [template] = fc.sample(modelOffer, { numRuns: 1, seed: 3 });
    if (template === undefined) throw new Error('no sample');
    const open = { ...template, isOpen: true, isPublic: true, isRecipeRentable: true };
    const [first, second] = [1 as OfferingId, 2 as OfferingId];
    put(index, { ...open, id: first, trust: 900 });
    put(index, { ...open, id: second, trust: undefined });
    const byTrust: SearchFilter = { ...NO_FILTER, sort: 'trust' };
    expect(searchOffers(index.sets, byTrust)).toEqual([first, second]);
    index.setNumber(second, { number: 'trust', value: trustNumber(1_000) });
    index.setNumber(3 as OfferingId, { number: 'trust', value: trustNumber(1_000) });
    expect(searchOffers(index.sets, byTrust)).toEqual([second, first]);
  });

  it('needs no stable memory for what every search reads once it is warm', () => {
    const { index, stores } = openIndex();
    for (const offer of fc.sample(modelOffer, { numRuns: 50, seed: 4 })) put(index, offer);
    const { index: started } = openIndex(stores);
    let steps = 0;
    while (started.warmOne() === 'more') steps += 1;
    expect(steps).toBeLessThan(200);
    const reads = stores.bitmaps.reads;
    searchOffers(started.sets, { ...NO_FILTER, minCores: 2, minTrust: 1, sort: 'speed' });
    expect(stores.bitmaps.reads).toBe(reads);
  });
});
