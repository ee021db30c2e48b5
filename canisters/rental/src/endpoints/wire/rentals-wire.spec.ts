import { IDL } from '@dfinity/candid';
import { describe, expect, it } from 'vitest';
import { fromWire } from '@decent-cloud/kit/wire/wire.ts';
import type { RentalState } from '../../core/rentals/rental.ts';
import { myRentals, viewRental } from '../../flows/rentals/rental-views.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { accepted } from '../../testing/recipes.fake.ts';
import { givenRental } from '../../testing/rentals.fake.ts';
import { rentalPage, rentalView } from './rentals-wire.ts';

const STATES: readonly RentalState['kind'][] = [
  'quoted',
  'awaiting-payment',
  'provisioning',
  'active',
  'ending',
  'closed',
];

describe('rentals on the wire', () => {
  it.each(STATES)('are read as they were written: %s', (state) => {
    const c = fakeCanister();
    const { id } = givenRental(c, { state });
    c.runtime.callerNow = personCalled('renter');
    const view = accepted(viewRental(c, id));
    const bytes = new Uint8Array(IDL.encode([rentalView.type], [rentalView.to(view)]));
    expect(fromWire(rentalView, IDL.decode([rentalView.type], bytes)[0])).toEqual(view);
    const page = accepted(myRentals(c, { from: undefined, limit: 20 }));
    const row = new Uint8Array(IDL.encode([rentalPage.type], [rentalPage.to(page)]));
    expect(fromWire(rentalPage, IDL.decode([rentalPage.type], row)[0])).toMatchObject({
      rows: [{ rentalId: id, state: { kind: state } }],
    });
  });
});
