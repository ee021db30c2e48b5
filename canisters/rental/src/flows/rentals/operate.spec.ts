import { describe, expect, it } from 'vitest';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { slotAt } from '../../core/health/slots.ts';
import type { Rental, RentalState } from '../../core/rentals/rental.ts';
import { asPerson } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { recipeField } from '../../testing/recipes.fake.ts';
import { givenRental, sshLine } from '../../testing/rentals.fake.ts';
import { RentWorld } from '../../testing/rent-world.fake.ts';
import { issueFact } from './issue-fact.ts';
import { rotateSshKeys, setPower, skipVersion } from './operate-rental.flow.ts';
import { accountRentals, myRentals, providerRentals, viewRental } from './rental-views.ts';
import { upgradeRecipe } from './upgrade-recipe.flow.ts';

const DOMAIN = recipeField({ name: 'DOMAIN', isRequired: true });
const VERSIONS = [{ fields: [DOMAIN] }, { semver: '1.1.0', fields: [DOMAIN], changelog: 'More.' }];
const INPUTS = { values: [{ name: 'DOMAIN', value: 'a.example' }], secretNames: [] };
const NEW_INPUTS = { values: [{ name: 'DOMAIN', value: 'b.example' }], secretNames: [] };

function leafOf(result: { readonly kind: string }): unknown {
  return 'error' in result ? (result.error as { leaf?: { kind: string } }).leaf?.kind : 'ok';
}

function activeOf(world: RentWorld, { id }: Rental): Extract<RentalState, { kind: 'active' }> {
  const { state } = world.rental(id);
  return state.kind === 'active' ? state : expect.fail(`it is ${state.kind}`);
}

describe('power', () => {
  it('is changed by a job, one at a time, and the machine is not measured meanwhile', async () => {
    const world = new RentWorld();
    const rental = await world.active();
    expect(setPower(world.c, { rentalId: rental.id, action: 'off' }).kind).toBe('ok');
    expect(activeOf(world, rental).operation).toMatchObject({ kind: 'power', action: 'off' });
    const { watches } = world.c.storage.health;
    const sinceSlot = slotAt(world.c.runtime.now);
    expect(watches.get(rental.id)?.excludedFrom).toBe(sinceSlot);
    expect(leafOf(setPower(world.c, { rentalId: rental.id, action: 'reboot' }))).toBe(
      'wrong-state',
    );
    world.work([{ kind: 'succeeded', result: { kind: 'done' } }]);
    expect(activeOf(world, rental)).toMatchObject({ power: 'off', operation: undefined });
    expect(leafOf(setPower(world.c, { rentalId: rental.id, action: 'off' }))).toBe('wrong-state');
    expect(watches.get(rental.id)?.excludedFrom).toBe(sinceSlot);
    setPower(world.c, { rentalId: rental.id, action: 'on' });
    world.work([{ kind: 'succeeded', result: { kind: 'done' } }]);
    expect(activeOf(world, rental).power).toBe('on');
    expect(watches.get(rental.id)?.excludedFrom).toBeUndefined();
  });

  it('is for the renter of a running machine', async () => {
    const world = new RentWorld();
    const rental = await world.paid();
    const asked = { rentalId: rental.id, action: 'off' } as const;
    expect(leafOf(setPower(world.c, asked))).toBe('wrong-state');
    expect(leafOf(asPerson(world.c, 'seller', () => setPower(world.c, asked)))).toBe('not-found');
  });

  it('that nobody changes in time is given up, and the rental goes on', async () => {
    const world = new RentWorld();
    const rental = await world.active();
    setPower(world.c, { rentalId: rental.id, action: 'reboot' });
    await world.pass(durationNs({ minutes: 13 }));
    expect(activeOf(world, rental)).toMatchObject({ power: 'on', operation: undefined });
    expect(world.claim()).toBeUndefined();
  });
});

describe('SSH keys', () => {
  it('are replaced as a whole, each once', async () => {
    const world = new RentWorld();
    const rental = await world.active();
    const sshKeys = [sshLine(2), sshLine(3), sshLine(2)];
    expect(rotateSshKeys(world.c, { rentalId: rental.id, sshKeys }).kind).toBe('ok');
    expect(world.c.storage.rentals.configs.get(rental.id)?.sshKeys).toEqual(sshKeys.slice(0, 2));
    world.work([{ kind: 'succeeded', result: { kind: 'done' } }]);
    expect(activeOf(world, rental).operation).toBeUndefined();
  });

  it.each([[[]], [['ssh-ed25519 nonsense']], [Array.from({ length: 11 }, () => sshLine(1))]])(
    'are refused before anything changes: %j',
    async (sshKeys) => {
      const world = new RentWorld();
      const rental = await world.active();
      expect(leafOf(rotateSshKeys(world.c, { rentalId: rental.id, sshKeys }))).toBe(
        'invalid-argument',
      );
      expect(world.rental(rental.id)).toEqual(rental);
    },
  );
});

