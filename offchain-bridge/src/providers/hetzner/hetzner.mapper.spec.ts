import { describe, expect, it } from 'vitest';
import { catalogueOf, serverOf } from './hetzner.mapper.ts';
import {
  imagesPage,
  locationsPage,
  readAnswer,
  serverAnswer,
  typesPage,
} from './hetzner.schema.ts';

const SERVER = {
  id: 42,
  name: 'dc-market-7',
  status: 'running',
  created: '2026-10-09T10:00:00+00:00',
  labels: { 'managed-by': 'decent-cloud' },
  public_net: {
    ipv4: { ip: '203.0.113.7', blocked: false, dns_ptr: 'static' },
    ipv6: { ip: '2001:db8:1:2::/64', blocked: false, dns_ptr: [] },
  },
};

function mapped(change: Readonly<Record<string, unknown>>) {
  return serverOf(readAnswer(serverAnswer, { server: { ...SERVER, ...change } }).server);
}

describe('serverOf', () => {
  it('takes what matters', () => {
    expect(mapped({})).toEqual({
      externalId: '42',
      name: 'dc-market-7',
      status: 'running',
      labels: { 'managed-by': 'decent-cloud' },
      ipv4: '203.0.113.7',
      ipv6: '2001:db8:1:2::1',
      createdAtMs: Date.UTC(2026, 9, 9, 10),
    });
  });

  it.each([
    ['initializing', 'starting'],
    ['starting', 'starting'],
    ['stopping', 'stopping'],
    ['off', 'off'],
    ['deleting', 'deleting'],
    ['rebuilding', 'other'],
    ['migrating', 'other'],
    ['unknown', 'other'],
    ['a word of tomorrow', 'other'],
    [7, 'other'],
  ])('status %s: %s', (word, status) => {
    expect(mapped({ status: word }).status).toBe(status);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['no IPv4', { public_net: { ipv4: null, ipv6: SERVER.public_net.ipv6 } }],
    ['no addresses', { public_net: null }],
    ['no networks', { public_net: undefined }],
    ['networks of another form', { public_net: { ipv4: 'x', ipv6: 7 } }],
  ])('has no IPv4 address for a server with %s', (_name, change) => {
    expect(mapped(change).ipv4).toBeUndefined();
  });

  it('takes labels that it cannot read for none, so that the server is not ours', () => {
    expect(mapped({ labels: { 'managed-by': 7 } }).labels).toEqual({});
    expect(mapped({ labels: undefined }).labels).toEqual({});
  });

  it.each([2 ** 53, -1, 1.5, '42', null])('does not go on with the id %s', (id) => {
    expect(() => mapped({ id })).toThrow('unreadable at server.id');
  });
});

const LOCATIONS = [
  { id: 1, name: 'fsn1', city: 'Falkenstein', country: 'DE', network_zone: 'eu-central' },
  { id: 2, name: 'ash', city: 'Ashburn, VA', country: 'US', network_zone: 'us-east' },
];
const TYPE = {
  id: 114,
  name: 'cx23',
  cores: 2,
  memory: 4.0,
  disk: 40,
  architecture: 'x86',
  cpu_type: 'shared',
  prices: [
    { location: 'fsn1', price_monthly: { net: '5.4900000000', gross: '6.5331000000' } },
    { location: 'ash', price_monthly: { net: '6.49', gross: '7.72' } },
  ],
  locations: [{ id: 1, name: 'fsn1', available: true, recommended: false, deprecation: null }],
};
const IMAGE = { id: 1, name: 'ubuntu-24.04', architecture: 'x86', status: 'available' };

function catalogue(read: {
  readonly types?: readonly unknown[];
  readonly images?: readonly unknown[];
  readonly locations?: readonly unknown[];
}) {
  const { types = [TYPE], images = [IMAGE], locations = LOCATIONS } = read;
  return catalogueOf({
    currency: 'EUR',
    locations: readAnswer(locationsPage, { locations }).locations,
    types: readAnswer(typesPage, { server_types: types }).server_types,
    images: readAnswer(imagesPage, { images }).images,
  });
}

