import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { codeOf, hetznerWorld, type HetznerWorld } from './support/hetzner-world.ts';

const decimal = (places: number): z.ZodString =>
  z.string().regex(new RegExp(`^\\d+\\.\\d{${places}}$`));
const price = z.strictObject({ net: decimal(10), gross: decimal(16) });
const typeSchema = z.strictObject({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  category: z.string(),
  cores: z.int(),
  memory: z.number(),
  disk: z.int(),
  storage_type: z.literal('local'),
  cpu_type: z.enum(['shared', 'dedicated']),
  architecture: z.enum(['x86', 'arm']),
  deprecated: z.boolean(),
  deprecation: z.null(),
  prices: z.array(
    z.strictObject({
      location: z.string(),
      price_hourly: price,
      price_monthly: price,
      included_traffic: z.int().positive(),
      price_per_tb_traffic: price,
    }),
  ),
  locations: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      deprecation: z
        .strictObject({ announced: z.iso.datetime(), unavailable_after: z.iso.datetime() })
        .nullable(),
      available: z.boolean(),
      recommended: z.boolean(),
    }),
  ),
});
const pagination = z.strictObject({
  page: z.int(),
  per_page: z.int(),
  previous_page: z.int().nullable(),
  next_page: z.int().nullable(),
  last_page: z.int().nullable(),
  total_entries: z.int().nullable(),
});
const typesSchema = z.strictObject({
  server_types: z.array(typeSchema),
  meta: z.strictObject({ pagination }),
});
const imagesSchema = z.object({
  images: z.array(
    z.object({ id: z.int(), name: z.string(), architecture: z.string(), type: z.string() }),
  ),
});

async function typesAt(world: HetznerWorld, query: string): Promise<z.infer<typeof typesSchema>> {
  return typesSchema.parse((await world.get(`/server_types${query}`)).body);
}

async function imageNames(world: HetznerWorld, query: string): Promise<readonly string[]> {
  const { body } = await world.get(`/images?per_page=50&${query}`);
  return imagesSchema.parse(body).images.map(({ name }) => name);
}

describe('server types', () => {
  it('have all fields, with money as decimal text', async () => {
    const world = await hetznerWorld();
    const { server_types: types } = await typesAt(world, '?name=cx23');
    expect(types).toHaveLength(1);
    const [cx23] = types;
    expect(cx23).toMatchObject({ cores: 2, memory: 4, disk: 40, architecture: 'x86' });
    expect(cx23?.prices[0]?.price_monthly).toEqual({
      net: '5.4900000000',
      gross: '6.5331000000000000',
    });
    expect(cx23?.prices[0]?.price_hourly.net).toBe('0.0088000000');
  });

  it('are the same one by one', async () => {
    const world = await hetznerWorld();
    const { server_types: types } = await typesAt(world, '?per_page=50');
    for (const type of types) {
      const { body } = await world.get(`/server_types/${type.id}`);
      expect(body).toEqual({ server_type: type });
    }
    expect(codeOf(await world.get('/server_types/1'))).toBe('not_found');
  });

  it('come in pages without gaps or repetitions', async () => {
    const world = await hetznerWorld();
    const all = await typesAt(world, '?per_page=50');
    const names: string[] = [];
    for (let page: number | null = 1; page !== null;) {
      const part = await typesAt(world, `?per_page=7&page=${page}`);
      const { pagination: at } = part.meta;
      expect(at).toMatchObject({
        page,
        per_page: 7,
        last_page: Math.ceil(all.server_types.length / 7),
      });
      expect(at.previous_page).toBe(page === 1 ? null : page - 1);
      names.push(...part.server_types.map(({ name }) => name));
      page = at.next_page;
    }
    expect(names).toEqual(all.server_types.map(({ name }) => name));
    expect((await typesAt(world, '?per_page=7&page=99')).server_types).toEqual([]);
  });

  it.each(['per_page=51', 'per_page=0', 'page=0', 'page=x', 'page=-1', 'page=1.5'])(
    'refuse %s',
    async (query) => {
      const answer = await (await hetznerWorld()).get(`/server_types?${query}`);
      expect([answer.status, codeOf(answer)]).toEqual([422, 'invalid_input']);
    },
  );

  it('have prices where they cannot be ordered any more', async () => {
    const world = await hetznerWorld();
    const [cpx11] = (await typesAt(world, '?name=cpx11')).server_types;
    expect(cpx11?.prices.map(({ location }) => location)).toContain('fsn1');
    const at = (name: string) => cpx11?.locations.find((one) => one.name === name);
    expect(at('fsn1')).toMatchObject({
      available: false,
      deprecation: { announced: '2025-10-16T06:00:00Z' },
    });
    expect(at('ash')).toMatchObject({ available: true, deprecation: null });
  });

  it('show the stock that was set, and nothing else changes', async () => {
    const world = await hetznerWorld();
    const before = await typesAt(world, '?per_page=50');
    world.cloud.control.setStock([{ serverType: 'cx23', location: 'hel1', available: false }]);
    const after = await typesAt(world, '?per_page=50');
    const changed = after.server_types.filter(
      (type, index) => JSON.stringify(type) !== JSON.stringify(before.server_types[index]),
    );
    expect(changed.map(({ name }) => name)).toEqual(['cx23']);
    expect(changed[0]?.locations.filter(({ available }) => !available)).toMatchObject([
      { name: 'hel1' },
    ]);
  });
});

