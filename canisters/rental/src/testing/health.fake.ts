import type { BasisPoints, TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId, OfferingId } from '../core/ids.ts';
import type { Rental } from '../core/rentals/rental.ts';
import { startHealth } from '../flows/health/watch-health.ts';
import { givenAccount, givenCloudAccount, givenProvider } from './accounts.fake.ts';
import { personCalled, type FakeCanister } from './fake-canister.fake.ts';
import { termsOf } from './terms.fake.ts';

const TERM = durationNs({ days: 30 });
const SLA_BELOW_PPM = 990_000;

/** What of a measured rental a test needs to know. */
export interface MeasuredRental {
  readonly id: RentalId;
  readonly escrowId: EscrowId;
  readonly startedAt: TimestampNs;
}

/**
 * A rental that `renter` has of `seller`, ready since now and measured from now on. The seller's agent
 * is `bridge`, with all scopes; the SLA's first row is 99 %.
 */
export function givenMeasuredRental(
  c: FakeCanister,
  names: { readonly renter?: string; readonly seller?: string } = {},
): MeasuredRental {
  const { renter = 'renter', seller = 'seller' } = names;
  const startedAt = c.runtime.now;
  const provider = givenProvider(c, seller);
  const cloudAccount = givenCloudAccount(c, provider, { agent: personCalled('bridge') });
  const id = c.storage.rentals.ids.next();
  const escrowId = (500 + id) as EscrowId;
  const rental: Rental = {
    id,
    renter: givenAccount(c, renter).id,
    payer: personCalled(renter),
    provider: provider.id,
    cloudAccountId: cloudAccount.id,
    offeringId: 3 as OfferingId,
    state: {
      kind: 'active',
      since: startedAt,
      endsAt: after(startedAt, TERM),
      power: 'on',
      operation: undefined,
    },
    periods: [
      {
        escrowId,
        status: 'running',
        termNs: TERM,
        amount: 1_000_000n as TokenUnits,
        quoteExpiresAt: startedAt,
        startedAt,
        factSeq: 1,
      },
    ],
    deployment: undefined,
    choiceIndex: 0,
    server: { name: `dc-test-${id}`, externalId: '77', intendedAt: startedAt },
    skippedVersion: undefined,
    dueAt: undefined,
    createdAt: startedAt,
    updatedAt: startedAt,
  };
  c.storage.rentals.rentals.set(id, rental);
  const slaCredits = [{ belowPpm: SLA_BELOW_PPM, creditBps: 1_000 as BasisPoints }];
  c.storage.rentals.terms.set(id, termsOf(rental, { offeringTitle: 'Small machine', slaCredits }));
  startHealth(c, id, startedAt);
  return { id, escrowId, startedAt };
}
