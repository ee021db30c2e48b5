import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { ArchiveProblem } from '../../storage/archive/archive-storage.ts';
import { requireOperator } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';

const MAX_PAGE = 50;

export interface StuckRental extends ArchiveProblem {
  readonly rentalId: RentalId;
}

export interface ArchiveStatus {
  /** Closed rentals that are still here. */
  readonly waiting: number;
  /** From when on the retention of the next one counts; undefined if none waits. */
  readonly nextSince: TimestampNs | undefined;
  /** Those that could not move, the newest first; each is tried again daily. */
  readonly problems: number;
  readonly rows: readonly StuckRental[];
  readonly next: RentalId | undefined;
}

/** How archiving goes, for the operator; the page is of rentals that could not move. */
export function archiveStatus(
  c: RentalCanister,
  request: { readonly from: RentalId | undefined; readonly limit: number },
): Result<ArchiveStatus, RentalError> {
  const operator = requireOperator(c);
  if (operator.kind === 'err') return operator;
  if (request.limit < 1 || request.limit > MAX_PAGE) {
    return invalidArgument({ argument: 'limit', rule: `must be between 1 and ${MAX_PAGE}` });
  }
  const { closed, problems, problemList } = c.storage.archive;
  const page = problemList.page(null, request);
  if (page === undefined) {
    const rule = 'the list changed: start again without from';
    return invalidArgument({ argument: 'from', rule });
  }
  const rows = page.ids.map((rentalId) => ({
    rentalId,
    ...present(problems.get(rentalId), `the problem of rental ${rentalId} is missing`),
  }));
  return ok({
    waiting: closed.size(),
    nextSince: closed.nextDueAtNs(),
    problems: problems.size(),
    rows,
    next: page.next,
  });
}
