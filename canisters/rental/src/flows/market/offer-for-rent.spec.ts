import { describe, expect, it } from 'vitest';
import type { Result } from '@decent-cloud/domain/result.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { OfferingId } from '../../core/ids.ts';
import type { OfferingInput } from '../../core/market/offering.ts';
import { asPerson, givenAccount } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { accepted } from '../../testing/recipes.fake.ts';
import * as market from '../../testing/market.fake.ts';
import type { RentalError } from '../rental-errors.ts';
import { offerForRent, type RentRequest } from './offer-for-rent.ts';
import { setOfferingStatus } from './save-offering.flow.ts';

const { SMALL, SMALL_IN_NUREMBERG, LARGE, SOLD_OUT } = market;
const MONTH = durationNs({ days: 30 });

function offered(input: Partial<OfferingInput> = {}) {
  const c = fakeCanister();
  const given = market.givenOffering(c, { input });
  const rent = (changes: Partial<RentRequest> = {}, who = 'renter') =>
    offerForRent(c, {
      offeringId: given.offering.id,
      renter: givenAccount(c, who),
      choiceIndex: 0,
      termNs: MONTH,
      ...changes,
    });
  return { c, ...given, rent };
}

function refusal(result: Result<unknown, RentalError>): string {
  if (result.kind === 'ok') return 'ok';
  const { leaf, message } = result.error;
  return `${leaf?.kind ?? ''}: ${message}`;
}

describe('offerForRent', () => {
  it('gives the offer with the chosen machine first, then what else can be had', () => {
    const choices = [SMALL, SOLD_OUT, LARGE, SMALL_IN_NUREMBERG];
    const { rent, offering, account, provider } = offered({ choices });
    const offer = accepted(rent({ choiceIndex: 2 }));
    expect(offer).toMatchObject({ offering, cloudAccount: account, provider });
    expect(offer.choices.map(({ machineType: type, location }) => `${type} ${location}`)).toEqual([
      'cx43 fsn1',
      'cx23 fsn1',
      'cx23 nbg1',
    ]);
    expect(offer.choices[0]).toMatchObject({ cores: 8, country: 'DE', arch: 'x86' });
    expect(offer.totalUsdE8).toBe(1_000_000_000n);
  });

  it('rounds the price of a part of a month up', () => {
    const { rent } = offered();
    expect(accepted(rent({ termNs: durationNs({ hours: 1 }) })).totalUsdE8).toBe(1_388_889n);
  });

  it('refuses a machine that is not to be had, and names those that are', () => {
    const { rent } = offered({ choices: [SMALL, SOLD_OUT, LARGE] });
    const result = rent({ choiceIndex: 1 });
    expect(refusal(result)).toBe(
      'not-orderable: cx23 is sold out in Ashburn (ash) now. Nothing was taken. ' +
        'These can be had now: cx23 in fsn1, cx43 in fsn1.',
    );
    const leaf = result.kind === 'err' ? result.error.leaf : undefined;
    expect(leaf).toMatchObject({ kind: 'not-orderable', alternatives: [0, 2] });
    expect(refusal(rent({ choiceIndex: 3 }))).toMatch(/^invalid-argument: choice_index/);
  });

  it('looks at the catalogue anew', () => {
    const { c, account, rent } = offered();
    market.givenCatalogue(c, account, { types: [] });
    expect(refusal(rent())).toMatch(/^not-orderable: cx23 is not sold by this cloud/);
    c.runtime.now = after(c.runtime.now, durationNs({ minutes: 16 }));
    expect(refusal(rent())).toMatch(/^catalogue-stale/);
  });

  it('refuses what is paused, retired or without working credentials', () => {
    const { c, account, offering, rent } = offered();
    const set = (status: 'open' | 'paused' | 'retired') =>
      asPerson(c, 'seller', () => setOfferingStatus(c, { offeringId: offering.id, status }));
    accepted(set('paused'));
    expect(refusal(rent())).toMatch(/^offering-unavailable: The seller has paused/);
    expect(refusal(rent({}, 'seller'))).toMatch(/^offering-unavailable/);
    accepted(set('open'));
    const validity = { kind: 'invalid', checkedAt: c.runtime.now, reason: 'x' } as const;
    c.storage.accounts.cloudAccounts.set(account.id, { ...account, validity });
    expect(refusal(rent())).toMatch(/^offering-unavailable: .*does not work/);
    accepted(set('retired'));
    expect(refusal(rent())).toMatch(/^offering-unavailable: The seller has retired/);
  });

  it('keeps to the terms of the offer', () => {
    const { rent } = offered({ minTermNs: durationNs({ days: 1 }), maxTermNs: MONTH });
    expect(refusal(rent({ termNs: durationNs({ hours: 23 }) }))).toMatch(
      /^invalid-argument: term_ns: must be 24 to 720 hours/,
    );
    expect(refusal(rent({ termNs: durationNs({ days: 31 }) }))).toMatch(/^invalid-argument/);
    expect(refusal(rent({ termNs: durationNs({ days: 1 }) }))).toBe('ok');
  });

  it('rents a private offer to its seller, and a shared one to those it names', () => {
    const secret = offered({ visibility: { kind: 'private' } });
    expect(refusal(secret.rent())).toMatch(/^not-found/);
    expect(refusal(secret.rent({}, 'seller'))).toBe('ok');
    expect(refusal(secret.rent({ offeringId: 99 as OfferingId }))).toMatch(/^not-found/);
    const principals = [personCalled('friend')];
    const shared = offered({ visibility: { kind: 'shared', principals } });
    expect(refusal(shared.rent())).toMatch(/^not-found/);
    expect(refusal(shared.rent({}, 'friend'))).toBe('ok');
  });
});
