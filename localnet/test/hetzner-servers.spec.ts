import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  actionSchema,
  begunSchema,
  codeOf,
  create,
  createdSchema,
  hetznerWorld,
  orderFor,
  serverIn,
  serversIn,
  type Answer,
  type HetznerWorld,
} from './support/hetzner-world.ts';

async function statusOf(world: HetznerWorld, id: number): Promise<string> {
  return serverIn(await world.get(`/servers/${id}`)).status;
}

async function actionOf(
  world: HetznerWorld,
  id: number,
): Promise<readonly [status: string, progress: number]> {
  const { body } = await world.get(`/actions/${id}`);
  const { action } = z.object({ action: actionSchema }).parse(body);
  return [action.status, action.progress];
}

async function running(world: HetznerWorld, name = 'web'): Promise<number> {
  const { server } = await create(world, name);
  world.advance(13);
  expect(await statusOf(world, server.id)).toBe('running');
  return server.id;
}

async function begin(world: HetznerWorld, id: number, name: string): Promise<number> {
  const answer = await world.post(`/servers/${id}/actions/${name}`);
  expect(answer.status, name).toBe(201);
  return begunSchema.parse(answer.body).action.id;
}

const idsIn = (answer: Answer): readonly number[] =>
  z
    .object({ actions: z.array(actionSchema) })
    .parse(answer.body)
    .actions.map(({ id }) => id);

describe('a new server', () => {
  it('comes up as the real one does', async () => {
    const world = await hetznerWorld();
    const answer = await world.post('/servers', orderFor('web', { labels: { a: '1', b: '' } }));
    expect(answer.status).toBe(201);
    const made = createdSchema.parse(answer.body);
    const [next] = made.next_actions;
    expect(made.server).toMatchObject({
      name: 'web',
      status: 'initializing',
      labels: { a: '1', b: '' },
    });
    expect(made.server.public_net.ipv4?.ip).toMatch(/^127\.20\.\d+\.\d+$/);
    expect(made.server.public_net.ipv6?.ip).toMatch(/^2001:db8:[0-9a-f]+:[0-9a-f]+::\/64$/);
    expect(made.action).toMatchObject({ command: 'create_server', status: 'running', progress: 0 });
    expect(next).toMatchObject({ command: 'start_server', status: 'running', progress: 0 });
    expect(made.root_password).toMatch(/^\w{20}$/);
    const at = async () => [
      await statusOf(world, made.server.id),
      await actionOf(world, made.action.id),
      await actionOf(world, next?.id ?? 0),
    ];
    world.advance(5.5);
    expect(await at()).toEqual(['initializing', ['running', 50], ['running', 42]]);
    world.advance(5.5);
    expect(await at()).toEqual(['starting', ['success', 100], ['running', 84]]);
    world.advance(2);
    expect(await at()).toEqual(['running', ['success', 100], ['success', 100]]);
  });

  it('has the shape of today, without a data centre', async () => {
    const world = await hetznerWorld();
    const id = await running(world);
    const { body } = await world.get(`/servers/${id}`);
    expect(body).toMatchObject({
      server: {
        created: '2026-11-23T12:00:00Z',
        location: { name: 'nbg1' },
        server_type: { name: 'cx23' },
        image: { name: 'debian-13', architecture: 'x86' },
        locked: false,
        rescue_enabled: false,
        protection: { delete: false, rebuild: false },
        primary_disk_size: 40,
        iso: null,
        placement_group: null,
      },
    });
    expect(body).not.toHaveProperty('server.datacenter');
    expect((await world.sim('PUT', '/api-shape', { apiShape: 'before-2026-07' })).status).toBe(204);
    const older = await world.get(`/servers/${id}`);
    expect(older.body).toMatchObject({ server: { datacenter: { location: { name: 'nbg1' } } } });
  });

  it('takes ids as well as names, and the image that fits its architecture', async () => {
    const world = await hetznerWorld();
    const byId = { server_type: 45, image: 'debian-13', location: undefined };
    const { body } = await world.post('/servers', orderFor('arm', byId));
    expect(body).toMatchObject({ server: { image: { architecture: 'arm' } } });
    expect(body).toMatchObject({ server: { server_type: { name: 'cax11' } } });
    const image = { server_type: 'cx23', image: 161547269, location: '3' };
    expect((await world.post('/servers', orderFor('x86', image))).body).toMatchObject({
      server: { image: { name: 'ubuntu-24.04' }, location: { name: 'hel1' } },
    });
  });

  it('stays off, or without addresses, if that was asked', async () => {
    const world = await hetznerWorld();
    const made = await create(world, 'cold', {
      start_after_create: false,
      public_net: { enable_ipv4: false, enable_ipv6: true },
    });
    expect(made.next_actions).toEqual([]);
    expect(made.server.public_net).toMatchObject({ ipv4: null, ipv6: {} });
    world.advance(60);
    expect(await statusOf(world, made.server.id)).toBe('off');
  });

  it('shows the firewall it was made with', async () => {
    const world = await hetznerWorld();
    expect((await world.get('/firewalls?name=web')).body).toMatchObject({
      firewalls: [{ id: 501, name: 'web', applied_to: [] }],
    });
    const { server } = await create(world, 'web', { firewalls: [{ firewall: 501 }] });
    expect((await world.get(`/servers/${server.id}`)).body).toMatchObject({
      server: { public_net: { firewalls: [{ id: 501, status: 'applied' }] } },
    });
    expect((await world.get('/firewalls/501')).body).toMatchObject({
      firewall: { applied_to: [{ type: 'server', server: { id: server.id } }] },
    });
    const wrong = await world.post('/servers', orderFor('b', { firewalls: [{ firewall: 1 }] }));
    expect(wrong.status).toBe(404);
  });
});

