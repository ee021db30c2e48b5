import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  codeOf,
  create,
  hetznerWorld,
  orderFor,
  READ_TOKEN,
  type Answer,
} from './support/hetzner-world.ts';

const fieldsOf = ({ body }: Answer): readonly string[] => {
  const schema = z.object({
    error: z.object({
      details: z.object({ fields: z.array(z.object({ name: z.string() })) }),
    }),
  });
  return schema.parse(body).error.details.fields.map(({ name }) => name);
};
const KIB_32 = 32_768;

describe('an order', () => {
  it.each<[string, Record<string, unknown>]>([
    ['name', { name: undefined }],
    ['name', { name: '' }],
    ['name', { name: 'under_score' }],
    ['name', { name: '-dash' }],
    ['name', { name: 'dash-' }],
    ['name', { name: 'dot..dot' }],
    ['name', { name: 'a'.repeat(64) }],
    ['name', { name: 7 }],
    ['server_type', { server_type: undefined }],
    ['server_type', { server_type: 'cx22' }],
    ['server_type', { server_type: 999_999 }],
    ['image', { image: undefined }],
    ['image', { image: 'amiga-3' }],
    ['image', { server_type: 'cax11', image: 161547269 }],
    ['location', { location: 'mars1' }],
    ['datacenter', { datacenter: 'nbg1-dc3' }],
    ['user_data', { user_data: 'x'.repeat(KIB_32 + 1) }],
    ['user_data', { user_data: 'ä'.repeat(KIB_32 / 2 + 1) }],
    ['labels', { labels: { 'no good': 'a' } }],
    ['labels', { labels: { a: 'no good' } }],
    ['labels', { labels: { a: 'x'.repeat(64) } }],
    ['labels', { labels: { ['x'.repeat(64)]: 'a' } }],
    ['labels', { labels: { 'hetzner.cloud/a': 'a' } }],
    ['labels', { labels: { a: 7 } }],
    ['labels', { labels: 'a=b' }],
    ['ssh_keys', { ssh_keys: ['nobody'] }],
    ['start_after_create', { start_after_create: 'yes' }],
  ])('with a bad %s is refused: %j', async (field, change) => {
    const world = await hetznerWorld();
    const answer = await world.post('/servers', orderFor('web', change));
    expect([answer.status, codeOf(answer)]).toEqual([422, 'invalid_input']);
    expect(fieldsOf(answer)).toEqual([field]);
    expect(world.cloud.servers()).toEqual([]);
  });

  it('names all fields that are wrong', async () => {
    const answer = await (await hetznerWorld()).post('/servers', {});
    expect(fieldsOf(answer)).toEqual(['name', 'server_type', 'image']);
    expect(answer.body).toMatchObject({
      error: {
        message: "invalid input in fields 'name', 'server_type', 'image'",
        details: { fields: [{ messages: ['Missing data for required field.'] }, {}, {}] },
      },
    });
  });

  it('that is no object is refused', async () => {
    const answer = await (await hetznerWorld()).post('/servers', '[1]');
    expect([answer.status, codeOf(answer)]).toEqual([422, 'invalid_input']);
  });

  it('may use all that is allowed', async () => {
    const world = await hetznerWorld();
    const made = await create(world, `a.${'b'.repeat(59)}.C`, {
      user_data: 'x'.repeat(KIB_32),
      labels: { 'example.com/team': 'x'.repeat(63), ['k'.repeat(63)]: '', 'a.b_c-d': 'A.b_c-D' },
    });
    expect(world.cloud.servers()[0]?.userData).toHaveLength(KIB_32);
    expect(Object.keys(made.server.labels)).toHaveLength(3);
  });

  it('for a name that is taken is refused', async () => {
    const world = await hetznerWorld();
    await create(world, 'web');
    const answer = await world.post('/servers', orderFor('web', { server_type: 'cx33' }));
    expect([answer.status, answer.body]).toEqual([
      409,
      {
        error: {
          code: 'uniqueness_error',
          message: 'server name is already used',
          details: { fields: [{ name: 'name' }] },
        },
      },
    ]);
  });

  it.each([
    ['cx23', 'ash'],
    ['cax11', 'sin'],
    ['cpx11', 'fsn1'],
  ])(
    'for %s at %s, where it is not sold, is refused without naming fields',
    async (type, location) => {
      const world = await hetznerWorld();
      const answer = await world.post('/servers', orderFor('web', { server_type: type, location }));
      expect([answer.status, answer.body]).toEqual([
        422,
        {
          error: {
            code: 'invalid_input',
            message: 'unsupported location for server type',
            details: {},
          },
        },
      ]);
    },
  );

  it.each(['networks', 'volumes'])(
    'with %s is refused, as they are not simulated',
    async (field) => {
      const answer = await (
        await hetznerWorld()
      ).post('/servers', orderFor('web', { [field]: [1] }));
      expect(codeOf(answer)).toBe('unsupported_error');
    },
  );

  it('for an address that is not there is refused', async () => {
    const world = await hetznerWorld();
    const answer = await world.post('/servers', orderFor('web', { public_net: { ipv4: 7 } }));
    expect([answer.status, codeOf(answer)]).toEqual([404, 'not_found']);
  });
});

