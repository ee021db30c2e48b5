import * as fc from 'fast-check';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { Backend } from '../../accounts/provider.ts';
import type { OfferingId, RecipeId } from '../../ids.ts';
import type { Arch } from '../catalogue.ts';
import { MAX_TRUST } from './index-entry.ts';
import type { SearchFilter, SearchSort } from './search-offers.ts';

/** Few values each, so that searches find something and ties are common. */
const TITLES = ['Nextcloud box', 'next day server', 'Fast GPU', 'a b c', 'Ünïcode Wörld 東京'];
const QUERIES = ['', 'next', 'nextcl', 'nextcloud', 'server fast', 'box', 'a', 'wör', 'zzz'];
const BACKENDS: readonly Backend[] = ['hetzner', 'docker'];
const ARCHS: readonly Arch[] = ['x86', 'arm'];
const SORTS: readonly SearchSort[] = ['price', 'speed', 'trust'];
const LOCATIONS = ['fsn1', 'nbg1', 'ash'];

export interface ModelMachine {
  readonly location: string;
  readonly country: string;
  readonly arch: Arch;
  readonly cores: number;
  readonly memoryMb: number;
  readonly diskGb: number;
}

/** What matters of an offer to a search. */
export interface ModelOffer {
  readonly id: OfferingId;
  readonly isOpen: boolean;
  readonly isPublic: boolean;
  readonly title: string;
  readonly provider: AccountId;
  readonly backend: Backend;
  readonly recipeId: RecipeId | undefined;
  readonly isRecipeRentable: boolean;
  readonly machines: readonly ModelMachine[];
  readonly price: number;
  readonly trust: number | undefined;
  readonly p50Seconds: number | undefined;
}

const machine: fc.Arbitrary<ModelMachine> = fc.record({
  location: fc.constantFrom(...LOCATIONS),
  country: fc.constantFrom('DE', 'US'),
  arch: fc.constantFrom(...ARCHS),
  cores: fc.constantFrom(1, 2, 4, 1_023),
  memoryMb: fc.constantFrom(512, 4_096, 2 ** 24 - 1),
  diskGb: fc.constantFrom(0, 40, 2 ** 20 - 1),
});

/** Offers under ids from a small range: a later one with the same id replaces the earlier. */
export const modelOffer: fc.Arbitrary<ModelOffer> = fc.record({
  id: fc.nat(60).map((id) => (id * 137) as OfferingId),
  isOpen: fc.constantFrom(true, true, true, false),
  isPublic: fc.constantFrom(true, true, true, false),
  title: fc.constantFrom(...TITLES),
  provider: fc.nat(2).map((id) => id as AccountId),
  backend: fc.constantFrom(...BACKENDS),
  recipeId: fc.option(
    fc.nat(2).map((id) => id as RecipeId),
    { nil: undefined },
  ),
  isRecipeRentable: fc.constantFrom(true, true, false),
  machines: fc.array(machine, { minLength: 1, maxLength: 3 }),
  price: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(1_000_000_000)),
  trust: fc.option(fc.constantFrom(0, 1, 500, MAX_TRUST), { nil: undefined }),
  p50Seconds: fc.option(fc.constantFrom(0, 1, 60, 100_000), { nil: undefined }),
});

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 14, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

/** Searches without a cursor; most fields are left out, or nothing would ever be found. */
export const modelFilter: fc.Arbitrary<SearchFilter> = fc.record({
  words: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, fc.constantFrom(...QUERIES)),
  recipeId: maybe(fc.nat(3).map((id) => id as RecipeId)),
  isBare: fc.constantFrom(false, false, false, true),
  provider: maybe(fc.nat(3).map((id) => id as AccountId)),
  backend: maybe(fc.constantFrom(...BACKENDS)),
  location: maybe(fc.constantFrom(...LOCATIONS, 'nowhere')),
  country: maybe(fc.constantFrom('DE', 'us')),
  arch: maybe(fc.constantFrom(...ARCHS)),
  maxPricePerMonthUsdE8: maybe(
    fc
      .oneof(fc.integer({ min: 0, max: 70_000 }), fc.constant(2 ** 50))
      .map((price) => BigInt(price) as UsdE8),
  ),
  minCores: maybe(fc.constantFrom(0, 2, 3, 1_023, 5_000)),
  minMemoryMb: maybe(fc.constantFrom(1, 4_096, 2 ** 31)),
  minDiskGb: maybe(fc.constantFrom(0, 41, 2 ** 20)),
  minTrust: maybe(fc.constantFrom(0, 1, 501, MAX_TRUST, MAX_TRUST + 1)),
  sort: fc.constantFrom(...SORTS),
  limit: fc.integer({ min: 1, max: 7 }),
});
