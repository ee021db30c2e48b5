import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import { offeringInputOf, priceOf, type OfferingField } from './offering-check.service.ts';
import { formOf, newOfferingForm, type OfferingForm } from './offering-form.service.ts';
import { lengthNs, typedLength } from './offering-length.service.ts';

const HOUR_NS = 3_600_000_000_000n;
const ANNA = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const CHOICE = { machine_type: 'cx23', location: 'fsn1', image: 'ubuntu-24.04' };

/** Any offer that the canister takes. */
const offer: fc.Arbitrary<Rental.OfferingInput> = fc
  .record({
    cloud_account_id: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    title: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ]{1,60}[A-Za-z0-9]$/),
    description: fc.stringMatching(/^[a-z\n ]{0,50}$/),
    choices: fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 1, maxLength: 8 }),
    steps: fc.bigInt({ min: 1n, max: 10n ** 9n }),
    min: fc.bigInt({ min: HOUR_NS, max: 100n * 24n * HOUR_NS }),
    more: fc.bigInt({ min: 0n, max: 200n * 24n * HOUR_NS }),
    noticePpm: fc.bigInt({ min: 0n, max: 1_000_000n }),
    provision_within_ns: fc.bigInt({ min: HOUR_NS / 12n, max: 48n * HOUR_NS }),
    provider_penalty_bps: fc.integer({ min: 0, max: 10_000 }),
    below: fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { maxLength: 5 }),
    credits: fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 5, maxLength: 5 }),
    recipe: fc.option(
      fc.record({ recipe_id: fc.bigInt({ min: 0n, max: 999n }), isPinned: fc.boolean() }),
    ),
    visibility: fc.constantFrom<Rental.Visibility>(
      { Public: null },
      { Private: null },
      { Shared: { principals: [ANNA] } },
    ),
  })
  .map((raw) => {
    const below = raw.below.toSorted((one, other) => other - one);
    const credits = raw.credits.toSorted((one, other) => one - other);
    const version = '1.0.0';
    return {
      cloud_account_id: raw.cloud_account_id,
      title: raw.title,
      description: raw.description,
      choices: raw.choices.map((machine_type) => ({ ...CHOICE, machine_type })),
      recipe:
        raw.recipe === null
          ? []
          : [
              {
                recipe_id: raw.recipe.recipe_id,
                range: raw.recipe.isPinned
                  ? { Pinned: { version } }
                  : { Compatible: { from: version } },
              },
            ],
      price_per_month_usd_e8: raw.steps * 10_000n,
      min_term_ns: raw.min,
      max_term_ns: raw.min + raw.more,
      notice_ns: (raw.min * raw.noticePpm) / 1_000_000n,
      provision_within_ns: raw.provision_within_ns,
      provider_penalty_bps: raw.provider_penalty_bps,
      sla_credits: below.map((below_ppm, index) => ({
        below_ppm,
        credit_bps: credits[index] ?? 0,
      })),
      visibility: raw.visibility,
    };
  });

function sound(change: Partial<OfferingForm> = {}): OfferingForm {
  return {
    ...newOfferingForm('0'),
    title: 'Two cores',
    price: '7.90',
    choices: [{ ...CHOICE }],
    ...change,
  };
}

function errorsOf(change: Partial<OfferingForm>): readonly string[] {
  const input = offeringInputOf(sound(change));
  return input.kind === 'ok' ? [] : Object.keys(input.error);
}

describe('formOf', () => {
  it('is read back as the very same offer', () => {
    fc.assert(
      fc.property(offer, (input) => {
        expect(offeringInputOf(formOf(input))).toEqual({ kind: 'ok', value: input });
      }),
    );
  });

  it('writes what people would', () => {
    const input = offeringInputOf(sound());
    if (input.kind === 'err') throw new Error('not sound');
    expect(input.value.price_per_month_usd_e8).toBe(790_000_000n);
    expect(formOf(input.value)).toMatchObject({
      price: '7.90',
      minTerm: { count: '1', unit: 'hours' },
      maxTerm: { count: '365', unit: 'days' },
      notice: { count: '0', unit: 'hours' },
      provisionWithin: { count: '30', unit: 'minutes' },
      penalty: '10',
      sla: [
        { below: '99.9', credit: '10' },
        { below: '99', credit: '30' },
      ],
    });
  });
});