describe('stock', () => {
  it('that is gone refuses orders, and says so in the catalogue', async () => {
    const world = await hetznerWorld();
    const change = { serverType: 'cx23', location: 'nbg1', available: false };
    expect((await world.sim('PUT', '/stock', [change])).status).toBe(204);
    const answer = await world.post('/servers', orderFor('web'));
    expect([answer.status, codeOf(answer)]).toEqual([412, 'resource_unavailable']);
    expect(answer.body).toMatchObject({ error: { message: 'error during placement' } });
    expect((await world.sim('GET', '/stock')).body).toContainEqual({
      ...change,
      orders: 'resource_unavailable',
      isPhasedOut: false,
    });
    await create(world, 'elsewhere', { location: 'hel1' });
    await create(world, 'anywhere', { location: undefined });
    expect(world.cloud.servers().map(({ location }) => location)).toEqual(['hel1', 'fsn1']);
    await world.sim('PUT', '/stock', [{ ...change, available: true }]);
    await create(world, 'web');
  });

  it('of a whole location closes it', async () => {
    const world = await hetznerWorld();
    world.cloud.control.setStock([{ serverType: '*', location: 'nbg1', available: false }]);
    expect((await world.post('/servers', orderFor('web'))).body).toMatchObject({
      error: { code: 'resource_unavailable', message: 'server location disabled' },
    });
  });

  it('of all places can be given back at once, without what was phased out', async () => {
    const world = await hetznerWorld();
    world.cloud.control.setStock([{ serverType: '*', location: '*', available: false }]);
    expect(codeOf(await world.post('/servers', orderFor('a', { location: undefined })))).toBe(
      'resource_unavailable',
    );
    world.cloud.control.setStock([{ serverType: '*', location: '*', available: true }]);
    await create(world, 'a');
    const old = await world.post('/servers', orderFor('b', { server_type: 'cpx11' }));
    expect(codeOf(old)).toBe('invalid_input');
  });

  it('may be shown although orders are refused, and the other way round', async () => {
    const world = await hetznerWorld();
    world.cloud.control.setStock([
      { serverType: 'cax11', location: 'nbg1', available: true, orders: 'unsupported_location' },
      { serverType: 'cx23', location: 'nbg1', available: false, orders: 'created' },
    ]);
    const refused = await world.post('/servers', orderFor('arm', { server_type: 'cax11' }));
    expect(codeOf(refused)).toBe('invalid_input');
    await create(world, 'web');
  });

  it('of what is not sold cannot be set', async () => {
    const world = await hetznerWorld();
    const change = { serverType: 'cx23', location: 'ash', available: true };
    expect((await world.sim('PUT', '/stock', [change])).status).toBe(400);
  });
});

