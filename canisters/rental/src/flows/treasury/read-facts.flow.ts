import { mapOk, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Page, PageRequest } from '@decent-cloud/kit/store/page.ts';
import type { RefusedFact } from '../../core/treasury/fact-line.ts';
import { requireOperator } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';

/** How the reports to the treasury are going. */
export interface FactStatus {
  /** Escrows about which something is not acknowledged yet. */
  readonly waiting: number;
  /** When the next is sent, or was to be sent; long ago means that the treasury does not answer. */
  readonly nextDueAt: TimestampNs | undefined;
  readonly refused: number;
}

/** For operators: facts that the treasury refused for good, and why. */
export function listRefusedFacts(
  c: RentalCanister,
  page: PageRequest,
): Result<Page<RefusedFact>, RentalError> {
  return mapOk(requireOperator(c), () => c.storage.rentals.facts.refused.page(null, page));
}

/** For operators. */
export function factStatus(c: RentalCanister): Result<FactStatus, RentalError> {
  const { due, refused } = c.storage.rentals.facts;
  return mapOk(requireOperator(c), () => ({
    waiting: due.size(),
    nextDueAt: due.nextDueAtNs(),
    refused: refused.length(null),
  }));
}
