import type { Principal } from '@dfinity/principal';
import type { BasisPoints, TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { DurationNs, TimestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../ids.ts';
import type { SlaRow } from '../market/offering.ts';

/** For what the treasury is asked a price: its `RentalTerms`. One paid period has one quote. */
export interface QuoteTerms {
  readonly rentalId: RentalId;
  /** SHA-256 of the stored bytes of the frozen terms. */
  readonly draftHash: Uint8Array;
  readonly payer: Principal;
  readonly ledger: Principal;
  /** The price of the whole period. */
  readonly totalUsdE8: UsdE8;
  readonly termNs: DurationNs;
  readonly provider: Principal;
  /** There exactly if `authorBps` is not 0. */
  readonly author: Principal | undefined;
  readonly split: { readonly platformBps: BasisPoints; readonly authorBps: BasisPoints };
  /** At most the term. */
  readonly noticeNs: DurationNs;
  /** From the deposit; 5 minutes to 32 days. */
  readonly provisionWithinNs: DurationNs;
  /** At most 5. */
  readonly slaCredits: readonly SlaRow[];
  readonly providerPenaltyBps: BasisPoints;
}

/** A locked price. Paid whole, once, before `expiresAt`, or never. */
export interface LockedQuote {
  readonly escrowId: EscrowId;
  /** To be paid besides `ledgerFee`: the payer approves the sum of both for the treasury. */
  readonly amount: TokenUnits;
  readonly ledgerFee: TokenUnits;
  /** US dollars for one whole token. */
  readonly tokenPriceUsdE8: UsdE8;
  readonly priceAt: TimestampNs;
  readonly expiresAt: TimestampNs;
}

export interface DepositOrder {
  readonly escrowId: EscrowId;
  /** The payer's word: nothing above this is taken. */
  readonly maxAmount: TokenUnits;
  /** 32 bytes. */
  readonly fromSubaccount: Uint8Array | undefined;
}

/** Proof that the whole amount is in the escrow's own account. */
export interface DepositReceipt {
  readonly escrowId: EscrowId;
  readonly amount: TokenUnits;
  /** Undefined where the ledger's blocks cannot be read and the balance was the proof. */
  readonly block: bigint | undefined;
}