describe('a recipe upgrade', () => {
  const upgraded = async () => {
    const world = new RentWorld(VERSIONS);
    const rental = await world.active({ inputs: INPUTS });
    const input = { rentalId: rental.id, to: 1, inputs: NEW_INPUTS, sealedSecrets: undefined };
    expect(upgradeRecipe(world.c, input).kind).toBe('ok');
    return { world, rental };
  };
  const inputsOf = ({ c }: RentWorld, { id }: Rental) => c.storage.rentals.configs.get(id);

  it('that is healthy changes what runs and keeps its inputs', async () => {
    const { world, rental } = await upgraded();
    world.work([{ kind: 'succeeded', result: { kind: 'upgraded' } }]);
    expect(world.rental(rental.id).deployment).toMatchObject({ semver: '1.1.0' });
    expect(inputsOf(world, rental)).toMatchObject({ inputs: NEW_INPUTS });
    expect(inputsOf(world, rental)?.inputsBefore).toBeUndefined();
    expect(world.c.storage.rentals.terms.get(rental.id)?.recipe).toMatchObject({ semver: '1.0.0' });
  });

  it('that is not healthy goes back with the inputs of before', async () => {
    const { world, rental } = await upgraded();
    const result = { kind: 'rolled-back', reason: 'Port 80 did not answer.' } as const;
    world.work([{ kind: 'succeeded', result }]);
    expect(world.rental(rental.id).deployment).toMatchObject({ semver: '1.0.0' });
    expect(inputsOf(world, rental)).toMatchObject({ inputs: INPUTS });
    const notices = world.c.storage.notifications.notifications;
    expect(notices.size()).toBeGreaterThan(0);
  });

  it('goes to a higher version only, and may be skipped', async () => {
    const world = new RentWorld(VERSIONS);
    const rental = await world.active({ inputs: INPUTS });
    const input = { rentalId: rental.id, inputs: NEW_INPUTS, sealedSecrets: undefined };
    expect(leafOf(upgradeRecipe(world.c, { ...input, to: 0 }))).toBe('invalid-argument');
    expect(skipVersion(world.c, { rentalId: rental.id, number: 1 }).kind).toBe('ok');
    expect(world.rental(rental.id).skippedVersion).toBe(1);
    expect(leafOf(skipVersion(world.c, { rentalId: rental.id, number: 9 }))).toBe(
      'invalid-argument',
    );
  });

  it('is refused for a bare machine', async () => {
    const world = new RentWorld();
    const rental = await world.active();
    const input = { rentalId: rental.id, to: 1, inputs: NEW_INPUTS, sealedSecrets: undefined };
    expect(leafOf(upgradeRecipe(world.c, input))).toBe('recipe-unavailable');
  });
});

describe('lists of rentals', () => {
  const first = { from: undefined, limit: 20 };
  const idsOf = (result: ReturnType<typeof myRentals>) =>
    result.kind === 'ok' ? result.value.rows.map(({ rentalId }) => rentalId) : result.error.leaf;

  it('show each party its own, the newest first, in pages', async () => {
    const world = new RentWorld();
    const { id: one } = await world.paid();
    const { id: two } = await world.paid();
    const { terms } = await world.quoted();
    expect(idsOf(myRentals(world.c, first))).toEqual([terms.rentalId, two, one]);
    const page = myRentals(world.c, { from: undefined, limit: 2 });
    expect(page).toMatchObject({ value: { next: one } });
    expect(idsOf(myRentals(world.c, { from: one, limit: 2 }))).toEqual([one]);
    const ofSeller = asPerson(world.c, 'seller', () => providerRentals(world.c, first));
    expect(idsOf(ofSeller)).toEqual([two, one]);
    const { id: cloudAccountId } = world.offer.account;
    const sweep = asPerson(world.c, 'bridge', () =>
      accountRentals(world.c, { ...first, cloudAccountId }),
    );
    expect(sweep).toMatchObject({ value: { rows: [{ rentalId: two }, { rentalId: one }] } });
    const other = asPerson(world.c, 'other', () =>
      accountRentals(world.c, { ...first, cloudAccountId }),
    );
    expect(other.kind).toBe('err');
  });

  it('let nobody else look', async () => {
    const world = new RentWorld();
    const { id } = await world.paid();
    expect(viewRental(world.c, id).kind).toBe('ok');
    expect(asPerson(world.c, 'seller', () => viewRental(world.c, id)).kind).toBe('ok');
    expect(leafOf(asPerson(world.c, 'other', () => viewRental(world.c, id)))).toBe('not-found');
    world.c.runtime.controllers = [personCalled('operator')];
    expect(asPerson(world.c, 'operator', () => viewRental(world.c, id)).kind).toBe('ok');
  });

  it('survive an upgrade of the canister in every state', () => {
    const c = fakeCanister();
    for (const state of [
      'quoted',
      'awaiting-payment',
      'provisioning',
      'active',
      'ending',
      'closed',
    ] as const) {
      const rental = givenRental(c, { state });
      expect(rental.state.kind).toBe(state);
      expect(c.upgraded().storage.rentals.rentals.get(rental.id)).toEqual(rental);
    }
  });
});

describe('issueFact', () => {
  it('numbers facts of the running period and cuts off what lies outside', () => {
    const c = fakeCanister();
    const rental = givenRental(c, { state: 'active' });
    const at = c.runtime.now;
    const early = (at - 600_000_000_000n) as typeof at;
    const outage = {
      kind: 'outage',
      from: early,
      to: (at + 300_000_000_000n) as typeof at,
    } as const;
    expect(issueFact(c, rental.id, outage)).toBe(true);
    expect(issueFact(c, rental.id, { kind: 'outage', from: early, to: at })).toBe(false);
    const [period] = c.storage.rentals.rentals.get(rental.id)?.periods ?? [];
    expect(period?.factSeq).toBe(2);
    const line =
      period === undefined ? undefined : c.storage.rentals.facts.lines.get(period.escrowId);
    expect(line?.facts.at(-1)).toEqual({ seq: 2, fact: { ...outage, from: at } });
  });

  it('is silent about a rental that does not run', () => {
    const c = fakeCanister();
    const rental = givenRental(c, { state: 'ending' });
    expect(issueFact(c, rental.id, { kind: 'unproven', unknownPpm: 1 })).toBe(false);
  });
});
