import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { DurationNs } from '@decent-cloud/domain/time.ts';
import type { Backend } from '../../accounts/provider.ts';
import type { CloudAccountId, RecipeId } from '../../ids.ts';
import type { MachineSpec } from '../catalogue.ts';
import { OFFERING_LIMITS } from '../check-offering.ts';
import type { Offering } from '../offering.ts';
import { findableBy, wordsOf } from './words.ts';

/** What an offer is found and sorted by. */
export interface IndexNumbers {
  /** In steps of 0.0001 US dollars for 30 days. */
  readonly price: number;
  /** What every one of the offer's machines has at least. */
  readonly cores: number;
  readonly memoryMb: number;
  readonly diskGb: number;
  /** The seller's score plus one; 0 without data. */
  readonly trust: number;
  /** Usual seconds to ready; `UNKNOWN_SPEED` without data. */
  readonly speed: number;
}

export type IndexNumber = keyof IndexNumbers;

/** Bits that each number has room for. */
export const NUMBER_BITS: Readonly<Record<IndexNumber, number>> = {
  price: 30,
  cores: 10,
  memoryMb: 24,
  diskGb: 20,
  trust: 10,
  speed: 16,
};

const UNKNOWN_SPEED = 2 ** 16 - 1;
export const MAX_TRUST = 1_000;

/** What a search shows of an offer without opening it. */
export interface OfferCard {
  readonly title: string;
  readonly provider: AccountId;
  readonly cloudAccountId: CloudAccountId;
  readonly backend: Backend;
  readonly recipe: CardRecipe | undefined;
  readonly machines: readonly MachineSpec[];
  readonly pricePerMonthUsdE8: UsdE8;
  readonly minTermNs: DurationNs;
  readonly maxTermNs: DurationNs;
}

export interface CardRecipe {
  readonly recipeId: RecipeId;
  readonly name: string;
  readonly icon: string;
}

/** An offer's place in the search index. */
export interface IndexEntry {
  readonly terms: readonly string[];
  readonly numbers: IndexNumbers;
  readonly card: OfferCard;
}

/** Offers that can be found: public, open, and with a recipe that can be rented. */
export const LIVE = 'live';
export const BARE = 'bare';
export const recipeTerm = (recipe: RecipeId) => `recipe:${recipe}`;
export const providerTerm = (provider: AccountId) => `by:${provider}`;
export const backendTerm = (backend: Backend) => `backend:${backend}`;
export const locationTerm = (location: string) => `at:${location}`;
export const countryTerm = (country: string) => `in:${country}`;
export const archTerm = (arch: string) => `arch:${arch}`;
export const wordTerm = (word: string) => `w:${word}`;
/** The offers in whose number this bit is set. */
export const bitTerm = (number: IndexNumber, bit: number) => `n:${number}:${bit}`;

/** What the index has to know besides the offer. */
export interface IndexFacts {
  readonly backend: Backend;
  readonly machines: readonly MachineSpec[];
  readonly recipe: (CardRecipe & { readonly tags: readonly string[] }) | undefined;
  /** False while no version of the offered recipe can be rented. */
  readonly isRecipeRentable: boolean;
  readonly trust: number | undefined;
  readonly p50Seconds: number | undefined;
}

/** The entry of an offer; undefined for one that nobody may find. */
export function indexEntryOf(offering: Offering, facts: IndexFacts): IndexEntry | undefined {
  if (offering.visibility.kind !== 'public' || offering.status !== 'open') return undefined;
  const { machines, backend, recipe } = facts;
  return {
    terms: termsOf(offering, facts),
    numbers: {
      price: Number(offering.pricePerMonthUsdE8 / OFFERING_LIMITS.priceStepE8),
      cores: least(machines.map(({ cores }) => cores)),
      memoryMb: least(machines.map(({ memoryMb }) => memoryMb)),
      diskGb: least(machines.map(({ diskGb }) => diskGb)),
      trust: trustNumber(facts.trust),
      speed: speedNumber(facts.p50Seconds),
    },
    card: {
      title: offering.title,
      provider: offering.provider,
      cloudAccountId: offering.cloudAccountId,
      backend,
      recipe: recipe === undefined ? undefined : cardRecipe(recipe),
      machines,
      pricePerMonthUsdE8: offering.pricePerMonthUsdE8,
      minTermNs: offering.minTermNs,
      maxTermNs: offering.maxTermNs,
    },
  };
}

export function trustNumber(score: number | undefined): number {
  return score === undefined ? 0 : Math.min(Math.max(Math.floor(score), 0), MAX_TRUST) + 1;
}

export function speedNumber(seconds: number | undefined): number {
  if (seconds === undefined) return UNKNOWN_SPEED;
  return Math.min(Math.max(Math.round(seconds), 0), UNKNOWN_SPEED - 1);
}

function termsOf(offering: Offering, facts: IndexFacts): readonly string[] {
  const { machines, recipe } = facts;
  const text = [offering.title, recipe?.name ?? '', ...(recipe?.tags ?? [])].join(' ');
  return [
    ...new Set([
      ...(facts.isRecipeRentable ? [LIVE] : []),
      recipe === undefined ? BARE : recipeTerm(recipe.recipeId),
      providerTerm(offering.provider),
      backendTerm(facts.backend),
      ...machines.map(({ location }) => locationTerm(location)),
      ...machines.map(({ country }) => countryTerm(country)),
      ...machines.map(({ arch }) => archTerm(arch)),
      ...wordsOf(text).flatMap(findableBy).map(wordTerm),
    ]),
  ];
}

function cardRecipe({ recipeId, name, icon }: CardRecipe): CardRecipe {
  return { recipeId, name, icon };
}

function least(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.min(...values);
}
