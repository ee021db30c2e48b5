import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BasisPoints, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import { personCalled } from '../../testing/fake-canister.fake.ts';
import {
  catalogueInput,
  machineType,
  offeringInput,
  SMALL,
  typeAt,
} from '../../testing/market.fake.ts';
import type { CloudAccountId } from '../ids.ts';
import { catalogueTrouble, type CatalogueInput } from './check-catalogue.ts';
import { offeringTrouble } from './check-offering.ts';
import { priceOfTerm } from './offer-price.ts';
import type { OfferingInput, SlaRow } from './offering.ts';

const ACCOUNT = 0 as CloudAccountId;
const catalogue = (changes: Partial<CatalogueInput>) =>
  catalogueTrouble(catalogueInput(ACCOUNT, timestampNs(0n), changes))?.argument;
const offer = (changes: Partial<OfferingInput>) =>
  offeringTrouble(offeringInput(ACCOUNT, changes))?.argument;
const row = (belowPpm: number, creditBps: number): SlaRow => ({
  belowPpm,
  creditBps: creditBps as BasisPoints,
});
const price = (value: bigint) => ({ pricePerMonthUsdE8: value as UsdE8 });
const places = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ name: `p${n}`, city: '', country: 'DE', zone: '' }));

describe('catalogueTrouble', () => {
  it('has nothing against a sound one', () => {
    expect(catalogue({})).toBeUndefined();
    expect(catalogue({ types: [], images: [], locations: [] })).toBeUndefined();
  });

  it.each<[string, Partial<CatalogueInput>]>([
    ['types', { types: Array.from({ length: 301 }, (_, n) => machineType({ name: `t${n}` })) }],
    ['locations', { locations: places(61), types: [] }],
    ['currency', { currency: 'eur' }],
    ['locations', { locations: [{ name: 'x', city: '', country: 'D', zone: '' }], types: [] }],
    ['locations', { locations: [...places(1), ...places(1)], types: [] }],
    ['locations', { locations: [{ name: '', city: '', country: 'DE', zone: '' }], types: [] }],
    ['images', { images: [{ name: 'a', archs: [], unavailableAfter: undefined }] }],
    ['images', { images: [{ name: 'a\n', archs: ['x86'], unavailableAfter: undefined }] }],
    ['types', { types: [machineType(), machineType()] }],
    ['types', { types: [machineType({ cores: 0 })] }],
    ['types', { types: [machineType({ cores: 1_024 })] }],
    ['types', { types: [machineType({ memoryMb: 2 ** 24 })] }],
    ['types', { types: [machineType({ diskGb: 1.5 })] }],
    ['types', { types: [machineType({ at: [typeAt('mars')] })] }],
    ['types', { types: [machineType({ at: [typeAt('fsn1'), typeAt('fsn1')] })] }],
    ...['', '.5', '5.', '1.2.3', '-1', '1e5', 'NaN', '5,49', '1'.repeat(25)].map(
      (pricePerMonth): [string, Partial<CatalogueInput>] => [
        'types',
        { types: [machineType({ at: [typeAt('fsn1', { pricePerMonth })] })] },
      ],
    ),
  ])('names %s', (argument, changes) => {
    expect(catalogue(changes)).toBe(argument);
  });

  it('takes prices as a cloud writes them', () => {
    for (const pricePerMonth of ['0', '5.4900000000', '12']) {
      const at = [typeAt('fsn1', { pricePerMonth })];
      expect(catalogue({ types: [machineType({ at })] })).toBeUndefined();
    }
  });
});

describe('offeringTrouble', () => {
  it('has nothing against a sound one', () => {
    expect(offer({})).toBeUndefined();
    expect(offer({ slaCredits: [row(999_900, 500), row(990_000, 500)] })).toBeUndefined();
  });

  it.each<[string, Partial<OfferingInput>]>([
    ['title', { title: 'ab' }],
    ['title', { title: 'a\nbc' }],
    ['title', { title: 'x'.repeat(81) }],
    ['description', { description: 'x'.repeat(4_001) }],
    ['choices', { choices: [] }],
    ['choices', { choices: [SMALL, SMALL] }],
    ['choices', { choices: Array.from({ length: 9 }, (_, n) => ({ ...SMALL, type: `t${n}` })) }],
    ['choices', { choices: [{ ...SMALL, image: '' }] }],
    ['price_per_month_usd_e8', price(0n)],
    ['price_per_month_usd_e8', price(-10_000n)],
    ['price_per_month_usd_e8', price(10_001n)],
    ['price_per_month_usd_e8', price(10_000_000_010_000n)],
    ['min_term_ns', { minTermNs: durationNs({ minutes: 59 }) }],
    ['max_term_ns', { maxTermNs: durationNs({ days: 367 }) }],
    ['max_term_ns', { minTermNs: durationNs({ days: 2 }), maxTermNs: durationNs({ days: 1 }) }],
    ['notice_ns', { noticeNs: durationNs({ hours: 2 }) }],
    ['provision_within_ns', { provisionWithinNs: durationNs({ minutes: 4 }) }],
    ['provision_within_ns', { provisionWithinNs: durationNs({ hours: 49 }) }],
    ['provider_penalty_bps', { providerPenaltyBps: 10_001 as BasisPoints }],
    ['sla_credits', { slaCredits: [row(0, 1)] }],
    ['sla_credits', { slaCredits: [row(1_000_001, 1)] }],
    ['sla_credits', { slaCredits: [row(990_000, 1), row(990_000, 2)] }],
    ['sla_credits', { slaCredits: [row(990_000, 2), row(980_000, 1)] }],
    ['sla_credits', { slaCredits: [6, 5, 4, 3, 2, 1].map((ppm) => row(ppm, 1)) }],
    ['visibility', { visibility: { kind: 'shared', principals: [] } }],
    ['visibility', { visibility: { kind: 'shared', principals: [Principal.anonymous()] } }],
    [
      'visibility',
      { visibility: { kind: 'shared', principals: [personCalled('a'), personCalled('a')] } },
    ],
  ])('names %s', (argument, changes) => {
    expect(offer(changes)).toBe(argument);
  });
});

describe('priceOfTerm', () => {
  it('never takes less than the share of the month, and less than one unit more', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 13n }),
        fc.bigInt({ min: 3_600n, max: 31_622_400n }),
        (month, seconds) => {
          const termNs = durationNs({ seconds: Number(seconds) });
          const total = priceOfTerm({ pricePerMonthUsdE8: month as UsdE8, termNs });
          const exact = month * seconds;
          const perMonth = 2_592_000n;
          expect(total * perMonth >= exact && (total - 1n) * perMonth < exact).toBe(true);
        },
      ),
    );
  });
});
