import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { AddressPool } from '../src/clouds/hetzner/state/address-pool.ts';
import { IdSource } from '../src/clouds/hetzner/state/id-source.ts';
import { fileStore } from '../src/clouds/hetzner/state/record-store.ts';
import { StateDirError } from '../src/persist/state-dir-error.ts';
import { FakeMachineHost } from './support/fake-machine-host.ts';
import {
  begunSchema,
  create,
  hetznerWorld,
  serverIn,
  serversIn,
  type HetznerWorld,
} from './support/hetzner-world.ts';

const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hetzner-state-'));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Ends the cloud and starts it again, `seconds` later. */
async function restarted(
  world: HetznerWorld,
  stateDir: string,
  {
    seconds = 0,
    machines,
  }: { readonly seconds?: number; readonly machines?: FakeMachineHost } = {},
): Promise<HetznerWorld> {
  await world.cloud.close();
  world.advance(seconds);
  return hetznerWorld({ stateDir, machines }, world.clock);
}

describe('a cloud with a state directory', () => {
  it('has its servers again, and boots those that ran', async () => {
    const stateDir = newFolder();
    const world = await hetznerWorld({ stateDir });
    const on = await create(world, 'on', { labels: { a: '1' }, user_data: '#cloud-config' });
    const off = await create(world, 'off', { start_after_create: false });
    world.advance(13);
    const before = (await world.get('/servers')).body;
    const machines = new FakeMachineHost();
    const after = await restarted(world, stateDir, { machines });
    expect((await after.get('/servers')).body).toEqual(before);
    await expect
      .poll(() => machines.calls)
      .toEqual([`prepare ${on.server.id}`, `on ${on.server.id}`]);
    expect(machines.orders).toEqual([
      {
        id: String(on.server.id),
        ipv4: on.server.public_net.ipv4?.ip,
        hostname: 'on',
        userData: '#cloud-config',
        memoryMb: 4_096,
        diskGb: 40,
      },
    ]);
    expect(serverIn(await after.get(`/servers/${off.server.id}`)).status).toBe('off');
  });

  it('ends what was under way when it would have ended', async () => {
    const stateDir = newFolder();
    const world = await hetznerWorld({ stateDir });
    const { server, action } = await create(world, 'web');
    world.advance(5);
    const second = await restarted(world, stateDir, { seconds: 2 });
    expect((await second.get(`/actions/${action.id}`)).body).toMatchObject({
      action: { status: 'running', progress: 63 },
    });
    second.advance(4);
    expect(serverIn(await second.get(`/servers/${server.id}`)).status).toBe('starting');
    const third = await restarted(second, stateDir, { seconds: 1_000 });
    third.advance(0);
    expect(serverIn(await third.get(`/servers/${server.id}`)).status).toBe('running');
  });

  it('finishes a deletion, and removes the files of the machine', async () => {
    const stateDir = newFolder();
    const world = await hetznerWorld({ stateDir });
    const { server } = await create(world, 'web');
    world.advance(13);
    const { body } = await world.call('DELETE', `/servers/${server.id}`);
    const machines = new FakeMachineHost();
    const after = await restarted(world, stateDir, { seconds: 60, machines });
    after.advance(0);
    expect(serversIn(await after.get('/servers'))).toEqual([]);
    const { action } = begunSchema.parse(body);
    expect((await after.get(`/actions/${action.id}`)).body).toMatchObject({
      action: { status: 'success' },
    });
    await expect.poll(() => machines.callsOf(server.id)).toEqual(['prepare', 'destroy']);
  });

  it('gives no id and no address twice', async () => {
    const stateDir = newFolder();
    let world = await hetznerWorld({ stateDir });
    const ids: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      const { server } = await create(world, `web-${n}`);
      ids.push(server.id);
      if (n === 2) await world.call('DELETE', `/servers/${server.id}`);
      world.advance(60);
      world = await restarted(world, stateDir);
    }
    expect(new Set(ids).size).toBe(4);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    const addresses = world.cloud.servers().map(({ ipv4 }) => ipv4?.ip);
    expect(new Set(addresses).size).toBe(3);
  });

  it('forgets what is gone for more than a day', async () => {
    const stateDir = newFolder();
    const world = await hetznerWorld({ stateDir });
    const { server } = await create(world, 'web');
    world.cloud.control.vanish(server.id);
    expect(readdirSync(join(stateDir, 'servers'))).toEqual([`${server.id}.json`]);
    await restarted(world, stateDir, { seconds: 90_000 });
    expect(readdirSync(join(stateDir, 'servers'))).toEqual([]);
  });

  it('keeps its files to itself', async () => {
    const stateDir = newFolder();
    const world = await hetznerWorld({ stateDir });
    const { server } = await create(world, 'web', { user_data: 'secret' });
    const { mode } = statSync(join(stateDir, 'servers', `${server.id}.json`));
    expect(mode & 0o777).toBe(0o600);
  });

  it('is used by one cloud at a time', async () => {
    const stateDir = newFolder();
    const world = await hetznerWorld({ stateDir });
    await expect(hetznerWorld({ stateDir })).rejects.toThrow(StateDirError);
    await restarted(world, stateDir);
  });

  it('that cannot be read is refused, not guessed', async () => {
    const stateDir = newFolder();
    await restarted(await hetznerWorld({ stateDir }), stateDir).then(({ cloud }) => cloud.close());
    writeFileSync(join(stateDir, 'servers', '7.json'), '{"id":7}');
    await expect(hetznerWorld({ stateDir })).rejects.toThrow(/project/);
    rmSync(join(stateDir, 'servers', '7.json'));
    await hetznerWorld({ stateDir });
  });
});

describe('ids', () => {
  it('go up without end, whenever the process dies', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 25_000 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(counts, (lives) => {
        const stateDir = newFolder();
        const given: number[] = [];
        for (const count of lives) {
          const ids = new IdSource(fileStore(stateDir));
          for (let n = 0; n < count; n += 1) given.push(ids.next());
        }
        expect(given.every((id, at) => at === 0 || id > (given[at - 1] ?? id))).toBe(true);
      }),
      { numRuns: 10 },
    );
  });
});

describe('addresses', () => {
  it('are in the network, all different, until there are none left', () => {
    const pool = new AddressPool('127.30');
    const taken = new Set<string>();
    for (let n = 0; n < 256 * 254; n += 1) taken.add(pool.take(taken));
    expect(taken.size).toBe(256 * 254);
    const good = /^127\.30\.\d{1,3}\.([1-9]\d{0,2})$/;
    expect([...taken].filter((one) => !good.test(one) || one.endsWith('.255'))).toEqual([]);
    expect(() => pool.take(taken)).toThrow(/in use/);
    taken.delete('127.30.0.9');
    expect(pool.take(taken)).toBe('127.30.0.9');
  });
});
