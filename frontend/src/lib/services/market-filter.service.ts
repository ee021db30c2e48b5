import { formatDecimal, parseDecimal, type UsdE8 } from '@decent-cloud/domain/amount.ts';

/** What a person looks for. What is undefined does not matter. */
export interface MarketFilter {
  readonly words: string;
  /** Machines without a recipe. Nothing is both: then `recipeId` is undefined. */
  readonly isBare: boolean;
  readonly recipeId: bigint | undefined;
  readonly provider: bigint | undefined;
  readonly backend: BackendName | undefined;
  /** Two capital letters. */
  readonly country: string | undefined;
  readonly location: string | undefined;
  readonly arch: ArchName | undefined;
  readonly minCores: number | undefined;
  readonly minMemoryGb: number | undefined;
  readonly minDiskGb: number | undefined;
  /** For 30 days, in steps of 0.0001 dollars. */
  readonly maxPriceUsdE8: bigint | undefined;
  /** Of 100. */
  readonly minTrust: number | undefined;
  readonly sort: SortName;
}

export type BackendName = (typeof BACKEND_NAMES)[number];
export type ArchName = (typeof ARCH_NAMES)[number];
export type SortName = (typeof SORT_NAMES)[number];

export const BACKEND_NAMES = ['Hetzner', 'Digitalocean', 'Vultr', 'Docker', 'Proxmox'] as const;
export const ARCH_NAMES = ['X86', 'Arm'] as const;
export const SORT_NAMES = ['Price', 'Speed', 'Trust'] as const;

export const NO_FILTER: MarketFilter = {
  words: '',
  isBare: false,
  recipeId: undefined,
  provider: undefined,
  backend: undefined,
  country: undefined,
  location: undefined,
  arch: undefined,
  minCores: undefined,
  minMemoryGb: undefined,
  minDiskGb: undefined,
  maxPriceUsdE8: undefined,
  minTrust: undefined,
  sort: 'Price',
};

/** What the canister takes as words. */
export const MAX_WORDS_LENGTH = 100;
const MAX_PLACE_LENGTH = 64;
const MAX_NUMBER = 1_000_000;
const MAX_TRUST = 99;
const MAX_ID = 2n ** 64n - 1n;
const MAX_PRICE_USD_E8 = 100_000n * 10n ** 8n;
/** The canister's own step, so that an address says exactly what is searched. */
const PRICE_DECIMALS = 4;
const PRICE_STEP_E8 = 10_000n;
const USD_DECIMALS = 8;

/** The filter that an address means. What cannot be understood does not matter. */
export function filterOfParams(params: URLSearchParams): MarketFilter {
  const isBare = params.get('bare') === '1';
  return {
    words: (params.get('q') ?? '').slice(0, MAX_WORDS_LENGTH),
    isBare,
    recipeId: isBare ? undefined : idOf(params.get('recipe')),
    provider: idOf(params.get('seller')),
    backend: nameOf(BACKEND_NAMES, params.get('cloud')),
    country: /^[A-Z]{2}$/.exec(params.get('country')?.toUpperCase() ?? '')?.[0],
    location: params.get('place')?.slice(0, MAX_PLACE_LENGTH) || undefined,
    arch: nameOf(ARCH_NAMES, params.get('arch')),
    minCores: numberOf(params.get('cores'), MAX_NUMBER),
    minMemoryGb: numberOf(params.get('ram'), MAX_NUMBER),
    minDiskGb: numberOf(params.get('disk'), MAX_NUMBER),
    maxPriceUsdE8: priceOf(params.get('max') ?? ''),
    minTrust: numberOf(params.get('trust'), MAX_TRUST),
    sort: nameOf(SORT_NAMES, params.get('sort')) ?? 'Price',
  };
}

/** The address of a filter, with nothing in it that does not matter. Read back it is the same filter. */
export function paramsOfFilter(filter: MarketFilter): URLSearchParams {
  const named: readonly (readonly [string, string | number | bigint | undefined])[] = [
    ['q', filter.words],
    ['bare', filter.isBare ? '1' : ''],
    ['recipe', filter.recipeId],
    ['seller', filter.provider],
    ['cloud', filter.backend?.toLowerCase()],
    ['country', filter.country],
    ['place', filter.location],
    ['arch', filter.arch?.toLowerCase()],
    ['cores', filter.minCores],
    ['ram', filter.minMemoryGb],
    ['disk', filter.minDiskGb],
    ['max', filter.maxPriceUsdE8 === undefined ? '' : priceText(filter.maxPriceUsdE8)],
    ['trust', filter.minTrust],
    ['sort', filter.sort === 'Price' ? '' : filter.sort.toLowerCase()],
  ];
  const params = new URLSearchParams();
  for (const [name, value] of named) {
    if (value !== undefined && value !== '') params.set(name, value.toString());
  }
  return params;
}

/** True if both look for the same, in the same order. */
export function isSameFilter(one: MarketFilter, other: MarketFilter): boolean {
  return paramsOfFilter(one).toString() === paramsOfFilter(other).toString();
}

/** A price that a person typed, such as `12.50` or `$ 12.50`; undefined if it is none. */
export function priceOf(text: string): bigint | undefined {
  const parsed = parseDecimal<UsdE8>({
    text: text.replace(/^\s*\$\s*/, '').trim(),
    decimals: PRICE_DECIMALS,
  });
  if (parsed.kind === 'err') return undefined;
  const usdE8 = parsed.value * PRICE_STEP_E8;
  return usdE8 <= 0n || usdE8 > MAX_PRICE_USD_E8 ? undefined : usdE8;
}

/** As people type it, and as it is in an address: `12.5`. */
export function priceText(usdE8: bigint): string {
  return formatDecimal({ amount: usdE8, decimals: USD_DECIMALS });
}

function nameOf<T extends string>(names: readonly T[], text: string | null): T | undefined {
  return names.find((name) => name.toLowerCase() === text?.toLowerCase());
}

function idOf(text: string | null): bigint | undefined {
  if (text === null || !/^\d{1,20}$/.test(text)) return undefined;
  const id = BigInt(text);
  return id > MAX_ID ? undefined : id;
}

function numberOf(text: string | null, max: number): number | undefined {
  if (text === null || !/^\d{1,7}$/.test(text)) return undefined;
  const value = Number(text);
  return value < 1 || value > max ? undefined : value;
}
