import { Principal } from '@dfinity/principal';
import type { BasisPoints, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { durationNs } from '@decent-cloud/domain/time.ts';
import type { QuoteTerms } from '../core/treasury/quote-terms.ts';
import { personCalled } from './fake-canister.fake.ts';

/** A token's ledger, as the fake treasury knows it. */
export const FAKE_LEDGER = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 7, 1, 1));

/** What a rental of 30 days for ten dollars asks the treasury for. */
export function someTerms(change: Partial<QuoteTerms> = {}): QuoteTerms {
  return {
    rentalId: 1 as RentalId,
    draftHash: new Uint8Array(32).fill(3),
    payer: personCalled('renter'),
    ledger: FAKE_LEDGER,
    totalUsdE8: 1_000_000_000n as UsdE8,
    termNs: durationNs({ days: 30 }),
    provider: personCalled('provider'),
    author: personCalled('author'),
    split: { platformBps: 300 as BasisPoints, authorBps: 500 as BasisPoints },
    noticeNs: durationNs({ hours: 1 }),
    provisionWithinNs: durationNs({ hours: 2 }),
    slaCredits: [{ belowPpm: 999_000, creditBps: 500 as BasisPoints }],
    providerPenaltyBps: 1_000 as BasisPoints,
    ...change,
  };
}