describe('lists of servers', () => {
  it('are paged, sorted and selected', async () => {
    const world = await hetznerWorld();
    for (let n = 0; n < 60; n += 1) {
      const labels = { 'managed-by': n % 2 === 0 ? 'decent-cloud' : 'hand', n: String(n) };
      await create(world, `web-${String(n).padStart(2, '0')}`, { labels });
    }
    const names = async (query: string): Promise<readonly string[]> =>
      serversIn(await world.get(`/servers?${query}`)).map(({ name }) => name);
    expect(await names('')).toHaveLength(25);
    const pages = [await names('per_page=50'), await names('per_page=50&page=2')];
    expect(pages.map(({ length }) => length)).toEqual([50, 10]);
    expect(new Set(pages.flat()).size).toBe(60);
    expect((await names('sort=name:desc'))[0]).toBe('web-59');
    expect(await names('name=web-07')).toEqual(['web-07']);
    expect(await names('name=web')).toEqual([]);
    const ours = encodeURIComponent('managed-by=decent-cloud,n in (4,5,6)');
    expect(await names(`label_selector=${ours}`)).toEqual(['web-04', 'web-06']);
    expect(codeOf(await world.get('/servers?label_selector=a%20b'))).toBe('invalid_input');
    await world.post(
      `/servers/${serversIn(await world.get('/servers'))[0]?.id ?? 0}/actions/poweroff`,
    );
    world.advance(13);
    expect(await names('status=running&status=off&per_page=50')).toHaveLength(50);
    expect(await names('status=off')).toEqual([]);
  });
});

