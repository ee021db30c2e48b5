import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAllBack,
  expectMachineRuns,
  expectNothingRuns,
  expectSolvent,
} from './expect-rental.ts';
import { bridgeCloud } from './world/bridge-cloud.ts';
import { worldOffer, worldRecipe } from './world/bridge-market.ts';
import { jobsInHand } from './world/bridge-numbers.ts';
import { startBridgeWorld, type BridgeWorld } from './world/bridge-world.ts';
import { grantAgent, replaceToken, revokeAgent } from './world/change-seller.ts';
import { bePatient, PATIENCE_MS } from './world/patience.ts';
import { WorldRental } from './world/world-rental.ts';
import { until } from '../chaos/until.ts';

const SEED = 52;
const ALL_BACK = 'Everything you paid goes back to you.';
const MINUTE_NS = 60_000_000_000n;
/**
 * So much before the deadline bridges look once more. They do not begin with less than 30 s left, and the next
 * look is a minute later: at this time all is found out in between, and the deadline comes while it waits.
 */
const LAST_LOOK_NS = 59_000_000_000n;
const OVER_NS = 2n * MINUTE_NS;
const WRONG_TOKEN = 'x'.repeat(64);

const WAITS = `#!/bin/bash
echo '#dc-step 1/2 Waiting'
while :; do sleep 0.5; done
`;
const NAMES = [
  'wrong token',
  'read-only token',
  'unknown image',
  'no capacity',
  'lost token',
  'lost agent',
] as const;

bePatient();

let world: BridgeWorld;
/** The fault that takes a token away. */
let lostToken = 0;
const rentals = new Map<string, WorldRental>();

function rental(name: (typeof NAMES)[number]): WorldRental {
  const found = rentals.get(name);
  if (found === undefined) throw new Error(`nobody rented from ${name}`);
  return found;
}

beforeAll(async () => {
  world = await startBridgeWorld({
    seed: SEED,
    cloud: bridgeCloud({ addressPrefix: '127.23', timeFactor: 0.02 }),
    bridges: 1,
    sellers: NAMES.map((name) => {
      const recipe = name.startsWith('lost') ? 'waits' : undefined;
      const offer = worldOffer(`Machine, ${name}`, recipe, ['fsn1', 'hel1']);
      return { name, offers: [offer] };
    }),
    recipes: [worldRecipe('waits', WAITS, 'true')],
    bridgeEnv: { BRIDGE_POLL_MS: '500' },
  });
  const { faults } = world.cloud.hetzner;
  faults.add({
    effect: {
      kind: 'error',
      status: 422,
      code: 'invalid_input',
      message: "invalid input in field 'image'",
      details: { fields: [{ name: 'image', messages: ['image not found'] }] },
    },
    scope: { project: 'unknown image', method: 'POST', path: '/servers' },
  });
  faults.add({ effect: { kind: 'no-capacity' }, scope: { project: 'no capacity' } });
  await replaceToken(world, 'wrong token', WRONG_TOKEN);
  const { readOnlyToken } = world.project('read-only token');
  await replaceToken(world, 'read-only token', readOnlyToken);
  await Promise.all(
    NAMES.map(async (name) => {
      rentals.set(name, await WorldRental.pay(world, `Machine, ${name}`));
    }),
  );
});
afterAll(() => world.close());

/** When bridges have to be done with it. */
async function deadlineNs(one: WorldRental): Promise<bigint> {
  const job = await one.job('Provision');
  if (job === undefined) throw new Error('nobody was asked to make it');
  return job.deadline_at_ns;
}

/** It ended, everything went back, and there never was a server. */
async function expectNeverMade(one: WorldRental, why: string): Promise<void> {
  const { cause, reason } = await one.untilEnding();
  expect(cause).toEqual({ NotProvisioned: null });
  expect(reason).toContain(why);
  expect(reason).toContain(ALL_BACK);
  await one.untilPaidOut();
  await expectAllBack(one);
  await one.untilGone();
  expect(one.servers()).toEqual([]);
}

