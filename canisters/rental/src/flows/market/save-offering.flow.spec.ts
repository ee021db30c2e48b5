import { describe, expect, it } from 'vitest';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { OfferingId, RecipeId } from '../../core/ids.ts';
import type { OfferingInput } from '../../core/market/offering.ts';
import {
  asPerson,
  givenAccount,
  givenCloudAccount,
  givenProvider,
} from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { accepted, givenRecipe } from '../../testing/recipes.fake.ts';
import * as market from '../../testing/market.fake.ts';
import type { RentalError } from '../rental-errors.ts';
import type { Result } from '@decent-cloud/domain/result.ts';
import { offersOfAccount, offersOfProvider } from './offer-access.ts';
import {
  createOffering,
  OFFERING_QUOTA,
  setOfferingStatus,
  updateOffering,
} from './save-offering.flow.ts';
import { searchOfferings } from './search-offerings.ts';

const { SMALL, SOLD_OUT, ARM } = market;

function seller() {
  const c = fakeCanister();
  const provider = givenProvider(c, 'seller');
  const account = givenCloudAccount(c, provider);
  market.givenCatalogue(c, account);
  const input = (changes: Partial<OfferingInput> = {}) => market.offeringInput(account.id, changes);
  const create = (changes: Partial<OfferingInput> = {}, who = 'seller') =>
    asPerson(c, who, () => createOffering(c, input(changes)));
  return { c, provider, account, input, create };
}

function refusal(result: Result<unknown, RentalError>): string {
  if (result.kind === 'ok') return 'ok';
  const { leaf, message } = result.error;
  return `${leaf?.kind ?? ''}: ${message}`;
}

describe('createOffering', () => {
  it('opens an offer of a known, orderable machine', () => {
    const { c, create, provider, account } = seller();
    const offering = accepted(create());
    expect(offering).toMatchObject({
      provider: provider.id,
      status: 'open',
      title: 'Small server',
    });
    expect(c.upgraded().storage.market.offerings.get(offering.id)).toEqual(offering);
    expect(offersOfAccount(c, account.id)).toBe(1);
    expect(offersOfProvider(c, provider.id)).toBe(1);
  });

  it('is for sellers, and on an account of their own', () => {
    const { c, create, input } = seller();
    givenAccount(c, 'renter');
    expect(refusal(create({}, 'renter'))).toMatch(/^not-allowed/);
    givenProvider(c, 'rival');
    expect(refusal(create({}, 'rival'))).toMatch(/^not-found: You have no cloud account/);
    expect(refusal(createOffering(c, input()))).toMatch(/^not-authenticated/);
  });

  it('refuses machines that cannot exist, with what is wrong with which', () => {
    const { create } = seller();
    const choices = [SMALL, { ...ARM, location: 'ash' }];
    expect(refusal(create({ choices }))).toMatch(
      /^invalid-argument: choices: machine 2: cax11 is not sold in Ashburn \(ash\)/,
    );
  });

  it('refuses a first machine that is sold out, and names those that can be had', () => {
    const { create } = seller();
    const result = create({ choices: [SOLD_OUT, SMALL] });
    expect(refusal(result)).toMatch(/cx23 is sold out in Ashburn \(ash\) now.*cx23 in fsn1/);
    const leaf = result.kind === 'err' ? result.error.leaf : undefined;
    expect(leaf).toMatchObject({ kind: 'not-orderable', alternatives: [1] });
    expect(refusal(create({ choices: [SMALL, SOLD_OUT] }))).toBe('ok');
  });

  it('refuses by a stale catalogue or dead credentials', () => {
    const { c, create, account } = seller();
    c.runtime.now = after(c.runtime.now, durationNs({ minutes: 16 }));
    expect(refusal(create())).toMatch(/^catalogue-stale/);
    market.givenCatalogue(c, account);
    const checkedAt = c.runtime.now;
    const validity = { kind: 'invalid', checkedAt, reason: 'token is revoked' } as const;
    c.storage.accounts.cloudAccounts.set(account.id, { ...account, validity });
    expect(refusal(create())).toMatch(/^wrong-state: .*token is revoked/);
  });

  it('checks the recipe on every machine', () => {
    const { c, create } = seller();
    const minMachine = { cores: 1, memoryMb: 512, diskGb: 5, archs: ['x86'] } as const;
    const recipe = givenRecipe(c, { versions: [{ semver: '1.2.0', minMachine }] });
    const range = { kind: 'compatible', from: '1.0.0' } as const;
    const offered = { recipeId: recipe.id, range };
    expect(refusal(create({ recipe: offered }))).toBe('ok');
    expect(refusal(create({ recipe: offered, choices: [SMALL, ARM] }))).toMatch(
      /nextcloud 1.2.0 does not run on machine 2 \(cax11\): it runs on x86, and this is arm/,
    );
    const pinned = { kind: 'pinned', version: '9.9.9' } as const;
    expect(refusal(create({ recipe: { recipeId: recipe.id, range: pinned } }))).toMatch(
      /^recipe-unavailable/,
    );
    expect(refusal(create({ recipe: { recipeId: 99 as RecipeId, range } }))).toMatch(/^not-found/);
  });

  it('ends at the quota, and goes on when one is retired', () => {
    const { c, create } = seller();
    const first = accepted(create());
    for (let n = 1; n < OFFERING_QUOTA.live; n += 1) accepted(create());
    expect(refusal(create())).toMatch(/^quota-exceeded/);
    const retire = { offeringId: first.id, status: 'retired' } as const;
    accepted(asPerson(c, 'seller', () => setOfferingStatus(c, retire)));
    expect(refusal(create())).toBe('ok');
  });
});

