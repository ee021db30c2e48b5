import { describe, expect, it } from 'vitest';
import type { FaultInput } from '../src/clouds/hetzner/faults/fault.ts';
import {
  codeOf,
  create,
  hetznerWorld,
  orderFor,
  OTHER_TOKEN,
  serverIn,
  serversIn,
  TOKEN,
  type HetznerWorld,
} from './support/hetzner-world.ts';

async function worldWith(...faults: readonly FaultInput[]): Promise<HetznerWorld> {
  const world = await hetznerWorld();
  world.cloud.faults.replace(faults);
  return world;
}

const onCreate = { method: 'POST', path: '/servers' } as const;

describe('a lost answer', () => {
  it('resets the connection after the server was made', async () => {
    const world = await worldWith({ effect: { kind: 'lost-response' }, scope: onCreate, times: 1 });
    await expect(world.post('/servers', orderFor('web'))).rejects.toThrow(TypeError);
    expect(serversIn(await world.get('/servers?name=web'))).toHaveLength(1);
    expect(codeOf(await world.post('/servers', orderFor('web')))).toBe('uniqueness_error');
    expect(world.cloud.requests()).toContainEqual({
      project: 'shop',
      token: TOKEN,
      endpoint: 'POST /servers',
      status: 0,
      count: 1,
    });
  });

  it('does not hide a refusal', async () => {
    const world = await worldWith({ effect: { kind: 'lost-response' }, times: 1 });
    expect(codeOf(await world.post('/servers', {}))).toBe('invalid_input');
    await expect(world.get('/servers')).rejects.toThrow(TypeError);
  });
});

describe('a lost request', () => {
  it('resets the connection before anything is done', async () => {
    const world = await worldWith({ effect: { kind: 'lost-request' }, scope: onCreate, times: 1 });
    await expect(world.post('/servers', orderFor('web'))).rejects.toThrow(TypeError);
    await create(world, 'web');
    expect(world.cloud.history()).toHaveLength(1);
  });
});

describe('a slow answer', () => {
  it.each([
    ['slow', 0],
    ['slow-response', 1],
  ] as const)('of kind %s has done %i orders when the client waits', async (kind, countBefore) => {
    const world = await worldWith({ effect: { kind, delayMs: 30_000 }, scope: onCreate, times: 1 });
    const answer = world.post('/servers', orderFor('web'));
    await expect.poll(() => world.cloud.faults.list()[0]?.met).toBe(1);
    expect(world.cloud.servers()).toHaveLength(countBefore);
    world.advance(30);
    expect((await answer).status).toBe(201);
    expect(world.cloud.servers()).toHaveLength(1);
  });

  it('ends with the cloud', async () => {
    const world = await worldWith({ effect: { kind: 'slow', delayMs: 30_000 } });
    const answer = world.get('/servers');
    const outcome = expect(answer).rejects.toThrow(TypeError);
    await expect.poll(() => world.cloud.faults.list()[0]?.met).toBe(1);
    await world.cloud.close();
    await outcome;
  });
});

