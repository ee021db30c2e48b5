import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import {
  cloudPriceText,
  imageOptions,
  locationOptions,
  machineOf,
  typeOptions,
  typeText,
  whyNotMachine,
  type Asked,
  type CatalogueFacts,
} from './catalogue.service.ts';
import { ANY_MACHINE, type MachineOption } from './machine-choice.service.ts';

const NOW_NS = 1_795_000_000_000_000_000n;
const DAY_NS = 86_400_000_000_000n;
const X86: Rental.Arch = { X86: null };
const ARM: Rental.Arch = { Arm: null };

function at(location: string, change: Partial<Rental.TypeAtLocation> = {}): Rental.TypeAtLocation {
  return {
    location,
    is_available: true,
    unavailable_after_ns: [],
    price_per_month: '5.4900000000',
    ...change,
  };
}

function type(name: string, change: Partial<Rental.MachineType>): Rental.MachineType {
  return { name, arch: X86, cores: 2, memory_mb: 4_096, disk_gb: 40, at: [], ...change };
}

const CATALOGUE: CatalogueFacts = {
  currency: 'EUR',
  isStale: false,
  readAtMs: 0,
  locations: ['fsn1', 'ash', 'sin'].map((name) => ({ name, city: '', country: 'DE', zone: '' })),
  images: [
    { name: 'ubuntu-24.04', archs: [X86, ARM], unavailable_after_ns: [] },
    { name: 'old', archs: [X86], unavailable_after_ns: [NOW_NS - DAY_NS] },
    { name: 'x86-only', archs: [X86], unavailable_after_ns: [] },
  ],
  types: [
    type('small', { at: [at('fsn1'), at('ash', { is_available: false })] }),
    type('arm', { arch: ARM, at: [at('fsn1')] }),
    type('gone', { at: [at('fsn1', { unavailable_after_ns: [NOW_NS - DAY_NS] })] }),
    type('nowhere', { at: [] }),
  ],
};
const PLAIN: Asked = { needs: undefined, nowNs: NOW_NS };
const LARGE: Asked = {
  nowNs: NOW_NS,
  needs: {
    min_machine: { cores: 4, memory_mb: 1, disk_gb: 1, archs: [] },
    images: ['ubuntu-24.04'],
  },
};

function reasons(options: readonly MachineOption[]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(options.map(({ value, whyNot }) => [value, whyNot]));
}

function choice(machine_type: string, location = 'fsn1', image = 'ubuntu-24.04') {
  return { machine_type, location, image };
}

describe('typeOptions', () => {
  it('greys what is sold nowhere while no location is chosen', () => {
    expect(reasons(typeOptions(CATALOGUE, ANY_MACHINE, PLAIN))).toEqual({
      small: undefined,
      arm: undefined,
      gone: 'sold out everywhere',
      nowhere: 'not sold',
    });
  });

  it('is filtered by the location', () => {
    const picked = { ...ANY_MACHINE, location: 'ash' };
    expect(reasons(typeOptions(CATALOGUE, picked, PLAIN))).toEqual({
      small: 'sold out now',
      arm: 'not sold in ash',
      gone: 'not sold in ash',
      nowhere: 'not sold in ash',
    });
    const fsn1 = reasons(typeOptions(CATALOGUE, { ...ANY_MACHINE, location: 'fsn1' }, PLAIN));
    expect(fsn1['small']).toBeUndefined();
    expect(fsn1['gone']).toMatch(/^retired \d{4}-\d\d-\d\d$/);
  });

  it('is filtered by the image and by what the recipe needs', () => {
    const picked = { ...ANY_MACHINE, image: 'x86-only' };
    expect(reasons(typeOptions(CATALOGUE, picked, PLAIN))['arm']).toBe(
      'x86-only does not run on it',
    );
    expect(reasons(typeOptions(CATALOGUE, ANY_MACHINE, LARGE))['small']).toBe(
      'the recipe needs 4 cores',
    );
  });
});

describe('locationOptions', () => {
  it('is filtered by the type', () => {
    const picked = { ...ANY_MACHINE, type: 'small' };
    expect(reasons(locationOptions(CATALOGUE, picked, PLAIN))).toEqual({
      fsn1: undefined,
      ash: 'sold out now',
      sin: 'not sold in sin',
    });
  });

  it('greys a place where nothing is to be had', () => {
    expect(reasons(locationOptions(CATALOGUE, ANY_MACHINE, PLAIN))).toEqual({
      fsn1: undefined,
      ash: 'everything is sold out',
      sin: 'everything is sold out',
    });
  });
});

describe('imageOptions', () => {
  it('greys images that are retired, of another architecture, or not for the recipe', () => {
    const arm = { ...ANY_MACHINE, type: 'arm' };
    expect(reasons(imageOptions(CATALOGUE, arm, PLAIN))).toEqual({
      'ubuntu-24.04': undefined,
      old: expect.stringMatching(/^image retired/) as string,
      'x86-only': 'does not run on ARM',
    });
    expect(reasons(imageOptions(CATALOGUE, ANY_MACHINE, LARGE))['x86-only']).toBe(
      'the recipe does not run on it',
    );
  });
});

describe('whyNotMachine', () => {
  it.each([
    [choice('small'), undefined],
    [choice('other'), 'other is not sold by this cloud'],
    [choice('small', 'sin'), 'not sold in sin'],
    [choice('small', 'ash'), 'sold out now'],
    [choice('small', 'fsn1', 'none'), 'this cloud has no image none'],
    [choice('arm', 'fsn1', 'x86-only'), 'the image does not run on ARM'],
  ])('says of %j: %s', (wanted, expected) => {
    expect(whyNotMachine(CATALOGUE, wanted, PLAIN)).toBe(expected);
  });

  it('agrees with the options: a pair without a reason is in no list with one', () => {
    for (const { name } of CATALOGUE.types) {
      for (const place of CATALOGUE.locations) {
        const wanted = choice(name, place.name);
        const picked = { type: name, location: place.name, image: wanted.image };
        const isGrey =
          reasons(typeOptions(CATALOGUE, picked, PLAIN))[name] !== undefined ||
          reasons(locationOptions(CATALOGUE, picked, PLAIN))[place.name] !== undefined;
        expect(whyNotMachine(CATALOGUE, wanted, PLAIN) !== undefined).toBe(isGrey);
      }
    }
  });
});

describe('machineOf', () => {
  it('gives size and price of what is sold, also when it is sold out', () => {
    expect(machineOf(CATALOGUE, choice('small', 'ash'))).toMatchObject({
      spec: { cores: 2, memory_mb: 4_096, country: 'DE', image: 'ubuntu-24.04' },
      pricePerMonth: '5.4900000000',
    });
    expect(machineOf(CATALOGUE, choice('arm', 'fsn1', 'x86-only'))).toBeUndefined();
  });
});

describe('cloudPriceText', () => {
  it.each([
    ['5.4900000000', 'EUR 5.49'],
    ['12', 'EUR 12.00'],
    ['0.0060', 'EUR 0.006'],
  ])('writes %s as %s', (price, text) => {
    expect(cloudPriceText('EUR', price)).toBe(text);
  });
});

describe('typeText', () => {
  it('names type and size', () => {
    expect(typeText(type('cx23', {}))).toBe('cx23 — 2 cores, 4 GB, 40 GB disk, x86');
  });
});