describe('updateOffering', () => {
  it('changes what is rented from then on, and where it is found', () => {
    const { c, create, input } = seller();
    const { id } = accepted(create());
    const change = { offeringId: id, input: input({ title: 'Renamed thing' }) };
    c.runtime.now = after(c.runtime.now, durationNs({ minutes: 1 }));
    const offering = accepted(asPerson(c, 'seller', () => updateOffering(c, change)));
    expect(offering.updatedAt).toBe(c.runtime.now);
    const found = (words: string) =>
      accepted(searchOfferings(c, { words, isBare: false, sort: 'price', limit: 5 })).rows.length;
    expect([found('small'), found('renamed')]).toEqual([0, 1]);
  });

  it('keeps a machine that is sold out by now, but takes no new one', () => {
    const { c, account, create, input } = seller();
    const { id } = accepted(create());
    const soldOut = market.machineType({ at: [market.typeAt('fsn1', { isAvailable: false })] });
    market.givenCatalogue(c, account, { types: [soldOut] });
    const update = (changes: Partial<OfferingInput>) =>
      asPerson(c, 'seller', () => updateOffering(c, { offeringId: id, input: input(changes) }));
    expect(refusal(update({ title: 'Cheaper' }))).toBe('ok');
    expect(refusal(update({ choices: [{ ...SMALL, image: 'debian-12' }] }))).toMatch(
      /^not-orderable/,
    );
  });

  it('is for the seller alone', () => {
    const { c, create, input } = seller();
    const { id } = accepted(create());
    givenProvider(c, 'rival');
    const update = (offeringId: OfferingId, who: string) =>
      refusal(asPerson(c, who, () => updateOffering(c, { offeringId, input: input() })));
    expect(update(id, 'rival')).toMatch(/^not-found/);
    expect(update(77 as OfferingId, 'seller')).toMatch(/^not-found/);
  });
});

describe('setOfferingStatus', () => {
  it('takes an offer off the market and back, and retires it for good', () => {
    const { c, account, create, input } = seller();
    const shared = { kind: 'shared', principals: [personCalled('friend')] } as const;
    const { id } = accepted(create({ visibility: shared }));
    const set = (status: 'open' | 'paused' | 'retired') =>
      refusal(asPerson(c, 'seller', () => setOfferingStatus(c, { offeringId: id, status })));
    expect([set('paused'), set('paused'), set('open')]).toEqual(['ok', 'ok', 'ok']);
    expect(offersOfAccount(c, account.id)).toBe(1);
    expect([set('retired'), set('retired')]).toEqual(['ok', 'ok']);
    expect(set('open')).toMatch(/^wrong-state/);
    const update = () => updateOffering(c, { offeringId: id, input: input() });
    expect(refusal(asPerson(c, 'seller', update))).toMatch(/^wrong-state/);
    expect(offersOfAccount(c, account.id)).toBe(0);
    const { offeringLinks } = c.storage.market;
    expect(offeringLinks.count({ kind: 'shared-with', of: personCalled('friend') })).toBe(0);
  });
});
