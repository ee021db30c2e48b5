import { Principal } from '@dfinity/principal';
import type { BasisPoints, TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../core/ids.ts';
import type { Quote } from '../core/quotes/quote.ts';

/** A plain quote of 30 days for one whole token of 8 decimals. */
export function quoteOf(given: {
  readonly id: EscrowId;
  readonly ledger: Principal;
  readonly now: TimestampNs;
}): Quote {
  const { id, ledger, now } = given;
  const person = (tag: number) => Principal.fromUint8Array(Uint8Array.of(4, id, tag));
  return {
    id,
    terms: {
      rentalId: id as number as RentalId,
      draftHash: new Uint8Array(32).fill(id),
      payer: person(1),
      ledger,
      totalUsdE8: 100_000_000n as UsdE8,
      termNs: durationNs({ days: 30 }),
      provider: person(2),
      author: person(3),
      split: { platformBps: 300 as BasisPoints, authorBps: 500 as BasisPoints },
      noticeNs: durationNs({ hours: 1 }),
      provisionWithinNs: durationNs({ hours: 1 }),
      slaCredits: [],
      providerPenaltyBps: 0 as BasisPoints,
    },
    amount: 100_000_000n as TokenUnits,
    ledgerFee: 10_000n as TokenUnits,
    minPayout: 1n as TokenUnits,
    tokenPriceUsdE8: 100_000_000n as UsdE8,
    priceAt: now,
    sourcesHash: new Uint8Array(32),
    createdAt: now,
    expiresAt: after(now, durationNs({ minutes: 10 })),
    reporter: person(4),
    arbiter: person(5),
  };
}
