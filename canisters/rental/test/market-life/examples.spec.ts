import { describe, expect, it } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { cancelRental } from '../../src/flows/rentals/cancel-rental.flow.ts';
import { quoteExtension } from '../../src/flows/rentals/quote-extension.flow.ts';
import { quoteRental } from '../../src/flows/rentals/quote-rental.flow.ts';
import { asPerson } from '../../src/testing/accounts.fake.ts';
import { endWithWorkers } from './support/ends.ts';
import type { Story } from './support/market-rules.ts';
import { MarketWorld } from './support/market-world.ts';
import { inputOf, pay } from './support/people-commands.ts';

const RENTER = 'ann';
const HOUR_NS = durationNs({ hours: 1 });

/** A machine that is made at once. */
async function rented(world: MarketWorld): Promise<Story> {
  const wish = { by: RENTER, offer: 0, choiceIndex: 0, termNs: HOUR_NS, withSecret: false };
  world.catalogueIsRead();
  await world.begin(() => quoteRental(world.c, inputOf(world, wish)), RENTER);
  const story = present([...world.rules.stories.values()].at(-1), 'a rental');
  await pay(world, story, 'well');
  world.allWork();
  expect(story.stage).toBe('active');
  return story;
}

function cancel(world: MarketWorld, story: Story): void {
  expect(asPerson(world.c, RENTER, () => cancelRental(world.c, story.id)).kind).toBe('ok');
  world.rules.cancelled(story);
}

/** Lives that were found by chance. */
describe('the market', () => {
  it('closes a rental while a quote is open whose answer was lost', async () => {
    const world = new MarketWorld();
    const story = await rented(world);
    // Stalled for longer than the time to deliver: the treasury has given everything back.
    world.jump(durationNs({ minutes: 40 }));
    world.treasury.failing = 'after';
    const asked = { rentalId: story.id, termNs: HOUR_NS };
    await world.begin(() => quoteExtension(world.c, asked), RENTER);
    world.treasury.failing = undefined;
    cancel(world, story);
    world.allWork();
    await world.pass(durationNs({ seconds: 31 }), 3);
    world.rules.check();
    expect(story.stage).toBe('closed');
    const phases = () => world.escrowsOf(story.id).map(({ phase }) => phase.kind);
    expect(phases()).toEqual(['closed', 'quoted']);
    await world.pass(durationNs({ minutes: 11 }), 1);
    world.rules.check();
    expect(phases()).toEqual(['closed', 'lapsed']);
  });

  it('pays for no time after a cancel, though the treasury was out of reach before', async () => {
    const world = new MarketWorld();
    const story = await rented(world);
    world.treasury.failing = 'after';
    await world.pass(durationNs({ minutes: 3 }), 3);
    world.treasury.failing = undefined;
    cancel(world, story);
    await world.pass(durationNs({ days: 32 }), 8);
    expect(world.wasStalled).toBe(false);
    await endWithWorkers(world);
  });
});