describe.concurrent('a bridge at a cloud', () => {
  it('that does not know the token: gives the money back at once', async () => {
    const one = rental('wrong token');
    await expectNeverMade(one, "Hetzner refuses the credentials of the seller's account.");
    expect(await one.problem('Provision')).toContain('does not accept');
  });

  it('that lets the token only read: gives the money back at once', async () => {
    const one = rental('read-only token');
    await expectNeverMade(one, "Hetzner refuses the credentials of the seller's account.");
    expect(await one.problem('Provision')).toContain('may only read');
  });

  it('that does not know the image: gives the money back at once', async () => {
    const one = rental('unknown image');
    await expectNeverMade(one, 'what the offer or the recipe asks for did not work');
    expect(await one.problem('Provision')).toContain('refuses to make cx23 in fsn1');
    expect(await one.problem('Provision')).toContain('It does not like: image.');
  });

  it('that is full: tries every machine of the offer, and goes on trying', async () => {
    const one = rental('no capacity');
    await until('it waits for capacity', PATIENCE_MS, async () => {
      const job = await one.job('Provision');
      return job !== undefined && 'Delayed' in job.state && job.failures >= 2;
    });
    const notes = (await one.steps()).map(({ note }) => note).join('\n');
    expect(notes).toContain('Hetzner has no cx23 in fsn1 now.');
    expect(await one.problem('Provision')).toContain('Hetzner has no cx23 in hel1');
    expect(await one.stage()).toBe('provisioning');
  });

  it('that takes the token away in the middle: waits for another one to delete the machine', async () => {
    const one = rental('lost token');
    await one.untilStep('RecipeStep');
    lostToken = world.cloud.hetzner.faults.add({
      effect: { kind: 'token-revoked' },
      scope: { project: 'lost token' },
    });
    await one.cancel();
    const { cause, reason } = await one.untilEnding();
    expect(cause).toEqual({ RenterCancelled: null });
    expect(reason).toContain('goes back to you.');
    await one.untilPaidOut();
    await expectAllBack(one);
    await until('the deletion waits', PATIENCE_MS, async () => {
      const deletion = await one.job('Terminate');
      return deletion !== undefined && 'Delayed' in deletion.state && deletion.failures > 0;
    });
    expect(await one.problem('Terminate')).toContain('does not accept');
    const notes = (await one.steps()).map(({ note }) => note).join('\n');
    expect(notes).toContain('It is asked again until it is done.');
    expect(await one.stage()).toBe('ending');
    expectMachineRuns(world, one);
  });

  it('whose seller revokes its agent: does nothing more from then on', async () => {
    const one = rental('lost agent');
    await one.untilStep('RecipeStep');
    await revokeAgent(world, 'lost agent');
    await until('the bridge has let go', PATIENCE_MS, async () => {
      const inHand = await Promise.all(world.bridges().map(jobsInHand));
      return inHand.every((count) => count === 0);
    });
    expect(await one.stage()).toBe('provisioning');
    expectMachineRuns(world, one);
  });
});

describe('a bridge once the time that sellers promised is over', () => {
  beforeAll(async () => {
    world.cloud.hetzner.faults.remove(lostToken);
    const one = rental('no capacity');
    const overAtNs = await deadlineNs(one);
    await world.letPass(overAtNs - world.network.nowNs() - LAST_LOOK_NS);
    await until('it was tried for the last time', PATIENCE_MS, async () => {
      const job = await one.job('Provision');
      if (job === undefined || 'Failed' in job.state) throw new Error('its time was over before');
      return 'Delayed' in job.state && job.state.Delayed.until_ns >= overAtNs;
    });
    await world.letPass(OVER_NS);
  });

  it('ends what found no capacity, and says for how long there was none', async () => {
    const one = rental('no capacity');
    await expectNeverMade(one, 'Hetzner had no cx23 in ');
    expect((await one.untilEnding()).reason).toMatch(
      /or any other machine of the offer for \d+ minutes\./,
    );
  });

  it('ends what nobody may work on; its machine goes as soon as somebody may again', async () => {
    const one = rental('lost agent');
    const { cause, reason } = await one.untilEnding();
    expect(cause).toEqual({ NotProvisioned: null });
    expect(reason).toContain("nobody at the seller's side went on with it");
    expect(reason).toContain(ALL_BACK);
    await one.untilPaidOut();
    await expectAllBack(one);
    expect(await one.stage()).toBe('ending');
    expectMachineRuns(world, one);
    await grantAgent(world, 'lost agent');
    // The market looks once a minute whether somebody may work on what nobody might.
    await world.letPass(MINUTE_NS);
    await one.untilGone();
    expectNothingRuns(world, one);
  });

  it('has deleted the machine for which there is a good token again', async () => {
    const one = rental('lost token');
    await one.untilGone();
    expectNothingRuns(world, one);
  });

  it.each(NAMES)('has closed: %s', async (name) => {
    await rental(name).untilClosed();
  });

  it('has all the money that the books say', () => expectSolvent(world));
});
