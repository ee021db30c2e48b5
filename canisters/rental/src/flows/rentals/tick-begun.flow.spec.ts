import { describe, expect, it } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { READY, RentWorld } from '../../testing/rent-world.fake.ts';
import type { FakeCanister } from '../../testing/fake-canister.fake.ts';
import { runStats } from '../recipes/note-recipe-run.ts';
import { cancelRental } from './cancel-rental.flow.ts';
import { tickBegun } from './tick-begun.flow.ts';

const READY_AFTER = durationNs({ seconds: 58 });

/** Paid, and reported ready 58 seconds later. */
async function begunIn(world: RentWorld): Promise<Rental> {
  const { id } = await world.paid();
  world.c.runtime.now = after(world.c.runtime.now, READY_AFTER);
  world.work(READY);
  return world.rental(id);
}

async function tick(c: FakeCanister): Promise<void> {
  tickBegun(c);
  while (await c.timers.fireNext());
}

/** What is counted of the runs of a rental's offer, seller and recipe. */
function countsOf(c: FakeCanister, { id, offeringId, provider }: Rental) {
  const recipe = present(c.storage.rentals.terms.get(id)?.recipe, 'a recipe');
  const trust = c.storage.health.trust.get(provider);
  return {
    offer: c.storage.market.stats.get(offeringId)?.successes ?? 0,
    seller: trust === undefined ? [0, 0] : [trust.runs, trust.succeeded],
    version: runStats(c, recipe).successes,
    recipe: runStats(c, { recipeId: recipe.recipeId }).successes,
  };
}

const NOTHING = { offer: 0, seller: [0, 0], version: 0, recipe: 0 };
const ONCE = { offer: 1, seller: [1, 1], version: 1, recipe: 1 };

function toldTo(c: FakeCanister, { renter }: Rental) {
  const { mailboxes, places, notifications } = c.storage.notifications;
  const count = mailboxes.get(renter)?.next ?? 0;
  return Array.from({ length: count }, (_row, place) => {
    const { id } = present(places.get([renter, place]), 'a place of the mailbox');
    return present(notifications.get(id), 'a notification').notification;
  });
}

const kindsTold = (c: FakeCanister, rental: Rental) => toldTo(c, rental).map(({ kind }) => kind);

describe('tickBegun', () => {
  it('counts a machine that became ready and tells its renter, after the report', async () => {
    const world = new RentWorld([{}]);
    const rental = await begunIn(world);
    expect(countsOf(world.c, rental)).toEqual(NOTHING);
    expect(kindsTold(world.c, rental)).toEqual(['rental-paid']);
    world.c.runtime.now = after(world.c.runtime.now, durationNs({ seconds: 10 }));
    await tick(world.c);
    expect(countsOf(world.c, rental)).toEqual(ONCE);
    expect(world.c.storage.market.stats.get(rental.offeringId)?.p50Seconds).toBe(58);
    const [, ready] = toldTo(world.c, rental);
    expect(ready).toMatchObject({ kind: 'rental-ready', rentalId: rental.id });
    expect(ready?.subject).toContain('58 seconds');
  });

  it('does it once, whatever is cut short and started again', async () => {
    const world = new RentWorld([{}]);
    const rental = await begunIn(world);
    tickBegun(world.c);
    tickBegun(world.c);
    await tick(world.c);
    await tick(world.c.upgraded());
    expect(countsOf(world.c.upgraded(), rental)).toEqual(ONCE);
    expect(kindsTold(world.c.upgraded(), rental)).toEqual(['rental-paid', 'rental-ready']);
  });

  it('does it after an upgrade that came first', async () => {
    const world = new RentWorld([{}]);
    const rental = await begunIn(world);
    tickBegun(world.c);
    const upgraded = world.c.upgraded();
    expect(countsOf(upgraded, rental)).toEqual(NOTHING);
    await tick(upgraded);
    expect(countsOf(upgraded, rental)).toEqual(ONCE);
  });

  it('counts what is over again by then, and does not call it ready', async () => {
    const world = new RentWorld([{}]);
    const rental = await begunIn(world);
    expect(cancelRental(world.c, rental.id).kind).toBe('ok');
    await tick(world.c);
    expect(countsOf(world.c, rental)).toEqual(ONCE);
    expect(kindsTold(world.c, rental)).toEqual(['rental-paid', 'rental-ended']);
  });

  it('goes on with the others where one cannot be counted', async () => {
    const world = new RentWorld([{}]);
    const broken = await begunIn(world);
    const rental = await begunIn(world);
    const { terms } = world.c.storage.rentals;
    const agreed = present(terms.get(broken.id), 'terms');
    terms.remove(broken.id);
    tickBegun(world.c);
    await expect(world.c.timers.fireNext()).rejects.toThrow('a rental has no terms');
    await world.c.timers.fireNext();
    terms.set(broken.id, agreed);
    expect(countsOf(world.c, rental)).toEqual(ONCE);
  });
});
