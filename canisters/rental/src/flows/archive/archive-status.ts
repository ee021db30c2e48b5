import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { ArchiveProblem } from '../../storage/archive/archive-storage.ts';
import { requireOperator } from '../accounts/callers.ts';
import { pageOfIds, type IdPageRequest } from '../page-of-ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';

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
  request: IdPageRequest<RentalId>,
): Result<ArchiveStatus, RentalError> {
  const operator = requireOperator(c);
  if (operator.kind === 'err') return operator;
  const { closed, problems, problemList } = c.storage.archive;
  const page = pageOfIds(problemList, null, request);
  if (page.kind === 'err') return page;
  const { ids, next } = page.value;
  const rows = ids.map((rentalId) => ({
    rentalId,
    ...present(problems.get(rentalId), `the problem of rental ${rentalId} is missing`),
  }));
  return ok({
    waiting: closed.size(),
    nextSince: closed.nextDueAtNs(),
    problems: problems.size(),
    rows,
    next,
  });
}
