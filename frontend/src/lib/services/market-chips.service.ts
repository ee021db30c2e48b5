import { usdText } from './format.service.ts';
import { NO_FILTER, type MarketFilter } from './market-filter.service.ts';
import { ARCH_WORDS, BACKEND_WORDS, coresText, countryName } from './market-words.service.ts';

/** What can be in the way of an offer: everything but the order. */
export type FilterKey = Exclude<keyof MarketFilter, 'sort'>;

/** One thing that offers have to be like, in words; it can be taken away alone. */
export interface FilterChip {
  readonly key: FilterKey;
  readonly label: string;
}

export interface KnownNames {
  /** Names of recipes by their numbers, as far as they are known. */
  readonly recipes: ReadonlyMap<bigint, string>;
}

const NO_NAMES: KnownNames = { recipes: new Map() };

/** Everything that a filter asks for, in the order of the form. */
export function chipsOf(filter: MarketFilter, { recipes }: KnownNames = NO_NAMES): FilterChip[] {
  const labels: readonly (readonly [FilterKey, string | undefined])[] = [
    ['words', filter.words.trim() === '' ? undefined : `“${filter.words.trim()}”`],
    ['isBare', filter.isBare ? 'Bare machines only' : undefined],
    ['recipeId', said(filter.recipeId, (id) => `Recipe ${recipes.get(id) ?? id}`)],
    ['provider', said(filter.provider, (id) => `Seller ${id}`)],
    ['backend', said(filter.backend, (name) => BACKEND_WORDS[name])],
    ['country', said(filter.country, countryName)],
    ['location', filter.location],
    ['arch', said(filter.arch, (name) => ARCH_WORDS[name])],
    ['minCores', said(filter.minCores, (cores) => `At least ${coresText(cores)}`)],
    ['minMemoryGb', said(filter.minMemoryGb, (gb) => `At least ${gb} GB memory`)],
    ['minDiskGb', said(filter.minDiskGb, (gb) => `At least ${gb} GB disk`)],
    ['maxPriceUsdE8', said(filter.maxPriceUsdE8, (usdE8) => `At most ${usdText(usdE8)} a month`)],
    ['minTrust', said(filter.minTrust, (trust) => `Trust ${trust} or more`)],
  ];
  return labels.flatMap(([key, label]) => (label === undefined ? [] : [{ key, label }]));
}

/** The same filter without that one thing. */
export function without(filter: MarketFilter, key: FilterKey): MarketFilter {
  return { ...filter, [key]: NO_FILTER[key] };
}

/** Nothing asked for, in the same order. */
export function cleared({ sort }: MarketFilter): MarketFilter {
  return { ...NO_FILTER, sort };
}

function said<T>(value: T | undefined, words: (value: T) => string): string | undefined {
  return value === undefined ? undefined : words(value);
}
