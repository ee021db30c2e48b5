import { describe, expect, it } from 'vitest';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { OfferingId } from '../../core/ids.ts';
import type { SearchFilter } from '../../core/market/search/search-offers.ts';
import { ageRecipientOf, asPerson, givenAccount } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import { accepted, givenRecipe } from '../../testing/recipes.fake.ts';
import * as market from '../../testing/market.fake.ts';
import { yankVersion } from '../recipes/withdraw-version.flow.ts';
import { marketTasks } from './market-tasks.ts';
import { noteOfferRun } from './offer-runs.ts';
import { listProviderOfferings, listSharedWithMe, viewOffering } from './offering-views.ts';
import { setProviderTrust } from './provider-trust.ts';
import { recipeChanged } from './reindex-offers.ts';
import { searchOfferings } from './search-offerings.ts';

const { SMALL, SOLD_OUT, LARGE } = market;

function search(c: FakeCanister, filter: Partial<SearchFilter> = {}) {
  return accepted(
    searchOfferings(c, { words: '', isBare: false, sort: 'price', limit: 20, ...filter }),
  );
}

function idsOf(c: FakeCanister, filter: Partial<SearchFilter> = {}): readonly OfferingId[] {
  return search(c, filter).rows.map(({ offeringId }) => offeringId);
}

describe('searchOfferings', () => {
  it('shows what a renter has to know, and no figures that nobody measured', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c, { input: { tags: ['files'] } });
    const range = { kind: 'compatible', from: '1.0.0' } as const;
    const input = { choices: [SMALL, LARGE], recipe: { recipeId: recipe.id, range } };
    const { offering, provider } = market.givenOffering(c, { input });
    const [row] = search(c, { words: 'FILES next' }).rows;
    expect(row).toMatchObject({
      offeringId: offering.id,
      providerName: provider.name,
      backend: 'hetzner',
      recipe: { recipeId: recipe.id, name: 'nextcloud' },
      machine: { ...SMALL, cores: 2, country: 'DE' },
      choiceIndex: 0,
      choiceCount: 2,
      runs: 0,
      successes: 0,
      isRentable: true,
      whyNot: '',
    });
    expect(row?.trust).toBeUndefined();
    expect(row?.p50Seconds).toBeUndefined();
  });

  it('says why something cannot be rented now, and shows the machine that can', () => {
    const c = fakeCanister();
    const { account } = market.givenOffering(c, { input: { choices: [SMALL, LARGE] } });
    const soldOut = [market.typeAt('fsn1', { isAvailable: false })];
    const small = market.machineType({ at: soldOut });
    const large = market.machineType({ name: 'cx43', cores: 8, at: [market.typeAt('fsn1')] });
    market.givenCatalogue(c, account, { types: [small, large] });
    expect(search(c).rows[0]).toMatchObject({ choiceIndex: 1, isRentable: true });
    market.givenCatalogue(c, account, { types: [small] });
    expect(search(c).rows[0]).toMatchObject({
      choiceIndex: 0,
      isRentable: false,
      whyNot: 'cx23 is sold out in Falkenstein (fsn1) now',
    });
    c.runtime.now = after(c.runtime.now, durationNs({ minutes: 16 }));
    expect(search(c).rows[0]?.whyNot).toMatch(/not read within the last 15 minutes/);
    const checkedAt = c.runtime.now;
    const validity = { kind: 'invalid', checkedAt, reason: 'x' } as const;
    c.storage.accounts.cloudAccounts.set(account.id, { ...account, validity });
    market.givenCatalogue(c, account);
    expect(search(c).rows[0]).toMatchObject({ isRentable: false });
    expect(search(c).rows[0]?.whyNot).toMatch(/does not work/);
  });

  it('pages in the order asked for, and goes on after offers have gone', () => {
    const c = fakeCanister();
    const { account, offering } = market.givenOffering(c);
    const prices = [30, 10, 20, 10, 5];
    const made = prices.map((dollars) => {
      const pricePerMonthUsdE8 = (BigInt(dollars) * 100_000_000n) as UsdE8;
      return market.givenOffering(c, { account, input: { pricePerMonthUsdE8 } }).offering.id;
    });
    const [thirty, ten, twenty, tenAgain, five] = made;
    const first = search(c, { limit: 3 });
    expect(first.rows.map(({ offeringId }) => offeringId)).toEqual([five, offering.id, ten]);
    const second = search(c, { limit: 3, from: first.next });
    expect(second.rows.map(({ offeringId }) => offeringId)).toEqual([tenAgain, twenty, thirty]);
    expect(second.next).toBeUndefined();
  });

  it('refuses what it would have to work for too long', () => {
    const c = fakeCanister();
    const asked = { words: '', isBare: false, sort: 'price', limit: 20 } as const;
    const bad = [{ limit: 0 }, { limit: 51 }, { words: 'x'.repeat(101) }, { country: 'DEU' }];
    for (const change of bad) {
      const result = searchOfferings(c, { ...asked, ...change });
      expect(result.kind === 'err' && result.error.leaf?.kind).toBe('invalid-argument');
    }
    const from = {
      key: Number.MAX_SAFE_INTEGER,
      offeringId: Number.MAX_SAFE_INTEGER as OfferingId,
    };
    market.givenOffering(c);
    expect(idsOf(c, { from })).toEqual([]);
    expect(idsOf(c, { from: { ...from, key: 100_000 } })).toEqual([]);
  });

  it('sorts by trust and speed from what was told', async () => {
    const c = fakeCanister();
    const one = market.givenOffering(c, { seller: 'one' });
    const two = market.givenOffering(c, { seller: 'two' });
    const [a, b] = [one.offering.id, two.offering.id];
    setProviderTrust(c, { provider: two.provider.id, score: 700 });
    expect(idsOf(c, { sort: 'trust' })).toEqual([b, a]);
    expect(idsOf(c, { minTrust: 700 })).toEqual([b]);
    setProviderTrust(c, { provider: two.provider.id, score: undefined });
    expect(idsOf(c, { sort: 'trust' })).toEqual([a, b]);
    expect(idsOf(c, { minTrust: 0 })).toEqual([]);
    noteOfferRun(c, { offeringId: b, outcome: 'failed', readySeconds: 0 });
    expect(idsOf(c, { sort: 'speed' })).toEqual([a, b]);
    noteOfferRun(c, { offeringId: b, outcome: 'ready', readySeconds: 61 });
    while (await c.timers.fireNext());
    const [row] = search(c, { sort: 'speed' }).rows;
    expect(row).toMatchObject({ offeringId: b, runs: 2, successes: 1, p50Seconds: 61 });
  });

  it('finds an offer only while its recipe can be rented', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c);
    const range = { kind: 'pinned', version: '1.0.0' } as const;
    market.givenOffering(c, { input: { recipe: { recipeId: recipe.id, range } } });
    market.givenOffering(c, { seller: 'bare' });
    expect(idsOf(c, { recipeId: recipe.id })).toHaveLength(1);
    expect(idsOf(c, { isBare: true })).toHaveLength(1);
    const yank = { recipeId: recipe.id, number: 0, reason: 'broken' };
    accepted(asPerson(c, 'author', () => yankVersion(c, yank)));
    recipeChanged(c, recipe.id);
    expect(idsOf(c, { recipeId: recipe.id })).toEqual([]);
    expect(idsOf(c)).toHaveLength(1);
  });

  it('finds the same after an upgrade, before and after it is warm', async () => {
    const c = fakeCanister();
    for (const title of ['alpha', 'beta', 'gamma']) market.givenOffering(c, { input: { title } });
    const before = search(c);
    const upgraded = c.upgraded();
    expect(search(upgraded)).toEqual(before);
    const again = c.upgraded();
    for (const task of marketTasks(again)) await task.run();
    expect(search(again)).toEqual(before);
  });
});