describe('locations', () => {
  it('have a network zone and are found by name and id', async () => {
    const world = await hetznerWorld();
    const { body } = await world.get('/locations?name=hel1');
    expect(body).toMatchObject({
      locations: [{ id: 3, name: 'hel1', network_zone: 'eu-central' }],
    });
    expect((await world.get('/locations/3')).body).toMatchObject({ location: { name: 'hel1' } });
  });
});

describe('data centres', () => {
  it('are gone', async () => {
    const answer = await (await hetznerWorld()).get('/datacenters');
    expect([answer.status, codeOf(answer)]).toEqual([410, 'deprecated_api_endpoint']);
  });

  it('are there in the older shape', async () => {
    const world = await hetznerWorld({ apiShape: 'before-2026-07' });
    const { body } = await world.get('/datacenters');
    expect(body).toMatchObject({
      datacenters: [{ location: { name: 'fsn1' } }, {}, {}, {}, {}, {}],
    });
  });
});

describe('images', () => {
  it('are one record per name and architecture', async () => {
    const world = await hetznerWorld();
    expect(await imageNames(world, 'name=ubuntu-24.04')).toHaveLength(2);
    const query = 'name=ubuntu-24.04&architecture=arm&type=system&status=available';
    const { body } = await world.get(`/images?${query}`);
    const [image, ...rest] = imagesSchema.parse(body).images;
    expect(rest).toEqual([]);
    expect(image).toMatchObject({ architecture: 'arm', type: 'system' });
    expect((await world.get(`/images/${image?.id ?? 0}`)).body).toMatchObject({ image });
  });

  it('hide what is deprecated unless asked', async () => {
    const world = await hetznerWorld();
    expect(await imageNames(world, '')).not.toContain('ubuntu-20.04');
    expect(await imageNames(world, 'include_deprecated=true')).toContain('ubuntu-20.04');
  });

  it('are sorted as asked', async () => {
    const world = await hetznerWorld();
    const names = await imageNames(world, 'sort=name:desc');
    expect(names).toEqual([...names].sort().reverse());
    expect(codeOf(await world.get('/images?sort=size'))).toBe('invalid_input');
    expect(codeOf(await world.get('/images?architecture=mips'))).toBe('invalid_input');
  });

  it('know no snapshots', async () => {
    expect(await imageNames(await hetznerWorld(), 'type=snapshot&type=backup')).toEqual([]);
  });
});

describe('pricing', () => {
  it('tells currency and the prices of the types', async () => {
    const world = await hetznerWorld();
    const schema = z.object({
      pricing: z.object({
        currency: z.literal('EUR'),
        vat_rate: z.string(),
        primary_ips: z.array(z.object({ type: z.string() })),
        server_types: z.array(z.object({ name: z.string(), prices: typeSchema.shape.prices })),
      }),
    });
    const { pricing } = schema.parse((await world.get('/pricing')).body);
    const { server_types: types } = await typesAt(world, '?per_page=50');
    expect(pricing.server_types).toEqual(types.map(({ name, prices }) => ({ name, prices })));
    expect(pricing.primary_ips.map(({ type }) => type)).toEqual(['ipv4', 'ipv6']);
  });
});
