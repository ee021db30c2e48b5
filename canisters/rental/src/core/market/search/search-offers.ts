import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { Backend } from '../../accounts/provider.ts';
import type { OfferingId, RecipeId } from '../../ids.ts';
import { textTrouble, type Trouble } from '../../text-rules.ts';
import type { Arch } from '../catalogue.ts';
import { OFFERING_LIMITS } from '../check-offering.ts';
import { EMPTY, slotsAfter, type BitSet } from './bit-set.ts';
import { compareBits, firstBy, type BitSets, type Sorting } from './bit-slices.ts';
import * as term from './index-entry.ts';
import { wordsOf } from './words.ts';

export type SearchSort = 'price' | 'speed' | 'trust';

/** Where the next page begins: behind the offer that had this number. */
export interface SearchCursor {
  readonly key: number;
  readonly offeringId: OfferingId;
}

/** What an offer must be like. What is left out does not matter. */
export interface SearchFilter {
  /** Words, or their first 3 to 8 letters, of title, recipe name and tags; all must be there. */
  readonly words: string;
  readonly recipeId?: RecipeId | undefined;
  /** Only machines without a recipe. */
  readonly isBare: boolean;
  readonly provider?: AccountId | undefined;
  readonly backend?: Backend | undefined;
  readonly location?: string | undefined;
  readonly country?: string | undefined;
  readonly arch?: Arch | undefined;
  readonly maxPricePerMonthUsdE8?: UsdE8 | undefined;
  readonly minCores?: number | undefined;
  readonly minMemoryMb?: number | undefined;
  readonly minDiskGb?: number | undefined;
  /** 0 to 1000; offers of sellers without data are left out. */
  readonly minTrust?: number | undefined;
  readonly sort: SearchSort;
  readonly from?: SearchCursor | undefined;
  readonly limit: number;
}

const MAX_TEXT = 100;
const MAX_LIMIT = 50;
const SORTINGS: Readonly<Record<SearchSort, Sorting>> = {
  price: { number: 'price', order: 'ascending' },
  speed: { number: 'speed', order: 'ascending' },
  trust: { number: 'trust', order: 'descending' },
};

/** What is wrong with a search. */
export function searchTrouble(filter: SearchFilter): Trouble {
  const { name } = OFFERING_LIMITS;
  if (filter.limit < 1 || filter.limit > MAX_LIMIT) {
    return { argument: 'limit', rule: `must be 1 to ${MAX_LIMIT}` };
  }
  return (
    textTrouble(filter.words, { argument: 'words', max: MAX_TEXT }) ??
    textTrouble(filter.location ?? '', { argument: 'location', max: name }) ??
    textTrouble(filter.country ?? '', { argument: 'country', max: 2 })
  );
}

/** The number that a search is sorted by. */
export function sortNumber(sort: SearchSort): term.IndexNumber {
  return SORTINGS[sort].number;
}

/**
 * The slots of one page and one more if there is one: that is how the caller knows of a next page.
 */
export function searchOffers(sets: BitSets, filter: SearchFilter): readonly number[] {
  const sorting = SORTINGS[filter.sort];
  const wanted = behindCursor(sets, withNumbers(sets, withTerms(sets, filter), filter), filter);
  return firstBy(sets, wanted, { ...sorting, limit: filter.limit + 1 });
}

function withTerms(sets: BitSets, filter: SearchFilter): BitSet {
  let set = sets.of(term.LIVE);
  for (const name of termsOf(filter)) {
    if (set === EMPTY) break;
    set &= sets.of(name);
  }
  return set;
}

function termsOf(filter: SearchFilter): readonly string[] {
  const { recipeId, provider, backend, location, country, arch } = filter;
  const terms = wordsOf(filter.words).map(term.wordTerm);
  if (recipeId !== undefined) terms.push(term.recipeTerm(recipeId));
  if (filter.isBare) terms.push(term.BARE);
  if (provider !== undefined) terms.push(term.providerTerm(provider));
  if (backend !== undefined) terms.push(term.backendTerm(backend));
  if (location !== undefined) terms.push(term.locationTerm(location));
  if (country !== undefined) terms.push(term.countryTerm(country.toUpperCase()));
  if (arch !== undefined) terms.push(term.archTerm(arch));
  return terms;
}

function withNumbers(sets: BitSets, found: BitSet, filter: SearchFilter): BitSet {
  const { maxPricePerMonthUsdE8, minTrust } = filter;
  let set = found;
  const atLeast = (number: term.IndexNumber, value: number | undefined): void => {
    if (value === undefined || set === EMPTY) return;
    const { equal, above } = compareBits(sets, set, { number, value });
    set = equal | above;
  };
  if (maxPricePerMonthUsdE8 !== undefined && set !== EMPTY) {
    const value = Number(maxPricePerMonthUsdE8 / OFFERING_LIMITS.priceStepE8);
    const { equal, below } = compareBits(sets, set, { number: 'price', value });
    set = equal | below;
  }
  atLeast('cores', filter.minCores);
  atLeast('memoryMb', filter.minMemoryMb);
  atLeast('diskGb', filter.minDiskGb);
  atLeast('trust', minTrust === undefined ? undefined : minTrust + 1);
  return set;
}

function behindCursor(sets: BitSets, found: BitSet, filter: SearchFilter): BitSet {
  const { from, sort } = filter;
  if (from === undefined || found === EMPTY) return found;
  const { number, order } = SORTINGS[sort];
  const { below, equal, above } = compareBits(sets, found, { number, value: from.key });
  const further = order === 'ascending' ? above : below;
  return further | slotsAfter(equal, from.offeringId);
}
