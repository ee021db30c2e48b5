import { present } from '@decent-cloud/domain/assert.ts';
import { requestError } from '@decent-cloud/domain/error-envelope.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { err, mapOk, ok, type Result } from '@decent-cloud/domain/result.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { Page, PageRequest } from '@decent-cloud/kit/store/page.ts';
import { decodeText } from '@decent-cloud/kit/text-host.ts';
import type { ArchivedRental, ArchivedSummary, ArchivedView } from '../core/archived-rental.ts';
import type { ArchiveCanister } from './archive-canister.ts';
import type { ArchiveRefusal } from './archive-errors.ts';

/** One rental, for those who were its parties when it was archived, and for controllers. */
export function readRental(
  { runtime, storage }: ArchiveCanister,
  id: RentalId,
): Result<ArchivedView, ArchiveRefusal> {
  const caller = requireUser(runtime);
  if (caller.kind === 'err') return caller;
  const rental = found(storage.records.get(id), 'rental in the archive');
  if (rental.kind === 'err') return rental;
  const { readers, body } = rental.value;
  const isReader = readers.some((reader) => reader.compareTo(caller.value) === 'eq');
  if (isReader || runtime.isController(caller.value)) {
    return ok({ ...summaryOf(rental.value), body: decodeText(body) });
  }
  const message =
    'Only its parties may read a rental. Sign in with a login that the account had at the time.';
  return err(requestError({ kind: 'not-allowed' }, message));
}

/** A page of what the caller may read, in the order of archiving. */
export function listOwnRentals(
  { runtime, storage }: ArchiveCanister,
  request: PageRequest,
): Result<Page<ArchivedSummary>, ArchiveRefusal> {
  return mapOk(requireUser(runtime), (caller) => {
    const { rows, next } = storage.byReader.page(caller, request);
    const summaries = rows.map(({ seq, value }) => {
      const rental = present(storage.records.get(value.id), 'a listed rental is missing');
      return { seq, value: summaryOf(rental) };
    });
    return { rows: summaries, next };
  });
}

function summaryOf(rental: ArchivedRental): ArchivedSummary {
  const { id, renter, provider, closedAt, title, sha256 } = rental;
  return { id, renter, provider, closedAt, title, sha256 };
}
