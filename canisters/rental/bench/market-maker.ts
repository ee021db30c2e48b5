import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import type { Backend, CloudAccount } from '../src/core/accounts/provider.ts';
import type { OfferingId } from '../src/core/ids.ts';
import type { OfferedRecipe, OfferingInput } from '../src/core/market/offering.ts';
import type { Recipe } from '../src/core/recipes/recipe.ts';
import { givenAgent, givenCloudAccount, givenProvider } from '../src/testing/accounts.fake.ts';
import { personCalled, type FakeCanister } from '../src/testing/fake-canister.fake.ts';
import { ARM, givenCatalogue, givenOffering, LARGE, SMALL } from '../src/testing/market.fake.ts';
import { SMALL_IN_NUREMBERG } from '../src/testing/market.fake.ts';
import { givenRecipe } from '../src/testing/recipes.fake.ts';

const OFFERS_PER_SELLER = 125;
const LEAST_SELLERS = 4;
/** Until there are so many sellers, each has a few offers only: then a page is of as many accounts as ever. */
const MANY_SELLERS = 25;
const FEW_OFFERS = 4;
const ACCOUNTS_PER_SELLER = 2;
const PLACES_OF_ACCOUNT = 50;
const RECIPES = 16;
const AUTHORS = 4;
/** Every third machine is bare. */
const BARE_EVERY = 3;
const PRICE_STEP_E8 = 1_000_000n;
const LEAST_PRICE_E8 = 300_000_000n;
const PRICES = 4_000;

const BACKENDS: readonly Backend[] = ['hetzner', 'digitalocean', 'vultr'];
const CHOICES: readonly OfferingInput['choices'][] = [
  [SMALL, SMALL_IN_NUREMBERG],
  [LARGE],
  [ARM],
  [SMALL_IN_NUREMBERG, LARGE],
];
const APPS = ['Cloud', 'Wiki', 'Chat', 'Git', 'Mail', 'Photos', 'Calendar', 'Analytics'] as const;
const KINDS = ['private', 'fast', 'small', 'team', 'family'] as const;

/** Does all jobs of all sellers. */
export const BRIDGE = 'bridge';

export interface MadeMarket {
  readonly accounts: readonly CloudAccount[];
  readonly offers: readonly OfferingId[];
}

/** Sellers with two cloud accounts each, authors with recipes, and so many public offers. */
export function makeMarket(c: FakeCanister, offerCount: number): MadeMarket {
  const recipes = Array.from({ length: RECIPES }, (_recipe, number) => makeRecipe(c, number));
  const sellers = Math.max(
    LEAST_SELLERS,
    Math.min(MANY_SELLERS, Math.floor(offerCount / FEW_OFFERS)),
    Math.ceil(offerCount / OFFERS_PER_SELLER),
  );
  const accounts = Array.from({ length: sellers * ACCOUNTS_PER_SELLER }, (_account, number) =>
    makeAccount(c, number % sellers, number),
  );
  const offers = Array.from({ length: offerCount }, (_offer, number) => {
    const account = present(accounts[number % accounts.length], 'an account');
    const seller = sellerCalled((number % accounts.length) % sellers);
    const input = offerOf(number, recipes);
    return givenOffering(c, { seller, account, input }).offering.id;
  });
  return { accounts, offers };
}

/** What the clouds have is read anew; offers can be rented for another quarter of an hour. */
export function readCatalogues(c: FakeCanister, { accounts }: MadeMarket): void {
  for (const account of accounts) givenCatalogue(c, account);
}

function makeRecipe(c: FakeCanister, number: number): Recipe {
  const app = APPS[number % APPS.length] ?? '';
  const name = `${app.toLowerCase()}-${number}`;
  const input = { description: `${app} of your own.`, tags: [app.toLowerCase(), 'self-hosted'] };
  return givenRecipe(c, { author: `author ${number % AUTHORS}`, name, input });
}

function sellerCalled(number: number): string {
  return `seller ${number}`;
}

function makeAccount(c: FakeCanister, sellerNumber: number, number: number): CloudAccount {
  const seller = givenProvider(c, sellerCalled(sellerNumber));
  const agent = personCalled(BRIDGE);
  givenAgent(c, seller, { agent });
  const backend = BACKENDS[number % BACKENDS.length] ?? 'hetzner';
  return givenCloudAccount(c, seller, { agent, backend, maxConcurrentJobs: PLACES_OF_ACCOUNT });
}

function offerOf(number: number, recipes: readonly Recipe[]): Partial<OfferingInput> {
  const recipe = number % BARE_EVERY === 0 ? undefined : recipes[number % recipes.length];
  const kind = KINDS[number % KINDS.length] ?? '';
  // The step is prime to the number of prices: neighbours differ, and few offers have the same.
  const price = LEAST_PRICE_E8 + BigInt((number * 1_237) % PRICES) * PRICE_STEP_E8;
  return {
    title: `A ${kind} machine ${number}`,
    description: 'Yours alone, watched around the clock.',
    choices: CHOICES[number % CHOICES.length] ?? [SMALL],
    recipe: recipe === undefined ? undefined : offered(recipe),
    pricePerMonthUsdE8: price as UsdE8,
  };
}

function offered({ id: recipeId }: Recipe): OfferedRecipe {
  return { recipeId, range: { kind: 'compatible', from: '1.0.0' } };
}
