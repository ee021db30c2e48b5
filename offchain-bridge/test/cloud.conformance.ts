import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorClass } from '../src/core/job-report.ts';
import type { CloudProvider, ServerSpec } from '../src/ports/cloud.port.ts';
import type { CloudWorld, WorldFault } from './cloud-world.ts';
import {
  classOf,
  failureOf,
  INSTALLATION,
  nameOf,
  nothing,
  patience,
  specOf,
} from './cloud-calls.ts';

const NEVER_ID = '987654321';
const MINUTE_MS = 60_000;

/** What every cloud has to do behind the port, whatever its API is like. */
export function cloudConformance(name: string, openWorld: () => Promise<CloudWorld>): void {
  describe(`${name} as a cloud`, () => {
    let world: CloudWorld;
    let cloud: CloudProvider;

    beforeEach(async () => {
      world = await openWorld();
      cloud = world.connect('good');
    });
    afterEach(() => world.close());

    const spec = (rental = 1, change: Partial<ServerSpec['machine']> = {}) =>
      specOf(rental, { ...world.machine, ...change });
    const create = (rental = 1) => cloud.create(spec(rental), nothing, patience());
    const names = () => world.servers().map((server) => server.name);
    const placeOurs = (rental: number, more = {}) =>
      world.place({ name: nameOf(rental), labels: spec(rental).labels, ...more });

    async function placeMany(count: number): Promise<readonly string[]> {
      const ids: string[] = [];
      for (let rental = 1; rental <= count; rental += 1) ids.push(await placeOurs(rental));
      return ids;
    }

    describe('validate', () => {
      it('takes a token that may do everything, and leaves nothing behind', async () => {
        expect(await cloud.validate(patience())).toEqual({ kind: 'valid' });
        expect(names()).toEqual([]);
      });

      it.each(['wrong', 'read-only'] as const)('finds out a %s token', async (kind) => {
        const validity = await world.connect(kind).validate(patience());
        expect(validity.kind).toBe('invalid');
        expect(JSON.stringify(validity)).toContain('seller');
      });

      it('finds out a token that was revoked', async () => {
        world.inject('revoked');
        expect(await cloud.validate(patience())).toMatchObject({ kind: 'invalid' });
      });

      it.each(['proxy-page', 'lost-request', 'maintenance'] as const)(
        'blames no token for a %s',
        async (fault) => {
          world.inject(fault);
          expect(await classOf(cloud.validate(patience()))).toBe('transient');
        },
      );
    });

    describe('catalogue', () => {
      const offered = async () => {
        const { types } = await cloud.catalogue(patience());
        const type = types.find((one) => one.name === world.machine.machineType);
        return { type, at: type?.at.find((one) => one.location === world.machine.location) };
      };

      it('has machines with prices and stock, and images for them', async () => {
        const { currency, locations, types, images } = await cloud.catalogue(patience());
        const { machineType, arch, cores, memoryMb, diskGb, image } = world.machine;
        expect(currency).toMatch(/^[A-Z]{3}$/);
        const { type, at } = await offered();
        expect(type).toMatchObject({ name: machineType, arch, cores, memoryMb, diskGb });
        expect(at).toMatchObject({ isAvailable: true, unavailableAfterMs: undefined });
        expect(at?.pricePerMonth).toMatch(/^\d+(\.\d+)?$/);
        expect(images.find((one) => one.name === image)?.archs).toContain(arch);
        const used = new Set(types.flatMap((one) => one.at.map((place) => place.location)));
        expect(locations.map((one) => one.name)).toEqual(expect.arrayContaining([...used]));
        for (const list of [locations, types, images]) {
          expect(new Set(list.map((one) => one.name)).size).toBe(list.length);
        }
      });

      it('tells what is out of stock, though it has a price', async () => {
        world.sellOut();
        expect((await offered()).at).toMatchObject({ isAvailable: false });
      });

      it('survives words that nobody knows', async () => {
        world.inject('unknown-words');
        const { types } = await cloud.catalogue(patience());
        for (const { arch } of types) expect(['x86', 'arm']).toContain(arch);
      });
    });

    describe('create', () => {
      it('tells the id while the server is there already', async () => {
        const told: string[] = [];
        const accepted = (id: string): Promise<void> => {
          expect(world.servers().map(({ externalId }) => externalId)).toEqual([id]);
          told.push(id);
          return Promise.resolve();
        };
        const server = await cloud.create(spec(), accepted, patience());
        expect(told).toEqual([server.externalId]);
        expect(server).toMatchObject({ name: nameOf(1), labels: spec().labels });
        expect(world.servers()).toMatchObject([{ name: nameOf(1), labels: spec().labels }]);
      });

      it('waits for the one who is told, and ends as that one does', async () => {
        const events: string[] = [];
        const accepted = async (): Promise<void> => {
          await new Promise((resolve) => setImmediate(resolve));
          events.push('told');
        };
        await cloud.create(spec(), accepted, patience()).then(() => events.push('resolved'));
        expect(events).toEqual(['told', 'resolved']);
        const lost = new Error('the lease is lost');
        const refused = cloud.create(spec(2), () => Promise.reject(lost), patience());
        await expect(refused).rejects.toBe(lost);
        expect(names()).toContain(nameOf(2));
      });

      it('gives a machine that runs, with an IPv4 address', async () => {
        const { externalId } = await create();
        world.passTime(MINUTE_MS);
        const server = await cloud.get(externalId, patience());
        expect(server).toMatchObject({ externalId, status: 'running', name: nameOf(1) });
        expect(server?.ipv4).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      });

      it('resolves without an IPv4 address if the cloud gives none', async () => {
        world.inject('no-ipv4');
        const { externalId, ipv4 } = await create();
        expect(ipv4).toBeUndefined();
        world.passTime(MINUTE_MS);
        expect((await cloud.get(externalId, patience()))?.ipv4).toBeUndefined();
        expect((await cloud.findByName(nameOf(1), patience()))?.ipv4).toBeUndefined();
      });

      it('makes no second server of a name', async () => {
        await create();
        expect(await classOf(create())).toBe('exists');
        const foreign = { name: nameOf(2), labels: { 'managed-by': 'somebody' } };
        await world.place(foreign);
        expect(await classOf(create(2))).toBe('exists');
        expect(names()).toHaveLength(2);
        const found = await cloud.findByName(nameOf(2), patience());
        expect(found?.labels).toEqual(foreign.labels);
      });

      it.each<[WorldFault, ErrorClass]>([
        ['sold-out', 'capacity'],
        ['quota', 'quota'],
        ['revoked', 'auth'],
        ['maintenance', 'transient'],
        ['busy', 'transient'],
        ['server-error', 'unknown'],
        ['proxy-page', 'unknown'],
        ['lost-request', 'unknown'],
      ])('%s: %s, and nothing was made', async (fault, expected) => {
        world.inject(fault);
        const told: string[] = [];
        const made = cloud.create(spec(), (id) => Promise.resolve(void told.push(id)), patience());
        expect(await classOf(made)).toBe(expected);
        expect(names()).toEqual([]);
        expect(told).toEqual([]);
      });

      it.each(['proxy-page', 'lost-request', 'server-error'] as const)(
        'does not order twice by itself after a %s',
        async (fault) => {
          world.inject(fault, { times: 1 });
          expect(await classOf(create())).toBe('unknown');
          expect(names()).toEqual([]);
          await create();
          expect(names()).toEqual([nameOf(1)]);
        },
      );

      it('says what cannot be had, where', async () => {
        world.sellOut();
        const { message } = await failureOf(create());
        expect(message).toContain(world.machine.machineType);
        expect(message).toContain(world.machine.location);
      });

      it('may not order with a token for reading', async () => {
        const reader = world.connect('read-only');
        expect(await classOf(reader.create(spec(), nothing, patience()))).toBe('auth');
      });

      it.each([
        { image: 'no-such-image' },
        { machineType: 'no-such-type' },
        { location: 'no-such-place' },
      ])('refuses for good what does not exist: %o', async (change) => {
        const made = cloud.create(spec(1, change), nothing, patience());
        expect(await classOf(made)).toBe('config');
        expect(names()).toEqual([]);
      });

      it('does not know what came of an order whose answer is lost, and finds it by its name', async () => {
        world.inject('lost-response', { on: 'orders' });
        expect(await classOf(create())).toBe('unknown');
        world.heal();
        expect(names()).toEqual([nameOf(1)]);
        const found = await cloud.findByName(nameOf(1), patience());
        expect(found).toMatchObject({ labels: spec().labels });
        expect(await classOf(create())).toBe('exists');
        world.passTime(MINUTE_MS);
        expect(await cloud.get(found?.externalId ?? '', patience())).toMatchObject({
          status: 'running',
        });
      });

      it('orders nothing for a caller who has given up', async () => {
        const made = cloud.create(spec(), nothing, AbortSignal.abort());
        expect(await classOf(made)).toBe('transient');
        expect(names()).toEqual([]);
        expect(world.requests()).toBe(0);
      });
    });

    describe('find and get', () => {
      it('finds a server by its whole name, and nothing by another', async () => {
        const { externalId } = await create(1);
        await create(11);
        expect(await cloud.findByName(nameOf(1), patience())).toMatchObject({ externalId });
        expect(await cloud.findByName(nameOf(2), patience())).toBeUndefined();
      });

      it('knows nothing of a server that never was', async () => {
        expect(await cloud.get(NEVER_ID, patience())).toBeUndefined();
        expect(await cloud.peek(NEVER_ID, 0, patience())).toBeUndefined();
      });

      it("knows nothing of another account's servers", async () => {
        const { externalId } = await create();
        const other = world.connect('other');
        expect(await other.get(externalId, patience())).toBeUndefined();
        expect(await other.findByName(nameOf(1), patience())).toBeUndefined();
        expect(await other.listManaged(INSTALLATION, patience())).toEqual([]);
      });

      it('survives words that nobody knows', async () => {
        const { externalId } = await create();
        world.inject('unknown-words');
        const other = { externalId, status: 'other' };
        expect(await cloud.get(externalId, patience())).toMatchObject(other);
        expect(await cloud.findByName(nameOf(1), patience())).toMatchObject(other);
        expect(await cloud.listManaged(INSTALLATION, patience())).toMatchObject([other]);
      });

      it.each(['server-error', 'proxy-page', 'lost-request', 'lost-response'] as const)(
        'asks again after a %s',
        async (fault) => {
          const { externalId } = await create();
          world.inject(fault, { times: 2 });
          expect(await cloud.get(externalId, patience())).toMatchObject({ externalId });
        },
      );

      it.each<[WorldFault, ErrorClass]>([
        ['revoked', 'auth'],
        ['maintenance', 'transient'],
        ['server-error', 'transient'],
        ['proxy-page', 'transient'],
        ['lost-request', 'transient'],
      ])('%s that stays: %s, and no server is called gone', async (fault, expected) => {
        const { externalId } = await create();
        world.inject(fault);
        expect(await classOf(cloud.get(externalId, patience()))).toBe(expected);
        expect(await classOf(cloud.peek(externalId, 0, patience()))).toBe(expected);
        expect(await classOf(cloud.findByName(nameOf(1), patience()))).toBe(expected);
        expect(await classOf(cloud.listManaged(INSTALLATION, patience()))).toBe(expected);
      });
    });

    describe('delete', () => {
      const isGone = async (externalId: string): Promise<boolean> => {
        const found = await Promise.all([
          cloud.get(externalId, patience()),
          cloud.peek(externalId, 0, patience()),
          cloud.findByName(nameOf(1), patience()),
        ]);
        return found.every((one) => one === undefined);
      };

      it('deletes, and minds no second time', async () => {
        const { externalId } = await create();
        world.passTime(MINUTE_MS);
        await cloud.delete(externalId, patience());
        world.passTime(MINUTE_MS);
        expect(await isGone(externalId)).toBe(true);
        await cloud.delete(externalId, patience());
        expect(world.servers()).toEqual([]);
      });

      it('deletes what has only just been ordered', async () => {
        const { externalId } = await create();
        await cloud.delete(externalId, patience());
        world.passTime(MINUTE_MS);
        expect(await isGone(externalId)).toBe(true);
      });

      it('deletes a server of ours that somebody has protected', async () => {
        const externalId = await placeOurs(1, { isProtected: true });
        await cloud.delete(externalId, patience());
        world.passTime(MINUTE_MS);
        expect(await isGone(externalId)).toBe(true);
      });

      it("leaves somebody else's protected server alone", async () => {
        const labels = { 'managed-by': 'somebody' };
        const externalId = await world.place({ name: 'theirs', labels, isProtected: true });
        expect(await classOf(cloud.delete(externalId, patience()))).toBe('config');
        world.passTime(MINUTE_MS);
        expect(names()).toEqual(['theirs']);
        expect(await classOf(cloud.delete(externalId, patience()))).toBe('config');
      });

      it.each(['lost-request', 'lost-response', 'proxy-page', 'server-error'] as const)(
        'orders it again after a %s',
        async (fault) => {
          const externalId = await placeOurs(1);
          world.inject(fault, { times: 1 });
          await cloud.delete(externalId, patience());
          world.passTime(MINUTE_MS);
          expect(await isGone(externalId)).toBe(true);
        },
      );

      it.each<[WorldFault, ErrorClass]>([
        ['busy', 'transient'],
        ['proxy-page', 'transient'],
        ['revoked', 'auth'],
      ])('%s that stays: %s', async (fault, expected) => {
        const externalId = await placeOurs(1);
        world.inject(fault);
        expect(await classOf(cloud.delete(externalId, patience()))).toBe(expected);
        expect(names()).toEqual([nameOf(1)]);
      });
    });

    describe('power', () => {
      it('switches off and on, asks to shut down, and reboots', async () => {
        const externalId = await placeOurs(1);
        for (const [order, status] of [
          ['off', 'off'],
          ['on', 'running'],
          ['reboot', 'running'],
          ['shutdown', 'off'],
        ] as const) {
          await cloud.power(externalId, order, patience());
          world.passTime(MINUTE_MS);
          expect(await cloud.get(externalId, patience())).toMatchObject({ status });
        }
      });

      it('cannot switch what is not there', async () => {
        expect(await classOf(cloud.power(NEVER_ID, 'on', patience()))).toBe('config');
      });
    });

    describe('lists', () => {
      it('lists all servers of an installation, and no others', async () => {
        const ids = await placeMany(120);
        const labels = { ...spec(1).labels, 'dc-installation': 'other' };
        await world.place({ name: 'dc-other-1', labels });
        await world.place({ name: 'theirs', labels: { 'managed-by': 'somebody' } });
        await world.place({ name: 'plain', labels: {} });
        const listed = await cloud.listManaged(INSTALLATION, patience());
        expect(listed.map(({ externalId }) => externalId).sort()).toEqual([...ids].sort());
        expect(listed[0]?.labels['dc-installation']).toBe(INSTALLATION);
        expect(await cloud.listManaged('nobody', patience())).toEqual([]);
      });

      it('answers fifty who wait with one list', async () => {
        const ids = await placeMany(50);
        const before = world.requests();
        for (let round = 0; round < 3; round += 1) {
          const found = await Promise.all(ids.map((id) => cloud.peek(id, 5_000, patience())));
          expect(found.map((server) => server?.externalId)).toEqual(ids);
          world.passTime(1_000);
        }
        expect(world.requests() - before).toBe(1);
        world.passTime(5_000);
        await Promise.all(ids.map((id) => cloud.peek(id, 5_000, patience())));
        expect(world.requests() - before).toBe(2);
      });

      it('does not call a new server gone because of an older list', async () => {
        await create(1);
        await cloud.listManaged(INSTALLATION, patience());
        await cloud.peek(NEVER_ID, MINUTE_MS, patience());
        world.passTime(10);
        const { externalId } = await create(2);
        expect(await cloud.peek(externalId, MINUTE_MS, patience())).toMatchObject({ externalId });
        const elsewhere = await placeOurs(3);
        const found = await cloud.peek(elsewhere, MINUTE_MS, patience());
        expect(found).toMatchObject({ externalId: elsewhere });
      });

      it('costs at most eight requests for the life of a server', async () => {
        await cloud.findByName(nameOf(1), patience());
        const { externalId } = await create();
        world.passTime(10_000);
        await cloud.peek(externalId, 10_000, patience());
        world.passTime(10_000);
        await cloud.peek(externalId, 10_000, patience());
        await cloud.findByName(nameOf(1), patience());
        await cloud.delete(externalId, patience());
        world.passTime(2_500);
        await cloud.peek(externalId, 2_000, patience());
        world.passTime(2_500);
        expect(await cloud.peek(externalId, 2_000, patience())).toBeUndefined();
        expect(world.requests()).toBeLessThanOrEqual(8);
        expect(cloud.usage().requests).toBe(world.requests());
      });
    });

    describe('rate limit', () => {
      it('waits refusals out, also with an order', async () => {
        world.inject('rate-limited', { times: 3 });
        const { externalId } = await create();
        world.inject('rate-limited', { times: 2 });
        expect(await cloud.get(externalId, patience())).toMatchObject({ externalId });
        expect(names()).toEqual([nameOf(1)]);
        expect(world.refusals()).toBe(5);
      });

      it('never asks for more than is left', async () => {
        const { externalId } = await create();
        world.setRemaining(4);
        await cloud.get(externalId, patience());
        const startMs = world.nowMs();
        const many = Array.from({ length: 30 }, () => cloud.get(externalId, patience()));
        await Promise.all(many);
        expect(world.refusals()).toBe(0);
        expect(world.nowMs() - startMs).toBeGreaterThan(20_000);
        expect(cloud.usage().waiting).toBe(0);
      });

      it('says when there is room again if the wait is too long for a call', async () => {
        const { externalId } = await create();
        world.setRemaining(1);
        await cloud.get(externalId, patience());
        const many = Array.from({ length: 90 }, () => cloud.get(externalId, patience()));
        const ends = await Promise.allSettled(many);
        const late = ends.filter((end) => end.status === 'rejected');
        expect(late.length).toBeGreaterThan(10);
        for (const { reason } of late) {
          expect(reason).toMatchObject({ class: 'transient', name: 'WorkError' });
        }
        expect(world.refusals()).toBe(0);
      });
    });

    it('keeps secrets out of every error', async () => {
      const { externalId } = await create();
      const faults: readonly WorldFault[] = [
        ...(['sold-out', 'quota', 'revoked', 'busy', 'server-error', 'maintenance'] as const),
        ...(['proxy-page', 'lost-request', 'echoed-token'] as const),
      ];
      let count = 0;
      for (const fault of faults) {
        world.inject(fault);
        const calls = [
          create(2),
          cloud.get(externalId, patience()),
          cloud.delete(externalId, patience()),
          cloud.catalogue(patience()),
        ];
        for (const end of await Promise.allSettled(calls)) {
          if (end.status === 'fulfilled') continue;
          count += 1;
          const all = inspect(end.reason, { depth: 10, showHidden: true });
          for (const secret of world.secrets) expect(all).not.toContain(secret);
        }
        world.heal();
      }
      expect(count).toBeGreaterThan(faults.length);
    });
  });
}