describe('offeringInputOf', () => {
  it.each<[OfferingField, Partial<OfferingForm>]>([
    ['cloudAccountId', { cloudAccountId: '' }],
    ['title', { title: 'ab' }],
    ['title', { title: 'x'.repeat(81) }],
    ['title', { title: 'a\u202ebc' }],
    ['description', { description: 'x'.repeat(4_001) }],
    ['choices', { choices: [] }],
    ['choices', { choices: [CHOICE, CHOICE] }],
    [
      'choices',
      { choices: Array.from({ length: 9 }, (_, n) => ({ ...CHOICE, location: `l${n}` })) },
    ],
    ['recipeId', { recipeId: 'x', version: '1.0.0' }],
    ['version', { recipeId: '1', version: '' }],
    ['price', { price: '0' }],
    ['price', { price: '7.90001' }],
    ['price', { price: '7,90' }],
    ['price', { price: '100000.01' }],
    ['minTerm', { minTerm: { count: '59', unit: 'minutes' } }],
    ['minTerm', { minTerm: { count: 'x', unit: 'days' } }],
    ['maxTerm', { maxTerm: { count: '367', unit: 'days' } }],
    ['maxTerm', { minTerm: { count: '2', unit: 'days' }, maxTerm: { count: '1', unit: 'days' } }],
    ['notice', { notice: { count: '2', unit: 'hours' } }],
    ['notice', { notice: { count: '', unit: 'hours' } }],
    ['provisionWithin', { provisionWithin: { count: '4', unit: 'minutes' } }],
    ['provisionWithin', { provisionWithin: { count: '49', unit: 'hours' } }],
    ['penalty', { penalty: '100.01' }],
    ['penalty', { penalty: '' }],
    ['sla', { sla: [{ below: '0', credit: '1' }] }],
    ['sla', { sla: [{ below: '100.0001', credit: '1' }] }],
    ['sla', { sla: [{ below: '99', credit: '101' }] }],
    [
      'sla',
      {
        sla: [
          { below: '99', credit: '1' },
          { below: '99', credit: '2' },
        ],
      },
    ],
    [
      'sla',
      {
        sla: [
          { below: '99', credit: '2' },
          { below: '98', credit: '1' },
        ],
      },
    ],
    ['sla', { sla: [6, 5, 4, 3, 2, 1].map((below) => ({ below: `${below}`, credit: '1' })) }],
    ['sharedWith', { visibility: 'Shared', sharedWith: '' }],
    ['sharedWith', { visibility: 'Shared', sharedWith: 'nobody' }],
    ['sharedWith', { visibility: 'Shared', sharedWith: '2vxsx-fae' }],
    ['sharedWith', { visibility: 'Shared', sharedWith: `${ANNA.toText()}\n${ANNA.toText()}` }],
  ])('has words at %s for %j', (field, change) => {
    expect(errorsOf(change)).toEqual([field]);
  });

  it('takes the limits themselves', () => {
    expect(
      errorsOf({
        title: 'abc',
        price: '100000',
        minTerm: { count: '366', unit: 'days' },
        maxTerm: { count: '366', unit: 'days' },
        notice: { count: '366', unit: 'days' },
        provisionWithin: { count: '5', unit: 'minutes' },
        penalty: '100 %',
        sla: [{ below: '100', credit: '0' }],
        visibility: 'Shared',
        sharedWith: ` ${ANNA.toText()},\n`,
      }),
    ).toEqual([]);
  });

  it('tells all that is wrong at once', () => {
    expect(errorsOf({ title: '', price: '', choices: [], penalty: 'x' }).toSorted()).toEqual([
      'choices',
      'penalty',
      'price',
      'title',
    ]);
  });
});

describe('priceOf', () => {
  it('is exact to a hundredth of a cent', () => {
    expect(priceOf(' $0.0001 ')).toEqual({ kind: 'ok', value: 10_000n });
    expect(priceOf('1e3').kind).toBe('err');
  });
});

describe('typedLength', () => {
  it('is read back as the very same time, in the largest unit that fits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 62n }), (ns) => {
        expect(lengthNs(typedLength(ns))).toBe(ns);
      }),
    );
    expect(typedLength(48n * HOUR_NS)).toEqual({ count: '2', unit: 'days' });
    expect(typedLength((HOUR_NS * 3n) / 2n)).toEqual({ count: '90', unit: 'minutes' });
  });

  it('reads decimals exactly', () => {
    expect(lengthNs({ count: '1.5', unit: 'hours' })).toBe((HOUR_NS * 3n) / 2n);
    expect(lengthNs({ count: '-1', unit: 'hours' })).toBeUndefined();
  });
});
