import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, type DurationNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../core/ids.ts';
import { freezeTerms } from '../core/rentals/freeze-terms.ts';
import { newRental } from '../core/rentals/new-rental.ts';
import type { RentalEvent } from '../core/rentals/rental-event.ts';
import type { Rental, RentalState } from '../core/rentals/rental.ts';
import { cancelJobs } from '../flows/jobs/job-queue.ts';
import { offerForRent } from '../flows/market/offer-for-rent.ts';
import { applyRentalEvent } from '../flows/rentals/apply-event.ts';
import { keepRental } from '../flows/rentals/keep-rental.ts';
import { givenAccount } from './accounts.fake.ts';
import { personCalled, type FakeCanister } from './fake-canister.fake.ts';
import { givenOffering, type GivenOffering } from './market.fake.ts';
import { accepted } from './recipes.fake.ts';
import { FAKE_LEDGER } from './treasury-terms.fake.ts';

/** A line of authorized_keys, the same for the same number. */
export function sshLine(number: number): string {
  const type = 'ssh-ed25519';
  const blob = Buffer.alloc(4 + type.length + 4 + 32, number);
  blob.writeUInt32BE(type.length, 0);
  blob.write(type, 4);
  blob.writeUInt32BE(32, 4 + type.length);
  return `${type} ${blob.toString('base64')}`;
}

export interface GivenRental {
  readonly renter?: string;
  readonly offer?: GivenOffering;
  readonly termNs?: DurationNs;
  readonly state?: RentalState['kind'];
}

/**
 * A rental of a bare machine as it comes to be in that state, by its own events and at one moment. The
 * treasury knows nothing about it: its escrow has a number of its own.
 */
export function givenRental(c: FakeCanister, given: GivenRental = {}): Rental {
  const { renter = 'renter', termNs = durationNs({ days: 30 }), state = 'active' } = given;
  const account = givenAccount(c, renter);
  const offer = given.offer ?? givenOffering(c);
  const at = c.runtime.now;
  const request = { offeringId: offer.offering.id, renter: account, choiceIndex: 0, termNs };
  const terms = freezeTerms({
    ...accepted(offerForRent(c, request)),
    rentalId: c.storage.rentals.ids.next(),
    renter: account.id,
    payer: personCalled(renter),
    recipe: undefined,
    ledger: FAKE_LEDGER,
    termNs,
    at,
  });
  const escrowId = (1_000_000 + terms.rentalId) as EscrowId;
  const quote = {
    escrowId,
    amount: 1_000n as TokenUnits,
    ledgerFee: 10n as TokenUnits,
    tokenPriceUsdE8: 500_000_000n as UsdE8,
    priceAt: at,
    expiresAt: after(at, durationNs({ minutes: 10 })),
  };
  const { rentals } = c.storage;
  rentals.terms.set(terms.rentalId, terms);
  const inputs = { values: [], secretNames: [] };
  rentals.configs.set(terms.rentalId, { sshKeys: [sshLine(1)], inputs, inputsBefore: undefined });
  keepRental(c, { before: undefined, after: newRental(terms, quote, at) });
  return broughtTo(c, { rentalId: terms.rentalId, escrowId, state });
}

const STEPS: readonly RentalState['kind'][] = [
  'quoted',
  'awaiting-payment',
  'provisioning',
  'active',
  'ending',
  'closed',
];

function broughtTo(
  c: FakeCanister,
  goal: {
    readonly rentalId: RentalId;
    readonly escrowId: EscrowId;
    readonly state: RentalState['kind'];
  },
): Rental {
  const { rentalId, escrowId, state } = goal;
  const block = 7n;
  const deliverBy = after(c.runtime.now, durationNs({ minutes: 30 }));
  const ways: readonly (readonly RentalEvent[])[] = [
    [],
    [{ kind: 'accepted' }],
    [{ kind: 'deposit-confirmed', escrowId, amount: 1_000n as TokenUnits, block, deliverBy }],
    [
      { kind: 'server-intended', choiceIndex: 0, name: `dc-${rentalId}` },
      { kind: 'server-created', externalId: `${4_000 + rentalId}` },
      { kind: 'machine-ready' },
    ],
    [{ kind: 'cancelled', by: 'renter' }],
    [{ kind: 'machine-gone' }, { kind: 'escrow-settled', escrowId }],
  ];
  for (const events of ways.slice(0, STEPS.indexOf(state) + 1)) {
    for (const event of events) {
      if (event.kind === 'machine-ready') cancelJobs(c, rentalId);
      accepted(applyRentalEvent(c, rentalId, event));
    }
  }
  return present(c.storage.rentals.rentals.get(rentalId), 'it was made');
}
