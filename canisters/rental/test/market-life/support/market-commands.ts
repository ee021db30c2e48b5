import * as fc from 'fast-check';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import type { OfferingInput, OfferingStatus } from '../../../src/core/market/offering.ts';
import { revokeAgent } from '../../../src/flows/accounts/grant-agent.flow.ts';
import {
  replaceCredentials,
  updateCloudAccount,
} from '../../../src/flows/accounts/edit-cloud-account.flow.ts';
import { validateCloudAccount } from '../../../src/flows/jobs/account-jobs.flow.ts';
import { setOfferingStatus, updateOffering } from '../../../src/flows/market/save-offering.flow.ts';
import { publishVersion } from '../../../src/flows/recipes/publish-version.flow.ts';
import { deprecateVersion, yankVersion } from '../../../src/flows/recipes/withdraw-version.flow.ts';
import { ageSealed, asPerson } from '../../../src/testing/accounts.fake.ts';
import { personCalled } from '../../../src/testing/fake-canister.fake.ts';
import { LARGE, SMALL, SMALL_IN_NUREMBERG } from '../../../src/testing/market.fake.ts';
import { recipeField, versionInput } from '../../../src/testing/recipes.fake.ts';
import { named, times } from './command.ts';
import { AGENTS, FIELDS, type MarketWorld } from './market-world.ts';

const offer = fc.nat(2);
const seller = fc.nat(1);
const agent = fc.constantFrom(...AGENTS);

function sellerOf(world: MarketWorld, index: number) {
  return present(world.sellers[index], 'a seller of the world');
}

const editOffer = named(
  'editOffer',
  fc.record({
    offer,
    dollars: fc.integer({ min: 1, max: 20 }),
    isLarge: fc.boolean(),
    isShared: fc.boolean(),
    isCompatible: fc.boolean(),
  }),
  (world, wish) => {
    world.catalogueIsRead();
    const offeringId = present(world.offers[wish.offer], 'an offer of the world');
    const known = present(world.c.storage.market.offerings.get(offeringId), 'an offer');
    const range = wish.isCompatible
      ? ({ kind: 'compatible', from: '1.0.0' } as const)
      : ({ kind: 'pinned', version: '1.0.0' } as const);
    const input: OfferingInput = {
      ...known,
      title: `Edited ${wish.dollars}`,
      pricePerMonthUsdE8: BigInt(wish.dollars * 100_000_000) as UsdE8,
      choices: wish.isLarge ? [LARGE] : [SMALL, SMALL_IN_NUREMBERG],
      visibility: wish.isShared
        ? { kind: 'shared', principals: [personCalled('ann')] }
        : { kind: 'public' },
      recipe: known.recipe === undefined ? undefined : { ...known.recipe, range },
    };
    const { name } = sellerOf(world, wish.offer === 2 ? 1 : 0);
    asPerson(world.c, name, () => updateOffering(world.c, { offeringId, input }));
  },
);
const offerStatus = named(
  'offerStatus',
  fc.record({
    offer,
    status: fc.constantFrom<OfferingStatus>('open', 'open', 'paused', 'paused', 'retired'),
  }),
  (world, wish) => {
    const offeringId = present(world.offers[wish.offer], 'an offer of the world');
    const { name } = sellerOf(world, wish.offer === 2 ? 1 : 0);
    const { status } = wish;
    asPerson(world.c, name, () => setOfferingStatus(world.c, { offeringId, status }));
  },
);

/** All is well again: who was sent away is back, what was closed is open. */
const heal = named('heal', fc.constant(null), (world) => {
  world.grantAll();
  world.offers.forEach((offeringId, index) => {
    const { name } = sellerOf(world, index === 2 ? 1 : 0);
    asPerson(world.c, name, () => setOfferingStatus(world.c, { offeringId, status: 'open' }));
  });
  for (const { name, accountId } of world.sellers) {
    asPerson(world.c, name, () => validateCloudAccount(world.c, accountId));
  }
  world.allWork();
});

const publish = named('publish', fc.boolean(), (world, hasOtherFields) => {
  const { c, recipe } = world;
  const count = c.storage.recipes.versions.length(recipe.id);
  const other = recipeField({ name: 'SIZE', label: 'Size' });
  const fields = hasOtherFields ? [...FIELDS, other] : FIELDS;
  const script = `#!/bin/sh\necho ${count}\n`;
  const input = versionInput({ semver: `1.${count}.0`, script, fields, changelog: 'More.' });
  asPerson(c, 'author', () => publishVersion(c, { recipeId: recipe.id, input }));
});
const withdraw = named(
  'withdraw',
  fc.record({ number: fc.nat(4), isYanked: fc.boolean() }),
  (world, { number, isYanked }) => {
    const { c, recipe } = world;
    const asked = { recipeId: recipe.id, number, reason: 'It is broken.' };
    asPerson(c, 'author', () => (isYanked ? yankVersion(c, asked) : deprecateVersion(c, asked)));
  },
);

const grant = named('grant', fc.record({ seller, agent }), (world, wish) => {
  world.grant(sellerOf(world, wish.seller), wish.agent);
});
const revoke = named('revoke', fc.record({ seller, agent }), (world, wish) => {
  const { name } = sellerOf(world, wish.seller);
  asPerson(world.c, name, () => revokeAgent(world.c, personCalled(wish.agent)));
});
const moveAccount = named('moveAccount', fc.record({ seller, agent }), (world, wish) => {
  const { name, accountId: id } = sellerOf(world, wish.seller);
  const input = { id, agent: personCalled(wish.agent), sealedCredentials: ageSealed('a token') };
  asPerson(world.c, name, () => replaceCredentials(world.c, input));
});
const places = named(
  'places',
  fc.record({ seller, max: fc.integer({ min: 1, max: 3 }) }),
  (world, wish) => {
    const { name, accountId: id } = sellerOf(world, wish.seller);
    const input = { id, label: 'renamed', maxConcurrentJobs: wish.max };
    asPerson(world.c, name, () => updateCloudAccount(world.c, input));
  },
);

/** What sellers and authors change while rentals run. */
export const MARKET = [
  editOffer,
  offerStatus,
  publish,
  withdraw,
  grant,
  revoke,
  moveAccount,
  places,
  ...times(2, heal),
];