describe('refusals', () => {
  it('for too many requests come in bursts', async () => {
    const effect = { kind: 'rate-limited', resetInMs: 5_000 } as const;
    const world = await worldWith({ effect, forMs: 5_000 });
    for (let n = 0; n < 3; n += 1) {
      const answer = await world.get('/servers');
      expect([answer.status, codeOf(answer)]).toEqual([429, 'rate_limit_exceeded']);
      expect(answer.headers.get('ratelimit-remaining')).toBe('0');
    }
    world.advance(5);
    const after = await world.get('/servers');
    expect([after.status, after.headers.get('ratelimit-remaining')]).toEqual([200, '3599']);
  });

  it.each([
    [500, 'server_error'],
    [503, 'service_error'],
    [504, 'timeout'],
    [502, 'bad_gateway'],
    [503, 'maintenance'],
    [409, 'conflict'],
  ])('%i %s come before anything is done', async (status, code) => {
    const world = await worldWith({ effect: { kind: 'error', status, code }, times: 1 });
    const answer = await world.post('/servers', orderFor('web'));
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(world.cloud.servers()).toEqual([]);
  });

  it('may be a page of HTML', async () => {
    const world = await worldWith({ effect: { kind: 'html' }, times: 1 });
    const answer = await world.get('/servers');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(answer.body).toContain('<html>');
  });

  it('come for a token that is revoked or can only read', async () => {
    const world = await worldWith(
      { effect: { kind: 'token-readonly' }, scope: { token: OTHER_TOKEN } },
      { effect: { kind: 'token-revoked' }, scope: { project: 'shop' } },
    );
    const revoked = await world.get('/servers');
    expect([revoked.status, codeOf(revoked)]).toEqual([401, 'unauthorized']);
    expect((await world.get('/servers', OTHER_TOKEN)).status).toBe(200);
    const order = { token: OTHER_TOKEN, body: orderFor('web') };
    const refused = await world.call('POST', '/servers', order);
    expect([refused.status, codeOf(refused)]).toEqual([403, 'token_readonly']);
  });

  it('come for one type at one place', async () => {
    const effect = { kind: 'no-capacity', serverType: 'cx23', location: 'nbg1' } as const;
    const world = await worldWith({ effect });
    const refused = await world.post('/servers', orderFor('web'));
    expect([refused.status, codeOf(refused)]).toEqual([412, 'resource_unavailable']);
    await create(world, 'web', { location: 'hel1' });
    await create(world, 'big', { server_type: 'cx33' });
    world.cloud.faults.replace([{ effect: { kind: 'no-capacity', code: 'placement_error' } }]);
    expect(codeOf(await world.post('/servers', orderFor('c')))).toBe('placement_error');
  });

  it.each(['server_limit', 'primary_ip_limit'] as const)('come for a %s', async (limit) => {
    const world = await worldWith({ effect: { kind: 'quota', limit } });
    const answer = await world.post('/servers', orderFor('web'));
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({
      error: { code: 'resource_limit_exceeded', details: { limits: [{ name: limit }] } },
    });
  });

  it('of a delete last a while', async () => {
    const world = await worldWith({ effect: { kind: 'locked' }, forMs: 60_000 });
    const { server } = await create(world, 'web');
    const path = `/servers/${server.id}`;
    const refused = await world.call('DELETE', path);
    expect([refused.status, codeOf(refused)]).toEqual([423, 'locked']);
    expect(codeOf(await world.post(`${path}/actions/poweroff`))).toBe('locked');
    world.advance(60);
    expect((await world.call('DELETE', path)).status).toBe(200);
  });
});

