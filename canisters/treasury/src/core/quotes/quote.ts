import type { Principal } from '@dfinity/principal';
import type { BasisPoints, TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../ids.ts';

/** Who gets which part of what vests. The provider gets the rest, remainders included. */
export interface Split {
  readonly platformBps: BasisPoints;
  readonly authorBps: BasisPoints;
}

/** Uptime below `belowPpm` (parts per million) gives `creditBps` of what vested back to the renter. */
export interface SlaCredit {
  readonly belowPpm: number;
  readonly creditBps: BasisPoints;
}

/** What `rental` asks a price for. Frozen in the quote: nothing later can change it. */
export interface RentalTerms {
  readonly rentalId: RentalId;
  /** SHA-256 over the rental's frozen draft: the quote is for exactly this. */
  readonly draftHash: Uint8Array;
  readonly payer: Principal;
  readonly ledger: Principal;
  /** The price of the whole term. */
  readonly totalUsdE8: UsdE8;
  /** Wall-clock length of the paid term, from the confirmed start. Exclusions are refunded. */
  readonly termNs: DurationNs;
  readonly provider: Principal;
  /** Absent exactly if `split.authorBps` is 0. */
  readonly author: Principal | undefined;
  readonly split: Split;
  /** Billed at least this long once started, if the renter cancels: the notice of the offer. */
  readonly noticeNs: DurationNs;
  /** Without a confirmed start this long after the deposit, everything goes back. */
  readonly provisionWithinNs: DurationNs;
  /** Highest `belowPpm` first; the last one that applies counts. At most 5. */
  readonly slaCredits: readonly SlaCredit[];
  /** Of what vested, back to the renter if the provider cancels. */
  readonly providerPenaltyBps: BasisPoints;
}

/** A locked price. `amount` and all of `terms` are fixed; it is accepted once, whole, before `expiresAt`. */
export interface Quote {
  readonly id: EscrowId;
  readonly terms: RentalTerms;
  /** What the payer pays, besides the ledger's fee for pulling it. */
  readonly amount: TokenUnits;
  /** The ledger's transfer fee when quoted. The payer approves `amount` plus this. */
  readonly ledgerFee: TokenUnits;
  /** During the term nothing below this is released or sent; frozen from the token's configuration. */
  readonly minPayout: TokenUnits;
  /** US dollars for one whole token. */
  readonly tokenPriceUsdE8: UsdE8;
  readonly priceAt: TimestampNs;
  readonly sourcesHash: Uint8Array;
  readonly createdAt: TimestampNs;
  readonly expiresAt: TimestampNs;
  /** Who alone may report facts about it: the rental canister of that time. */
  readonly reporter: Principal;
  /** Who decides a dispute about it: the arbiter of that time. */
  readonly arbiter: Principal;
}
