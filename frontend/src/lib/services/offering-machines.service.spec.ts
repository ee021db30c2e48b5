import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import type { CatalogueFacts, CatalogueMachine } from './catalogue.service.ts';
import {
  cloudCost,
  moved,
  needsText,
  offeredMachines,
  priceFacts,
  sellerPart,
} from './offering-machines.service.ts';

const USD_E8 = 100_000_000n;
const SMALL = { machine_type: 'small', location: 'fsn1', image: 'ubuntu' };
const SOLD_OUT = { ...SMALL, location: 'ash' };
const CATALOGUE: CatalogueFacts = {
  currency: 'EUR',
  isStale: false,
  readAtMs: 0,
  locations: ['fsn1', 'ash'].map((name) => ({ name, city: '', country: 'DE', zone: '' })),
  images: [{ name: 'ubuntu', archs: [{ X86: null }], unavailable_after_ns: [] }],
  types: [
    {
      name: 'small',
      arch: { X86: null },
      cores: 2,
      memory_mb: 4_096,
      disk_gb: 40,
      at: [
        { location: 'fsn1', is_available: true, unavailable_after_ns: [], price_per_month: '5.49' },
        { location: 'ash', is_available: false, unavailable_after_ns: [], price_per_month: '7' },
      ],
    },
  ],
};
const PLAIN = { needs: undefined, nowNs: 0n, before: [] };

function blocking(
  choices: readonly Rental.MachineChoice[],
  asked: Parameters<typeof offeredMachines>[2] = PLAIN,
): readonly boolean[] {
  return offeredMachines(CATALOGUE, choices, asked).map(({ isBlocking }) => isBlocking);
}

describe('offeredMachines', () => {
  it('lets a fallback be sold out, but not a first machine that is new', () => {
    expect(blocking([SMALL, SOLD_OUT])).toEqual([false, false]);
    expect(blocking([SOLD_OUT, SMALL])).toEqual([true, false]);
    expect(blocking([SOLD_OUT, SMALL], { ...PLAIN, before: [SOLD_OUT] })).toEqual([false, false]);
  });

  it('refuses what the cloud does not sell, and what is too small for the recipe', () => {
    expect(blocking([SMALL, { ...SMALL, machine_type: 'other' }])).toEqual([false, true]);
    const needs = { min_machine: { cores: 4, memory_mb: 1, disk_gb: 1, archs: [] }, images: [] };
    expect(blocking([SMALL, SOLD_OUT], { ...PLAIN, needs })).toEqual([true, true]);
  });
});

describe('moved', () => {
  it('swaps neighbours and leaves the ends', () => {
    expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
  });
});

describe('sellerPart', () => {
  it('is what platform and author leave, rounded down', () => {
    expect(sellerPart(10n * USD_E8, 0)).toBe(970_000_000n);
    expect(sellerPart(10n * USD_E8, 500)).toBe(920_000_000n);
    expect(sellerPart(10_001n, 0)).toBe(9_700n);
  });
});

describe('cloudCost', () => {
  const priced = (pricePerMonth: string): CatalogueMachine =>
    ({ pricePerMonth }) as CatalogueMachine;

  it('is the cheapest to the dearest, by number and not by letters', () => {
    const cost = cloudCost('EUR', [priced('10'), undefined, priced('9.5000000000')]);
    expect(cost).toEqual({ currency: 'EUR', text: 'EUR 9.50 to 10.00', dearestUsdE8: undefined });
    expect(cloudCost('EUR', [priced('3'), priced('3.00')])?.text).toBe('EUR 3.00');
    expect(cloudCost('EUR', [undefined])).toBeUndefined();
  });

  it('is in dollars only where the cloud bills dollars', () => {
    expect(cloudCost('USD', [priced('4'), priced('6.25')])?.dearestUsdE8).toBe(625_000_000n);
  });
});

describe('priceFacts', () => {
  const price = { priceUsdE8: 10n * USD_E8, authorBps: 0 };
  const labels = (facts: ReturnType<typeof priceFacts>) => facts.map(({ label }) => label);

  it('computes no margin over two currencies', () => {
    const cost = { currency: 'EUR', text: 'EUR 5.00', dearestUsdE8: undefined };
    const facts = priceFacts({ ...price, cost });
    expect(labels(facts)).toEqual([
      'Shown as',
      'Yours of a whole month',
      'The cloud asks of you',
      'Your margin',
    ]);
    expect(facts.at(-1)?.value).toBe('not computed');
  });

  it('says what is left where both are dollars, also of a bad price', () => {
    const cost = { currency: 'USD', text: 'USD 12.00', dearestUsdE8: 12n * USD_E8 };
    expect(priceFacts({ ...price, cost }).at(-1)).toMatchObject({ value: '−$2.30' });
  });

  it('says nothing without a price and machines', () => {
    expect(priceFacts({ priceUsdE8: undefined, authorBps: 0, cost: undefined })).toEqual([]);
  });
});

describe('needsText', () => {
  it('names an architecture only if one is needed', () => {
    const min = { cores: 1, memory_mb: 512, disk_gb: 5, archs: [] };
    expect(needsText(min)).toBe('1 core, 512 MB memory, 5 GB disk');
    expect(needsText({ ...min, archs: [{ Arm: null }] })).toMatch(/, ARM$/);
  });
});