describe('servers', () => {
  it.each([
    ['no-ipv4', true],
    ['no-addresses', false],
  ] as const)('lack addresses by %s', async (kind, hasIpv6) => {
    const world = await worldWith({ effect: { kind }, times: 1 });
    const { server } = await create(world, 'web');
    expect(server.public_net.ipv4).toBeNull();
    expect(server.public_net.ipv6 !== null).toBe(hasIpv6);
    expect((await create(world, 'two')).server.public_net.ipv4).not.toBeNull();
  });

  it('get their address late', async () => {
    const world = await worldWith({ effect: { kind: 'late-ipv4', afterMs: 5_000 } });
    const { server } = await create(world, 'web');
    const ipv4 = async () =>
      serverIn(await world.get(`/servers/${server.id}`)).public_net.ipv4?.ip ?? null;
    expect([server.public_net.ipv4, await ipv4()]).toEqual([null, null]);
    world.advance(5);
    expect(await ipv4()).toMatch(/^127\.20\./);
  });

  it('vanish', async () => {
    const world = await worldWith({ effect: { kind: 'vanish', afterMs: 20_000 } });
    const { server, action } = await create(world, 'web');
    world.advance(19);
    expect(serverIn(await world.get(`/servers/${server.id}`)).status).toBe('running');
    world.advance(1);
    expect((await world.get(`/servers/${server.id}`)).status).toBe(404);
    expect((await world.get(`/actions/${action.id}`)).status).toBe(200);
  });

  it('have actions that never end', async () => {
    const effect = { kind: 'stuck-action', command: 'start_server' } as const;
    const world = await worldWith({ effect, times: 1 });
    const { server, action, next_actions: next } = await create(world, 'web');
    world.advance(1_000_000);
    expect(serverIn(await world.get(`/servers/${server.id}`)).status).toBe('starting');
    expect((await world.get(`/actions/${next[0]?.id ?? 0}`)).body).toMatchObject({
      action: { status: 'running', progress: 50, finished: null },
    });
    expect((await world.get(`/actions/${action.id}`)).body).toMatchObject({
      action: { status: 'success' },
    });
    world.cloud.faults.add({ effect: { kind: 'stuck-action', command: 'delete_server' } });
    await world.call('DELETE', `/servers/${server.id}`);
    world.advance(1_000_000);
    expect(serverIn(await world.get(`/servers/${server.id}`)).status).toBe('deleting');
  });

  it.each([
    ['create_server', ['error', 'error']],
    ['start_server', ['success', 'error']],
  ] as const)('have a %s that fails', async (command, statuses) => {
    const world = await worldWith({ effect: { kind: 'failed-action', command } });
    const { server, action, next_actions: next } = await create(world, 'web');
    world.advance(60);
    expect(serverIn(await world.get(`/servers/${server.id}`)).status).toBe('off');
    const ids = [action.id, next[0]?.id ?? 0];
    expect((await world.get(`/actions?id=${ids.join('&id=')}`)).body).toMatchObject({
      actions: statuses.map((status) => ({ status })),
    });
    expect((await world.get(`/actions/${ids[1] ?? 0}`)).body).toMatchObject({
      action: { error: { code: 'action_failed' } },
    });
  });

  it('ignore a shutdown', async () => {
    const world = await worldWith({ effect: { kind: 'ignored-shutdown' } });
    const { server } = await create(world, 'web');
    world.advance(13);
    await world.post(`/servers/${server.id}/actions/shutdown`);
    world.advance(1_000);
    expect(serverIn(await world.get(`/servers/${server.id}`)).status).toBe('running');
  });

  it('answer with words nobody knows', async () => {
    const effect = { kind: 'unknown-values', fields: ['status', 'command', 'category'] } as const;
    const world = await worldWith({ effect: { ...effect, fields: [...effect.fields] } });
    const { server, action } = await create(world, 'web');
    expect([server.status, action.status, action.command]).toEqual([
      'unheard_of_status',
      'unheard_of_status',
      'unheard_of_command',
    ]);
    expect(codeOf(await world.get('/servers/7'))).toBe('not_found');
  });
});

describe('the scope of a fault', () => {
  const effect = { kind: 'error', status: 500, code: 'server_error' } as const;

  it.each([
    ['/servers', ['/servers']],
    ['/servers/*', ['/servers/1']],
    ['/servers/*/actions', ['/servers/1/actions']],
    ['/servers/**', ['/servers/1', '/servers/1/actions']],
    ['/s**', ['/servers', '/servers/1', '/servers/1/actions', '/server_types', '/ssh_keys']],
    ['/server.types', []],
  ])('of the path %s is %j', async (path, met) => {
    const world = await worldWith({ effect, scope: { path } });
    const paths = [
      '/servers',
      '/servers/1',
      '/servers/1/actions',
      '/server_types',
      '/ssh_keys',
      '/pricing',
    ];
    const failed = [];
    for (const one of paths) if ((await world.get(one)).status === 500) failed.push(one);
    expect(failed).toEqual(met);
  });

  it('lets some pass first, and ends after so many', async () => {
    const world = await worldWith({ effect, scope: { method: 'GET' }, after: 2, times: 2 });
    const statuses = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await world.get('/pricing')).status);
    expect(statuses).toEqual([200, 200, 500, 500, 200, 200]);
  });

  it('is a share, drawn the same way from the same seed', async () => {
    const draw = async (seed: number): Promise<string> => {
      const world = await hetznerWorld({ seed });
      world.cloud.faults.add({ effect, share: 0.3 });
      let drawn = '';
      for (let n = 0; n < 60; n += 1)
        drawn += (await world.get('/servers')).status === 500 ? 'x' : '.';
      return drawn;
    };
    const first = await draw(7);
    expect(await draw(7)).toBe(first);
    expect(await draw(8)).not.toBe(first);
    const count = first.split('x').length - 1;
    expect(count).toBeGreaterThan(5);
    expect(count).toBeLessThan(35);
  });
});

