import { describe, expect, it } from 'vitest';
import { BridgeWorld, recipeOf } from '../testing/bridge-world.fake.ts';
import type { FakeRentalRow } from '../testing/rental-rows.fake.ts';

const NAME = 'dc-test-1';

function labels(choice: number, rental = '1') {
  return {
    'managed-by': 'decent-cloud',
    'dc-installation': 'test',
    'dc-rental': rental,
    'dc-choice': choice.toString(),
  };
}

/** What was told, pieces of the log left out. */
function stepsOf(world: BridgeWorld, row: FakeRentalRow): readonly string[] {
  return world.market
    .jobOf(row.id, 'provision')
    .events.filter(({ kind }) => kind !== 'log')
    .map((event) => (event.kind === 'step' ? event.step : event.kind));
}

function outcomeOf(world: BridgeWorld, row: FakeRentalRow) {
  return world.market.jobOf(row.id, 'provision').state;
}

describe('provision', () => {
  it('makes a machine, sets it up and tells the renter all of it', async () => {
    const world = new BridgeWorld();
    const recipe = recipeOf('install', { generatedSecrets: [{ name: 'PASSWORD', length: 20 }] });
    const inputs = { values: [{ name: 'PORT', value: '8080' }], secretNames: [] };
    const row = world.rent({ recipe, inputs });
    const bridge = world.bridge();
    await world.untilState(row, 'active');
    expect(stepsOf(world, row)).toEqual([
      'intent',
      'server',
      'booting',
      'ssh-reachable',
      'connection',
      'credentials',
      'recipe-step',
      'health-passed',
      'succeeded',
    ]);
    expect(row.card).toMatchObject({
      ipv4: '127.20.0.1',
      serviceUrl: 'http://127.20.0.1:8080/',
      hostKey: 'ssh-ed25519 key-1',
    });
    expect(new TextDecoder().decode(row.sealed)).toBe('sealed to age1renter for 1');
    const [server] = world.cloud.servers();
    expect(server?.labels).toMatchObject({ ...labels(0), 'dc-spec': expect.any(String) as string });
    expect(server?.name).toBe(NAME);
    expect(world.machines.isDoorOpenAt('srv-1')).toBe(false);
    expect(new TextDecoder().decode(world.market.jobOf(row.id, 'provision').log)).toContain('done');
    await bridge.stop();
  });

  it('needs few requests: one look, one order, few peeks', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    const bridge = world.bridge();
    await world.untilState(row, 'active');
    world.market.cancel(row.id);
    await world.untilState(row, 'closed');
    await bridge.stop();
    const verbs = world.cloud.requests.map((request) => request.split(' ')[0]);
    expect(verbs.filter((verb) => verb === 'create')).toHaveLength(1);
    expect(world.cloud.requests.length).toBeLessThanOrEqual(8);
  });

  it('adopts a server that is there, and tells its id', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    const id = world.cloud.add(NAME, labels(0));
    const bridge = world.bridge();
    await world.untilState(row, 'active');
    await bridge.stop();
    expect(row.server).toEqual({ name: NAME, externalId: id });
    expect(world.cloud.requests.some((request) => request.startsWith('create'))).toBe(false);
  });

  it('deletes its own server of another choice before it makes one', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    world.cloud.add(NAME, labels(2));
    const bridge = world.bridge();
    await world.untilState(row, 'active');
    await bridge.stop();
    expect(row.server?.externalId).toBe('srv-2');
    expect(world.cloud.servers()).toHaveLength(1);
    expect(world.cloud.doubles).toEqual([]);
  });

  it('touches nothing that is not ours, raises the alarm and fails', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    world.cloud.add(NAME, { owner: 'somebody' });
    const bridge = world.bridge();
    await world.untilState(row, 'closed');
    await bridge.stop();
    expect(outcomeOf(world, row)).toEqual({ kind: 'failed', class: 'config' });
    expect(world.cloud.servers().map(({ name }) => name)).toEqual([NAME]);
    expect(world.metrics.counts.get('foreign_servers')).toBe(1);
  });

  it('finds what a create made whose answer was lost', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    let creates = 0;
    world.cloud.fault = (method) => {
      if (method !== 'create') return undefined;
      creates += 1;
      return creates === 1 ? 'lost-answer' : undefined;
    };
    const bridge = world.bridge();
    await world.untilState(row, 'active');
    await bridge.stop();
    expect(creates).toBe(1);
    expect(row.server?.externalId).toBe('srv-1');
  });

  it('has told the id before anything else of the answer is read', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    const cloud = world.cloud.provider();
    let toldFirst: string | undefined;
    const bridge = world.bridge({
      cloud: {
        ...cloud,
        create: (spec, accepted, signal) =>
          cloud.create(
            spec,
            async (id) => {
              await accepted(id);
              toldFirst = row.server?.externalId;
            },
            signal,
          ),
      },
    });
    await world.untilState(row, 'active');
    await bridge.stop();
    expect(toldFirst).toBe('srv-1');
  });

  it('orders again what was surely or probably not made', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    const faults = ['lost-request', 'busy'] as const;
    let creates = 0;
    world.cloud.fault = (method) => {
      if (method !== 'create') return undefined;
      creates += 1;
      return faults[creates - 1];
    };
    const bridge = world.bridge();
    await world.untilState(row, 'active');
    await bridge.stop();
    expect(creates).toBe(3);
    expect(world.cloud.servers()).toHaveLength(1);
  });

  it('tries the other machines of the offer, and says so when there is none', async () => {
    const world = new BridgeWorld();
    const row = world.rent({}, 200_000);
    world.cloud.fault = (method) => (method === 'create' ? 'capacity' : undefined);
    const bridge = world.bridge();
    await world.untilState(row, 'closed');
    await bridge.stop();
    expect(outcomeOf(world, row)).toEqual({ kind: 'failed', class: 'capacity' });
    const { events } = world.market.jobOf(row.id, 'provision');
    const choices = events.flatMap((event) => (event.kind === 'intent' ? [event.choiceIndex] : []));
    expect(choices.slice(0, 4)).toEqual([0, 1, 2, 0]);
  });

  it('takes the second machine of the offer if the first is sold out', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    let creates = 0;
    world.cloud.fault = (method) =>
      method === 'create' && (creates += 1) === 1 ? 'capacity' : undefined;
    const bridge = world.bridge();
    await world.untilState(row, 'active');
    await bridge.stop();
    expect(row.choiceIndex).toBe(1);
    expect(world.cloud.servers()[0]?.labels['dc-choice']).toBe('1');
  });

  it('deletes a machine without IPv4 and tries again later', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    let creates = 0;
    world.cloud.fault = (method) =>
      method === 'create' && (creates += 1) === 1 ? 'no-ipv4' : undefined;
    const bridge = world.bridge();
    await world.untilState(row, 'active');
    await bridge.stop();
    expect(creates).toBe(2);
    expect(world.cloud.servers().map(({ externalId }) => externalId)).toEqual(['srv-2']);
  });

  it('fails with the recipe, and with a service that is never healthy', async () => {
    for (const script of ['broken', 'sick']) {
      const world = new BridgeWorld();
      world.machines.plot = (name) => ({
        lines: ['trying'],
        exitCode: name === 'broken' ? 3 : 0,
        takesMs: 1_000,
      });
      const row = world.rent({ recipe: recipeOf(script) });
      const bridge = world.bridge();
      await world.untilState(row, 'closed');
      await bridge.stop();
      expect(outcomeOf(world, row)).toEqual({ kind: 'failed', class: 'config' });
      const last = world.market.jobOf(row.id, 'provision').events.at(-1);
      const words = script === 'broken' ? /exit 3/ : /not healthy within 300 seconds/;
      expect(last?.kind === 'problem' && last.message).toMatch(words);
      expect(world.cloud.servers()).toEqual([]);
    }
  });

  it('ends a script that would never end in time to say so', async () => {
    const world = new BridgeWorld();
    world.machines.plot = () => ({ lines: ['loop'], exitCode: 0, takesMs: 10 ** 9 });
    const row = world.rent({ recipe: recipeOf('loop') }, 300_000);
    const bridge = world.bridge();
    await world.untilState(row, 'closed');
    await bridge.stop();
    expect(outcomeOf(world, row)).toEqual({ kind: 'failed', class: 'config' });
  });

  it('waits for a machine that never answers, and says so before its time is over', async () => {
    const world = new BridgeWorld();
    world.machines.reachable = () => ({ kind: 'not-yet', reason: 'no route' });
    const row = world.rent({}, 200_000);
    const bridge = world.bridge();
    await world.untilState(row, 'closed');
    await bridge.stop();
    expect(outcomeOf(world, row)).toEqual({ kind: 'failed', class: 'transient' });
    const problem = world.market
      .jobOf(row.id, 'provision')
      .events.find((event) => event.kind === 'problem');
    expect(problem?.message).toMatch(/did not answer SSH within \d+ seconds: no route/);
  });

  it('never trusts another host key for long', async () => {
    const world = new BridgeWorld();
    world.machines.reachable = () => ({ kind: 'wrong-host-key', seen: 'SHA256:other' });
    const row = world.rent();
    const bridge = world.bridge();
    await world.untilState(row, 'closed');
    await bridge.stop();
    expect(outcomeOf(world, row)).toEqual({ kind: 'failed', class: 'config' });
  });

  it('makes another machine if somebody deletes the one that boots', async () => {
    const world = new BridgeWorld();
    const row = world.rent();
    const bridge = world.bridge();
    await world.clock.until(() => row.server?.externalId === 'srv-1');
    world.cloud.vanish('srv-1');
    await world.untilState(row, 'active');
    await bridge.stop();
    expect(row.server?.externalId).toBe('srv-2');
  });
});