describe('limits', () => {
  it('of servers and of addresses are kept', async () => {
    const world = await hetznerWorld({
      projects: [
        { name: 'shop', tokens: ['token-of-shop'], limits: { servers: 2, primaryIps: 3 } },
      ],
    });
    const { server } = await create(world, 'one');
    const ips = await world.post('/servers', orderFor('two'));
    expect([ips.status, ips.body]).toEqual([
      403,
      {
        error: {
          code: 'resource_limit_exceeded',
          message: 'Primary IP limit exceeded',
          details: { limits: [{ name: 'primary_ip_limit' }] },
        },
      },
    ]);
    await create(world, 'two', { public_net: { enable_ipv4: false } });
    const servers = await world.post('/servers', orderFor('three'));
    expect(servers.body).toMatchObject({
      error: { details: { limits: [{ name: 'server_limit' }] } },
    });
    await world.call('DELETE', `/servers/${server.id}`);
    world.advance(3);
    expect(codeOf(await world.post('/servers', orderFor('three')))).toBe('resource_limit_exceeded');
    world.advance(30);
    await create(world, 'three');
  });
});

/** Not by ssh2, which drops leading zeros of one key in 256. */
function newPublicKey(): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const parts = [Buffer.from('ssh-ed25519'), Buffer.from(x, 'base64url')];
  const blob = parts.map((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return Buffer.concat([length, part]);
  });
  return `ssh-ed25519 ${Buffer.concat(blob).toString('base64')} me@home`;
}

describe('SSH keys', () => {
  it('are made, found, changed and deleted', async () => {
    const world = await hetznerWorld();
    const publicKey = newPublicKey();
    const made = await world.post('/ssh_keys', { name: 'me', public_key: publicKey });
    expect(made.status).toBe(201);
    const schema = z.object({
      ssh_key: z.object({ id: z.int(), fingerprint: z.string().regex(/^(..:){15}..$/) }),
    });
    const { id, fingerprint } = schema.parse(made.body).ssh_key;
    const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
    expect(fingerprint.replaceAll(':', '')).toBe(createHash('md5').update(blob).digest('hex'));
    const path = `/ssh_keys/${id}`;
    expect((await world.get(path, READ_TOKEN)).body).toEqual(made.body);
    for (const query of [
      `fingerprint=${fingerprint}`,
      'name=me',
      'label_selector=!a',
      'sort=name',
    ]) {
      expect((await world.get(`/ssh_keys?${query}`)).body).toMatchObject({ ssh_keys: [{ id }] });
    }
    expect((await world.get('/ssh_keys?name=you')).body).toMatchObject({ ssh_keys: [] });
    const put = await world.call('PUT', path, { body: { name: 'you', labels: { a: 'b' } } });
    expect(put.body).toMatchObject({
      ssh_key: { id, name: 'you', labels: { a: 'b' }, fingerprint },
    });
    expect((await world.call('DELETE', path)).status).toBe(204);
    expect((await world.get(path)).status).toBe(404);
  });

  it('are unique by name and by fingerprint', async () => {
    const world = await hetznerWorld();
    const [one, two] = [newPublicKey(), newPublicKey()];
    const post = (name: string, key: string) => world.post('/ssh_keys', { name, public_key: key });
    await post('a', one);
    const name = await post('a', two);
    expect([name.status, codeOf(name)]).toEqual([409, 'uniqueness_error']);
    const twin = await post('b', one.replace('me@home', 'elsewhere'));
    expect(twin.body).toMatchObject({
      error: {
        code: 'uniqueness_error',
        message: 'SSH key with the same fingerprint already exists',
      },
    });
    const { body } = await post('b', two);
    const { id } = z.object({ ssh_key: z.object({ id: z.int() }) }).parse(body).ssh_key;
    expect(codeOf(await world.call('PUT', `/ssh_keys/${id}`, { body: { name: 'a' } }))).toBe(
      'uniqueness_error',
    );
  });

  it.each(['', 'ssh-rsa nonsense', '-----BEGIN NOTHING-----'])('refuse %j', async (key) => {
    const answer = await (await hetznerWorld()).post('/ssh_keys', { name: 'a', public_key: key });
    expect(fieldsOf(answer)).toEqual(['public_key']);
  });

  it('given to a server keep its password away', async () => {
    const world = await hetznerWorld();
    await world.post('/ssh_keys', { name: 'me', public_key: newPublicKey() });
    expect((await create(world, 'web', { ssh_keys: ['me'] })).root_password).toBeNull();
  });
});