describe('the control path', () => {
  const effect = { kind: 'html', status: 503 };

  it('places, lists and removes faults', async () => {
    const world = await hetznerWorld();
    const placed = await world.sim('PUT', '/faults', [{ effect, times: 2 }]);
    expect([placed.status, placed.body]).toEqual([200, [1]]);
    expect((await world.sim('POST', '/faults', { effect, after: 9 })).body).toEqual({ id: 2 });
    await world.get('/servers');
    expect((await world.sim('GET', '/faults')).body).toMatchObject([
      { id: 1, met: 1, fault: { effect, scope: {}, after: 0, times: 2, share: 1 } },
      { id: 2, met: 0 },
    ]);
    expect((await world.sim('DELETE', '/faults/1')).status).toBe(204);
    expect((await world.sim('DELETE', '/faults/1')).status).toBe(404);
    expect((await world.get('/servers')).status).toBe(200);
    expect((await world.sim('DELETE', '/faults')).status).toBe(204);
    expect((await world.sim('GET', '/faults')).body).toEqual([]);
  });

  it.each([
    ['[{"effect":{"kind":"nonsense"}}]'],
    ['[{"effect":{"kind":"html"},"tiems":1}]'],
    ['[{"effect":{"kind":"html"},"share":2}]'],
    ['{'],
  ])('refuses %s and leaves the faults as they were', async (body) => {
    const world = await hetznerWorld();
    world.cloud.faults.add({ effect: { kind: 'html' } });
    expect((await world.sim('PUT', '/faults', body)).status).toBe(400);
    expect(world.cloud.faults.list()).toHaveLength(1);
  });

  it('takes nothing that a page of another origin could send', async () => {
    const world = await hetznerWorld();
    const response = await fetch(`${world.cloud.url}/_sim/faults`, {
      method: 'POST',
      body: JSON.stringify({ effect }),
    });
    expect(response.status).toBe(400);
    expect(world.cloud.faults.list()).toEqual([]);
  });

  it('makes servers that are not ours, and lets servers vanish and go off', async () => {
    const world = await hetznerWorld();
    const order = { project: 'shop', name: 'web', labels: { owner: 'somebody' } };
    expect((await world.sim('POST', '/servers', order)).status).toBe(201);
    expect(codeOf(await world.post('/servers', orderFor('web')))).toBe('uniqueness_error');
    const [foreign] = serversIn(await world.get('/servers?name=web'));
    expect(foreign).toMatchObject({ status: 'running', labels: { owner: 'somebody' } });
    const path = `/servers/${foreign?.id ?? 0}`;
    expect((await world.sim('PUT', `${path}/power`, { isOn: false })).status).toBe(204);
    expect(serverIn(await world.get(path)).status).toBe('off');
    expect((await world.sim('GET', '/servers')).body).toMatchObject([{ name: 'web' }]);
    expect((await world.sim('DELETE', path)).status).toBe(204);
    expect((await world.get(path)).status).toBe(404);
    expect((await world.sim('DELETE', path)).status).toBe(400);
    expect((await world.sim('GET', '/servers')).body).toEqual([]);
    expect((await world.sim('GET', '/history')).body).toMatchObject([{ name: 'web' }]);
    expect((await world.sim('POST', '/servers', { ...order, project: 'x' })).status).toBe(400);
  });
});
