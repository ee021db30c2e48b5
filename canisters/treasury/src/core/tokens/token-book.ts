import type { Principal } from '@dfinity/principal';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { TransferId } from '../ids.ts';

/** US dollars of quotes accepted in one minute of the rolling hour. */
export interface ExposureMinute {
  readonly minute: number;
  readonly usdE8: UsdE8;
}

/** The maintained sums of one token. They change only with the events that change their parts. */
export interface TokenBook {
  readonly ledger: Principal;
  /** Unvested and held back: belongs to renters or providers, undecided yet. */
  readonly escrow: TokenUnits;
  /** Credited to payer, provider or author and not paid yet. */
  readonly owed: TokenUnits;
  /** The platform's: credited in escrows and collected in the platform's account. */
  readonly fees: TokenUnits;
  /** Part of `fees` that is in the platform's own account by confirmed blocks. */
  readonly collected: TokenUnits;
  /** Confirmed blocks in less confirmed blocks out, over all accounts of this canister. */
  readonly booked: TokenUnits;
  /** Sum of what audits found above the books (donations). */
  readonly surplus: TokenUnits;
  /** Sum of what audits found missing. Must be 0. */
  readonly shortfall: TokenUnits;
  /** The platform's account's part of `surplus` (or, negative, of `shortfall`). */
  readonly platformSurplus: bigint;
  readonly platformAuditedAt: TimestampNs | undefined;
  /** When an escrow of this token was last found at rest and its balance read. */
  readonly escrowsAuditedAt: TimestampNs | undefined;
  /** Payouts under way to the platform's account: until they are over it is not at rest. */
  readonly livePlatformPayouts: number;
  /** The platform's account: one withdrawal at a time. */
  readonly liveWithdrawal: TransferId | undefined;
  readonly parkedCount: number;
  readonly openEscrowCount: number;
  readonly exposure: readonly ExposureMinute[];
}
