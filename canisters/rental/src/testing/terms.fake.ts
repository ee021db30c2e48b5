import type { BasisPoints, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { durationNs } from '@decent-cloud/domain/time.ts';
import type { MachineSpec } from '../core/market/catalogue.ts';
import type { Rental } from '../core/rentals/rental.ts';
import type { FrozenTerms } from '../core/rentals/terms.ts';
import { personCalled } from './fake-canister.fake.ts';
import { FAKE_LEDGER } from './treasury-terms.fake.ts';

export const CX23: MachineSpec = {
  machineType: 'cx23',
  location: 'fsn1',
  image: 'ubuntu-24.04',
  arch: 'x86',
  cores: 2,
  memoryMb: 4_096,
  diskGb: 40,
  country: 'DE',
};

/** Sam rents out a bare cx23 for 30 days, without an SLA; everything else is a change to it. */
export function termsOf(rental: Rental, change: Partial<FrozenTerms> = {}): FrozenTerms {
  const { id, offeringId, renter, payer, provider, cloudAccountId, createdAt } = rental;
  return {
    rentalId: id,
    offeringId,
    offeringTitle: 'cx23 in Falkenstein',
    renter,
    payer,
    provider,
    providerPrincipal: personCalled('sam'),
    cloudAccountId,
    backend: 'hetzner',
    choices: [CX23],
    recipe: undefined,
    author: undefined,
    authorPrincipal: undefined,
    ledger: FAKE_LEDGER,
    pricePerMonthUsdE8: 450_000_000n as UsdE8,
    termNs: durationNs({ days: 30 }),
    totalUsdE8: 450_000_000n as UsdE8,
    platformBps: 300 as BasisPoints,
    authorBps: 0 as BasisPoints,
    slaCredits: [],
    noticeNs: durationNs({}),
    provisionWithinNs: durationNs({ minutes: 15 }),
    providerPenaltyBps: 0 as BasisPoints,
    frozenAt: createdAt,
    ...change,
  };
}