describe('offering views', () => {
  it('show every machine with why it cannot be had', () => {
    const c = fakeCanister();
    const { offering } = market.givenOffering(c, { input: { choices: [SMALL, SOLD_OUT] } });
    const view = accepted(viewOffering(c, offering.id));
    expect(view).toMatchObject({ offering, backend: 'hetzner', readAt: c.runtime.now });
    expect(view.machines).toMatchObject([
      { choice: SMALL, isOrderable: true, reason: '' },
      { choice: SOLD_OUT, isOrderable: false, reason: 'cx23 is sold out in Ashburn (ash) now' },
    ]);
    c.runtime.now = after(c.runtime.now, durationNs({ minutes: 16 }));
    const stale = accepted(viewOffering(c, offering.id)).machines;
    expect(stale.map(({ isOrderable }) => isOrderable)).toEqual([false, false]);
  });

  it("name what a renter's secrets are sealed to, once the agent has said it", () => {
    const c = fakeCanister();
    const { offering } = market.givenOffering(c);
    const agent = personCalled('bridge');
    const recipient = ageRecipientOf(agent.toText());
    expect(accepted(viewOffering(c, offering.id)).agentRecipient).toBe(recipient);
    const { agents } = c.storage.accounts;
    const before = { grants: 1, ageRecipient: undefined, version: '', lastHeartbeatAt: undefined };
    agents.set(agent, before);
    expect(accepted(viewOffering(c, offering.id)).agentRecipient).toBeUndefined();
  });

  it('list to others only what they may see, and to the seller everything', () => {
    const c = fakeCanister();
    const { account, provider, offering } = market.givenOffering(c);
    const secret = { account, input: { visibility: { kind: 'private' } } } as const;
    const hidden = market.givenOffering(c, secret).offering;
    const visibility = { kind: 'shared', principals: [personCalled('friend')] } as const;
    const shared = market.givenOffering(c, { account, input: { visibility } }).offering;
    const list = (who: string) => {
      const asked = { provider: provider.id, isRetired: false, limit: 10 };
      const page = accepted(asPerson(c, who, () => listProviderOfferings(c, asked)));
      return page.rows.map(({ id }) => id);
    };
    givenAccount(c, 'stranger');
    expect(list('stranger')).toEqual([offering.id]);
    expect(list('friend')).toEqual([shared.id, offering.id]);
    expect(list('seller')).toEqual([shared.id, hidden.id, offering.id]);
    const mine = accepted(asPerson(c, 'friend', () => listSharedWithMe(c, { limit: 5 })));
    expect(mine.rows).toEqual([shared]);
    expect(listSharedWithMe(c, { limit: 5 }).kind).toBe('err');
    const gone = { provider: provider.id, isRetired: false, from: 99 as OfferingId, limit: 5 };
    expect(listProviderOfferings(c, gone).kind).toBe('err');
    expect(viewOffering(c, hidden.id).kind).toBe('err');
    expect(idsOf(c)).toEqual([offering.id]);
  });
});
