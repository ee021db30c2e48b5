import { describe, expect, it } from 'vitest';
import { startHetznerCloud } from '../src/clouds/hetzner/start-hetzner-cloud.ts';
import {
  codeOf,
  create,
  hetznerWorld,
  OTHER_TOKEN,
  READ_TOKEN,
  serversIn,
  START_MS,
  TOKEN,
  type Answer,
} from './support/hetzner-world.ts';

const limitsOf = ({ headers }: Answer): readonly (string | null)[] => [
  headers.get('ratelimit-limit'),
  headers.get('ratelimit-remaining'),
  headers.get('ratelimit-reset'),
];
const START_S = START_MS / 1_000;

describe('access', () => {
  it('answers an unknown path before it looks at the token', async () => {
    const world = await hetznerWorld();
    for (const path of ['/projects', '/', '/servers/1/actions/explode', '/_sim/faults']) {
      const answer = await world.call('POST', path, { token: undefined });
      expect(answer.status, path).toBe(404);
      expect(answer.body).toEqual({
        error: { code: 'not_found', message: 'api route not found', details: null },
      });
    }
    expect((await fetch(`${world.cloud.url}/servers`)).status).toBe(404);
  });

  it('says what is wrong with the token', async () => {
    const world = await hetznerWorld();
    const without = await world.call('GET', '/servers?per_page=1', { token: undefined });
    expect([without.status, without.body]).toEqual([
      401,
      { error: { code: 'unauthorized', details: null, message: 'token is required' } },
    ]);
    const wrong = await world.get('/servers', 'nobody');
    expect([wrong.status, wrong.body]).toEqual([
      401,
      {
        error: {
          code: 'unauthorized',
          details: null,
          message: 'the token you have provided is invalid',
        },
      },
    ]);
  });

  it('lets a read-only token read, and write nothing', async () => {
    const world = await hetznerWorld();
    const { server } = await create(world, 'web');
    expect(serversIn(await world.get('/servers', READ_TOKEN))).toHaveLength(1);
    const writes = [
      ['POST', '/servers'],
      ['PUT', `/servers/${server.id}`],
      ['DELETE', `/servers/${server.id}`],
      ['POST', `/servers/${server.id}/actions/poweroff`],
      ['POST', '/ssh_keys'],
    ] as const;
    for (const [method, path] of writes) {
      const answer = await world.call(method, path, { token: READ_TOKEN, body: {} });
      expect([answer.status, codeOf(answer)], path).toEqual([403, 'token_readonly']);
    }
    expect(world.cloud.servers()).toHaveLength(1);
  });

  it('keeps projects apart', async () => {
    const world = await hetznerWorld();
    const { server, action } = await create(world, 'web');
    expect(serversIn(await world.get('/servers', OTHER_TOKEN))).toEqual([]);
    for (const path of [`/servers/${server.id}`, `/actions/${action.id}`]) {
      expect((await world.get(path, OTHER_TOKEN)).status).toBe(404);
    }
    const answer = await world.call('DELETE', `/servers/${server.id}`, { token: OTHER_TOKEN });
    expect(answer.status).toBe(404);
    const sameName = await world.call('POST', '/servers', {
      token: OTHER_TOKEN,
      body: { name: 'web', server_type: 'cx23', image: 'debian-13' },
    });
    expect(sameName.status).toBe(201);
    const addresses = world.cloud.servers().map(({ ipv4 }) => ipv4?.ip);
    expect(new Set(addresses).size).toBe(2);
    expect(world.cloud.servers(TOKEN).map(({ id }) => id)).toEqual([server.id]);
  });

  it('gives every answer a correlation id of its own', async () => {
    const world = await hetznerWorld();
    const ids = await Promise.all(
      ['/servers', '/servers', '/nothing'].map(async (path) =>
        (await world.get(path)).headers.get('x-correlation-id'),
      ),
    );
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id ?? ''))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refuses what is no JSON', async () => {
    const answer = await (await hetznerWorld()).post('/servers', '{"name":');
    expect([answer.status, codeOf(answer)]).toEqual([400, 'json_error']);
  });

  it('counts what it was asked', async () => {
    const world = await hetznerWorld();
    await create(world, 'web');
    await world.get('/servers');
    await world.get('/servers', READ_TOKEN);
    await world.get('/servers/7');
    await world.get('/nothing', 'nobody');
    const common = { project: 'shop', token: TOKEN };
    const counts = [
      { ...common, endpoint: 'POST /servers', status: 201, count: 1 },
      { ...common, endpoint: 'GET /servers', status: 200, count: 1 },
      { project: 'shop', token: READ_TOKEN, endpoint: 'GET /servers', status: 200, count: 1 },
      { ...common, endpoint: 'GET /servers/:id', status: 404, count: 1 },
      { token: 'nobody', endpoint: '*', status: 404, count: 1 },
    ];
    expect((await world.sim('GET', '/requests')).body).toEqual(counts);
    expect((await world.sim('DELETE', '/requests')).status).toBe(204);
    expect(world.cloud.requests()).toEqual([]);
  });

  it('does not start with tokens or names given twice', async () => {
    const project = { name: 'a', tokens: ['t'] };
    await expect(
      startHetznerCloud({ projects: [project, { ...project, name: 'b' }] }),
    ).rejects.toThrow(RangeError);
    await expect(
      startHetznerCloud({ projects: [project, { ...project, tokens: ['u'] }] }),
    ).rejects.toThrow(RangeError);
  });
});

describe('the rate limit', () => {
  it('is told with every answer; the reset is when the bucket is full again', async () => {
    const world = await hetznerWorld();
    expect(limitsOf(await world.get('/servers'))).toEqual(['3600', '3599', String(START_S + 1)]);
    expect(limitsOf(await world.get('/servers/7'))).toEqual(['3600', '3598', String(START_S + 2)]);
    expect(limitsOf(await world.get('/servers', READ_TOKEN))[1]).toBe('3597');
    expect(limitsOf(await world.get('/servers', OTHER_TOKEN))[1]).toBe('3599');
    expect(limitsOf(await world.get('/servers', 'nobody'))).toEqual([null, null, null]);
  });

  it('refills by one a second, and never beyond its size', async () => {
    const world = await hetznerWorld();
    await world.sim('PUT', '/rate-limit', { project: 'shop', remaining: 0 });
    world.advance(2);
    expect((await world.get('/servers')).status).toBe(200);
    expect((await world.get('/servers')).status).toBe(200);
    const refused = await world.get('/servers');
    expect([refused.status, codeOf(refused)]).toEqual([429, 'rate_limit_exceeded']);
    expect(limitsOf(refused)).toEqual(['3600', '0', String(START_S + 2 + 3_600)]);
    expect((await world.get('/servers', OTHER_TOKEN)).status).toBe(200);
    world.advance(1);
    expect((await world.get('/servers')).status).toBe(200);
    world.advance(10_000);
    expect(limitsOf(await world.get('/servers'))[1]).toBe('3599');
  });

  it('can be made smaller, and refuses before anything is done', async () => {
    const world = await hetznerWorld({ rateLimitPerHour: 2 });
    await create(world, 'one');
    await create(world, 'two');
    expect((await world.post('/servers', { name: 'three' })).status).toBe(429);
    expect(world.cloud.servers()).toHaveLength(2);
  });
});