describe('catalogueOf', () => {
  it('takes stock from the locations, prices as text, memory in MB', () => {
    expect(catalogue({})).toEqual({
      currency: 'EUR',
      locations: [
        { name: 'fsn1', city: 'Falkenstein', country: 'DE', zone: 'eu-central' },
        { name: 'ash', city: 'Ashburn, VA', country: 'US', zone: 'us-east' },
      ],
      types: [
        {
          name: 'cx23',
          arch: 'x86',
          cores: 2,
          memoryMb: 4_096,
          diskGb: 40,
          at: [
            {
              location: 'fsn1',
              isAvailable: true,
              unavailableAfterMs: undefined,
              pricePerMonth: '5.4900000000',
            },
          ],
        },
      ],
      images: [{ name: 'ubuntu-24.04', archs: ['x86'], unavailableAfterMs: undefined }],
    });
  });

  const placed = (change: Readonly<Record<string, unknown>>, type = {}) =>
    catalogue({ types: [{ ...TYPE, ...type, locations: [{ ...TYPE.locations[0], ...change }] }] })
      .types[0]?.at[0];

  it('believes that nothing is in stock unless it is told so', () => {
    expect(placed({ available: false })?.isAvailable).toBe(false);
    expect(placed({ available: undefined })?.isAvailable).toBe(false);
    expect(placed({ available: 'perhaps' })?.isAvailable).toBe(false);
  });

  it('reads the end of a type per location, and of the type only if locations have none', () => {
    const ends = { unavailable_after: '2026-12-01T00:00:00Z', announced: '2026-09-01T00:00:00Z' };
    const time = Date.UTC(2026, 11, 1);
    expect(placed({ deprecation: ends })?.unavailableAfterMs).toBe(time);
    expect(
      placed({ deprecation: null }, { deprecation: ends })?.unavailableAfterMs,
    ).toBeUndefined();
    const without = { deprecation: undefined };
    expect(placed(without, { deprecation: ends })?.unavailableAfterMs).toBe(time);
  });

  it.each<[string, unknown]>([
    ['an architecture of tomorrow', { ...TYPE, architecture: 'riscv' }],
    ['no price where it is', { ...TYPE, prices: [] }],
    ['a price that is no amount', { ...TYPE, prices: [price('1e3')] }],
    ['a price below zero', { ...TYPE, prices: [price('-1')] }],
    ['no location', { ...TYPE, locations: undefined }],
    ['a location that is not listed', { ...TYPE, locations: [{ name: 'mars', available: true }] }],
    ['half a core', { ...TYPE, cores: 0.5 }],
    ['no name', { ...TYPE, name: null }],
    ['another form', 'cx23'],
  ])('leaves out a type with %s, and keeps the others', (_name, type) => {
    const { types } = catalogue({ types: [type, { ...TYPE, name: 'cx33' }] });
    expect(types.map(({ name }) => name)).toEqual(['cx33']);
  });

  it('leaves out locations without a country', () => {
    const { locations } = catalogue({ locations: [{ ...LOCATIONS[0], country: '' }] });
    expect(locations).toEqual([]);
  });

  it('merges the architectures of an image; the earliest end counts', () => {
    const deprecated = '2026-11-30T00:00:00Z';
    const { images } = catalogue({
      images: [
        IMAGE,
        { ...IMAGE, id: 2, architecture: 'arm', deprecated },
        { ...IMAGE, id: 3, name: 'debian-13', deprecated: null },
        { ...IMAGE, id: 4, name: 'creating', status: 'creating' },
        { ...IMAGE, id: 5, name: 'deleted', deleted: '2026-01-01T00:00:00Z' },
        { ...IMAGE, id: 6, name: null },
        { ...IMAGE, id: 7, name: 'riscv', architecture: 'riscv' },
      ],
    });
    const end = Date.UTC(2027, 1, 30);
    expect(images).toEqual([
      { name: 'ubuntu-24.04', archs: ['x86', 'arm'], unavailableAfterMs: end },
      { name: 'debian-13', archs: ['x86'], unavailableAfterMs: undefined },
    ]);
  });
});

function price(net: string): unknown {
  return { location: 'fsn1', price_monthly: { net, gross: net } };
}
