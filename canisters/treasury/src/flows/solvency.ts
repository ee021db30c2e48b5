import type { Principal } from '@dfinity/principal';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { bookOf } from '../core/apply/rows.ts';
import type { TokenBook } from '../core/tokens/token-book.ts';
import type { TokenConfig } from '../core/tokens/token-config.ts';
import { refuseUnknownToken } from './refusals/quote-refusals.ts';
import type { TreasuryCanister } from './treasury-canister.ts';
import type { TreasuryError } from './treasury-errors.ts';

/** What the treasury holds of a token, and whose it is. Maintained sums; nothing is counted up. */
export interface Solvency {
  readonly ledger: Principal;
  readonly symbol: string;
  readonly decimals: number;
  /** All accounts of the treasury: confirmed blocks, corrected by what audits saw on the ledger. */
  readonly ledgerBalance: bigint;
  /** Paid for rentals and not decided yet: renters' or providers'. */
  readonly escrow: TokenUnits;
  /** Credited to renters, providers and authors, on its way to them. */
  readonly owed: TokenUnits;
  /** The platform's, collected or to be collected. */
  readonly fees: TokenUnits;
  /** `ledgerBalance - surplus - escrow - owed - fees`. Must be 0; below 0 something is missing. */
  readonly difference: bigint;
  /** Sent to the treasury's accounts by anybody, beyond what is owed. */
  readonly surplus: TokenUnits;
  /** What audits found missing. Must be 0. */
  readonly shortfall: TokenUnits;
  readonly parkedCount: number;
  readonly openEscrowCount: number;
  /** When an escrow of this token was last compared with the ledger. Each is, once a day. */
  readonly escrowsAuditedAt: TimestampNs | undefined;
  readonly platformAuditedAt: TimestampNs | undefined;
}

/** Costs the same with one escrow and with 100 000. */
export function solvency(
  { storage }: Pick<TreasuryCanister, 'storage'>,
  ledger: Principal,
): Result<Solvency, TreasuryError> {
  const token = storage.tokens.get(ledger);
  if (token === undefined) return refuseUnknownToken();
  return ok(solvencyOf(token, bookOf(storage, ledger)));
}

/** What the sums of a token say. */
export function solvencyOf(token: TokenConfig, book: TokenBook): Solvency {
  const { ledger, symbol, decimals } = token;
  const { escrow, owed, fees, booked, surplus, shortfall } = book;
  const { parkedCount, openEscrowCount, escrowsAuditedAt, platformAuditedAt } = book;
  const ledgerBalance = booked + surplus - shortfall;
  const difference = ledgerBalance - surplus - escrow - owed - fees;
  return {
    ...{ ledger, symbol, decimals, ledgerBalance, escrow, owed, fees, difference },
    ...{ surplus, shortfall, parkedCount, openEscrowCount, escrowsAuditedAt, platformAuditedAt },
  };
}
