import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';

/** What is kept of a rental for ever: no addresses, no credentials. */
export interface ClosedRental {
  readonly id: RentalId;
  readonly renter: Principal;
  readonly provider: Principal;
  /** The offering's name at the time, so that it can be read without the market. */
  readonly offering: string;
  /** Undefined if the rental never became active. */
  readonly startedAt: TimestampNs | undefined;
  readonly closedAt: TimestampNs;
  readonly outcome: Outcome;
  readonly ledger: Principal;
  readonly paid: TokenUnits;
  readonly refunded: TokenUnits;
}

/** How it ended. */
export type Outcome =
  | { readonly kind: 'completed' }
  | { readonly kind: 'cancelled'; readonly by: 'renter' | 'provider' }
  | { readonly kind: 'failed'; readonly reason: string };

/** A field that breaks its rule. */
export interface ClosedRentalRefusal {
  readonly argument: 'offering' | 'outcome' | 'started_at_ns' | 'refunded';
  readonly rule: string;
}

const MAX_OFFERING_LENGTH = 200;
const MAX_REASON_LENGTH = 500;

/** Checks what the market hands over. */
export function checkClosedRental(rental: ClosedRental): Result<ClosedRental, ClosedRentalRefusal> {
  const { offering, outcome, startedAt, closedAt, paid, refunded } = rental;
  if (offering.length < 1 || offering.length > MAX_OFFERING_LENGTH) {
    return err({ argument: 'offering', rule: `must be 1 to ${MAX_OFFERING_LENGTH} characters` });
  }
  if (outcome.kind === 'failed' && outcome.reason.length > MAX_REASON_LENGTH) {
    return err({
      argument: 'outcome',
      rule: `a reason has at most ${MAX_REASON_LENGTH} characters`,
    });
  }
  if (startedAt !== undefined && startedAt > closedAt) {
    return err({ argument: 'started_at_ns', rule: 'must not be after the end' });
  }
  if (refunded > paid) return err({ argument: 'refunded', rule: 'must not exceed what was paid' });
  return ok(rental);
}

/** True for the two parties; nobody else reads a closed rental. */
export function isParty(rental: ClosedRental, principal: Principal): boolean {
  return [rental.renter, rental.provider].some((party) => party.compareTo(principal) === 'eq');
}
