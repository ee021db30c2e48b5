import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ManualClock, SYSTEM_CLOCK } from '../src/clouds/cloud-clock.ts';
import { FakeMachineHost } from './support/fake-machine-host.ts';
import {
  actionSchema,
  codeOf,
  create,
  hetznerWorld,
  orderFor,
  serversIn,
  START_MS,
  type HetznerWorld,
} from './support/hetzner-world.ts';

const NAMES = ['a', 'b', 'c'];
const ACTIONS = ['poweron', 'poweroff', 'shutdown', 'reboot', 'reset', 'rebuild', 'enable_rescue'];
const MINUTE_S = 60;

type Step =
  | { readonly kind: 'create'; readonly name: string }
  | { readonly kind: 'delete' | 'vanish'; readonly name: string }
  | { readonly kind: 'act'; readonly name: string; readonly action: string }
  | { readonly kind: 'wait'; readonly seconds: number };

const name = fc.constantFrom(...NAMES);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), name }),
  fc.record({ kind: fc.constant('delete' as const), name }),
  fc.record({ kind: fc.constant('vanish' as const), name }),
  fc.record({ kind: fc.constant('act' as const), name, action: fc.constantFrom(...ACTIONS) }),
  fc.record({
    kind: fc.constant('wait' as const),
    seconds: fc.double({ min: 0, max: 15, noNaN: true }),
  }),
);

/** What a client may be answered in the course of things. */
const REFUSALS = new Set([undefined, 'uniqueness_error', 'locked']);

/** Never the same time twice. */
class RestlessClock extends ManualClock {
  override nowMs(): number {
    this.advance(1);
    return super.nowMs();
  }
}

async function take(world: HetznerWorld, next: Step): Promise<void> {
  switch (next.kind) {
    case 'wait':
      world.advance(next.seconds);
      return;
    case 'create':
      expect(REFUSALS).toContain(codeOf(await world.post('/servers', orderFor(next.name))));
      return;
    default: {
      const [server] = serversIn(await world.get(`/servers?name=${next.name}`));
      if (server !== undefined) await change(world, next, server.id);
    }
  }
}

async function change(
  world: HetznerWorld,
  next: Exclude<Step, { kind: 'wait' | 'create' }>,
  id: number,
): Promise<void> {
  const path = `/servers/${id}`;
  switch (next.kind) {
    case 'vanish':
      world.cloud.control.vanish(id);
      return;
    case 'delete':
      expect(REFUSALS).toContain(codeOf(await world.call('DELETE', path)));
      return;
    case 'act': {
      const body = { image: 'debian-12' };
      const answer = await world.post(`${path}/actions/${next.action}`, body);
      expect(REFUSALS).toContain(codeOf(answer));
    }
  }
}

async function expectSound(world: HetznerWorld): Promise<void> {
  const servers = serversIn(await world.get('/servers'));
  const unique = (values: readonly unknown[]): void =>
    expect(new Set(values).size).toBe(values.length);
  unique(servers.map((one) => one.name));
  unique(servers.map((one) => one.public_net.ipv4?.ip));
}

describe('the life of servers', () => {
  it('is sound whatever is asked of them, and comes to rest', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const machines = new FakeMachineHost();
        const world = await hetznerWorld({ machines });
        for (const next of steps) {
          await take(world, next);
          await expectSound(world);
        }
        world.advance(MINUTE_S);
        for (const { id, status } of serversIn(await world.get('/servers'))) {
          expect(['running', 'off']).toContain(status);
          const { body } = await world.get(`/servers/${id}/actions?per_page=50`);
          const { actions } = z.object({ actions: z.array(actionSchema) }).parse(body);
          expect(actions.filter((one) => one.status === 'running')).toEqual([]);
          await expect
            .poll(() => machines.callsOf(id).findLast((call) => call !== 'prepare') ?? 'off')
            .toBe(status === 'running' ? 'on' : 'off');
        }
        for (const { id } of world.cloud.history().filter((one) => one.goneAtMs !== null)) {
          await expect.poll(() => machines.callsOf(id).at(-1)).toBe('destroy');
        }
        await world.cloud.close();
        expect(world.problems).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('begins with an address, although time passes while the server is made', async () => {
    const world = await hetznerWorld({}, new RestlessClock(START_MS));
    const { server, action } = await create(world, 'a');
    expect(server.public_net.ipv4?.ip).toMatch(/^127\.20\./);
    expect(action.progress).toBe(0);
  });

  it('passes by real time, too', async () => {
    const world = await hetznerWorld({ clock: SYSTEM_CLOCK, timeFactor: 0 });
    await world.post('/servers', orderFor('a'));
    const statuses = async () => serversIn(await world.get('/servers')).map(({ status }) => status);
    await expect.poll(statuses).toEqual(['running']);
    const [server] = world.cloud.servers();
    await world.call('DELETE', `/servers/${server?.id ?? 0}`);
    await expect.poll(statuses).toEqual([]);
  });
});