describe('a server', () => {
  it('changes its name and its labels as a whole', async () => {
    const world = await hetznerWorld();
    const id = await running(world);
    const other = await create(world, 'other');
    const put = (body: object) => world.call('PUT', `/servers/${id}`, { body });
    expect(serverIn(await put({ labels: { a: '1', b: '2' } })).labels).toEqual({ a: '1', b: '2' });
    expect(serverIn(await put({ labels: { c: '3' } })).labels).toEqual({ c: '3' });
    expect(serverIn(await put({ name: 'new' }))).toMatchObject({ name: 'new', labels: { c: '3' } });
    const taken = await put({ name: other.server.name });
    expect([taken.status, codeOf(taken)]).toEqual([409, 'uniqueness_error']);
    expect(codeOf(await put({ labels: { 'a b': '' } }))).toBe('invalid_input');
    expect(serverIn(await world.get(`/servers/${id}`))).toMatchObject({
      name: 'new',
      labels: { c: '3' },
    });
  });

  it('goes off and on, and stays there while it is off', async () => {
    const world = await hetznerWorld();
    const id = await running(world);
    await begin(world, id, 'poweroff');
    world.advance(3);
    expect(await statusOf(world, id)).toBe('off');
    world.advance(1_000_000);
    expect(await statusOf(world, id)).toBe('off');
    await begin(world, id, 'poweron');
    expect(await statusOf(world, id)).toBe('starting');
    world.advance(2);
    expect(await statusOf(world, id)).toBe('running');
  });

  it('is still running when the shutdown action has succeeded', async () => {
    const world = await hetznerWorld();
    const id = await running(world);
    const action = await begin(world, id, 'shutdown');
    world.advance(1);
    expect(await actionOf(world, action)).toEqual(['success', 100]);
    expect(await statusOf(world, id)).toBe('running');
    world.advance(4);
    expect(await statusOf(world, id)).toBe('off');
  });

  it.each(['reboot', 'reset'])('keeps running through a %s', async (name) => {
    const world = await hetznerWorld();
    const id = await running(world);
    const action = await begin(world, id, name);
    world.advance(1);
    expect(await actionOf(world, action)).toEqual(['success', 100]);
    expect(await statusOf(world, id)).toBe('running');
  });

  it('is deleted: first deleting, then not found; its name is free, its action is not forgotten', async () => {
    const world = await hetznerWorld();
    const id = await running(world);
    const answer = await world.call('DELETE', `/servers/${id}`);
    expect(answer.status).toBe(200);
    const { action } = begunSchema.parse(answer.body);
    expect(await statusOf(world, id)).toBe('deleting');
    expect(codeOf(await world.call('DELETE', `/servers/${id}`))).toBe('locked');
    expect(codeOf(await world.post('/servers', orderFor('web')))).toBe('uniqueness_error');
    world.advance(3);
    expect((await world.get(`/servers/${id}`)).status).toBe(404);
    expect((await world.call('DELETE', `/servers/${id}`)).status).toBe(404);
    expect(await actionOf(world, action.id)).toEqual(['success', 100]);
    expect((await create(world, 'web')).server.id).not.toBe(id);
  });

  it('is deleted while it is being made', async () => {
    const world = await hetznerWorld();
    const made = await create(world, 'web');
    world.advance(2);
    expect((await world.call('DELETE', `/servers/${made.server.id}`)).status).toBe(200);
    world.advance(60);
    expect(serversIn(await world.get('/servers'))).toEqual([]);
    expect((await actionOf(world, made.action.id))[0]).toBe('error');
  });

  it('keeps its addresses counted for a while after it is gone', async () => {
    const world = await hetznerWorld();
    const id = await running(world);
    const ips = async () => (await world.get('/primary_ips')).body;
    expect(await ips()).toMatchObject({
      primary_ips: [
        { type: 'ipv4', assignee_id: id, assignee_type: 'server', auto_delete: true },
        { type: 'ipv6', assignee_id: id },
      ],
    });
    await world.call('DELETE', `/servers/${id}`);
    world.advance(3);
    expect(await ips()).toMatchObject({
      primary_ips: [{ assignee_id: null, assignee_type: 'unassigned' }, {}],
    });
    world.advance(30);
    expect(await ips()).toMatchObject({ primary_ips: [] });
  });

  it('is protected from deletion and rebuild', async () => {
    const world = await hetznerWorld();
    const id = await running(world);
    const protect = (flags: object) =>
      world.post(`/servers/${id}/actions/change_protection`, flags);
    expect(codeOf(await protect({ delete: true, rebuild: false }))).toBe('invalid_input');
    expect((await protect({ delete: true, rebuild: true })).status).toBe(201);
    expect(codeOf(await world.call('DELETE', `/servers/${id}`))).toBe('protected');
    const rebuild = await world.post(`/servers/${id}/actions/rebuild`, { image: 'debian-12' });
    expect(codeOf(rebuild)).toBe('protected');
    await protect({ delete: false, rebuild: false });
    expect((await world.call('DELETE', `/servers/${id}`)).status).toBe(200);
  });

  it('is rebuilt from another image, and locked meanwhile', async () => {
    const world = await hetznerWorld();
    const id = await running(world);
    const path = `/servers/${id}/actions/rebuild`;
    expect(codeOf(await world.post(path, { image: 'amiga-3' }))).toBe('invalid_input');
    const answer = await world.post(path, { image: 'debian-12', user_data: '#cloud-config' });
    expect(answer.body).toMatchObject({ action: { command: 'rebuild_server' } });
    expect(await statusOf(world, id)).toBe('rebuilding');
    for (const name of ['poweron', 'poweroff', 'reboot', 'shutdown']) {
      const refused = await world.post(`/servers/${id}/actions/${name}`);
      expect([refused.status, codeOf(refused)]).toEqual([423, 'locked']);
    }
    world.advance(11);
    expect((await world.get(`/servers/${id}`)).body).toMatchObject({
      server: { status: 'running', locked: false, image: { name: 'debian-12' } },
    });
  });

  it('has its rescue system switched', async () => {
    const world = await hetznerWorld();
    const id = await running(world);
    const enabled = await world.post(`/servers/${id}/actions/enable_rescue`, { type: 'linux64' });
    expect(enabled.body).toHaveProperty('root_password');
    expect((await world.get(`/servers/${id}`)).body).toMatchObject({
      server: { rescue_enabled: true },
    });
    await begin(world, id, 'disable_rescue');
    expect((await world.get(`/servers/${id}`)).body).toMatchObject({
      server: { rescue_enabled: false },
    });
  });
});

describe('actions', () => {
  it('are listed by their ids alone, of this server or of all', async () => {
    const world = await hetznerWorld();
    const one = await create(world, 'one');
    const two = await create(world, 'two');
    const both = [one.action.id, two.action.id];
    expect(idsIn(await world.get(`/actions?id=${both.join('&id=')}&id=99`))).toEqual(both);
    const all = await world.get('/actions');
    expect([all.status, codeOf(all)]).toEqual([410, 'deprecated_api_endpoint']);
    const path = `/servers/${one.server.id}/actions`;
    const ids = [one.action.id, one.next_actions[0]?.id ?? 0];
    expect(idsIn(await world.get(path))).toEqual(ids);
    expect(idsIn(await world.get(`${path}?sort=id:desc&per_page=1`))).toEqual([ids[1]]);
    world.advance(11);
    expect(idsIn(await world.get(`${path}?status=running`))).toEqual([ids[1]]);
    expect((await world.get(`${path}/${ids[0] ?? 0}`)).status).toBe(200);
    expect((await world.get(`${path}/${two.action.id}`)).status).toBe(404);
  });
});
