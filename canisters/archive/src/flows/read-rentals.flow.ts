import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { requestError } from '@decent-cloud/domain/error-envelope.ts';
import { err, mapOk, type Result } from '@decent-cloud/domain/result.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireUser } from '@decent-cloud/kit/runtime/callers.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import type { Page, PageRequest } from '@decent-cloud/kit/store/page.ts';
import { isParty, type ClosedRental } from '../core/rentals/closed-rental.ts';
import type { ArchiveStorage } from '../storage/archive-storage.ts';
import type { ArchiveRefusal } from './archive-errors.ts';

interface Canister {
  readonly runtime: Runtime;
  readonly storage: ArchiveStorage;
}

/** One closed rental, for its renter, its provider or a controller. */
export function readRental(
  { runtime, storage }: Canister,
  id: RentalId,
): Result<ClosedRental, ArchiveRefusal> {
  const caller = requireUser(runtime);
  if (caller.kind === 'err') return caller;
  const rental = found(storage.rentals.get(id), 'rental');
  if (rental.kind === 'err') return rental;
  const mayRead = isParty(rental.value, caller.value) || runtime.isController(caller.value);
  if (mayRead) return rental;
  return err(requestError({ kind: 'not-allowed' }, 'only its parties may read a rental'));
}

/** A page of the caller's own closed rentals, in the order in which they were closed. */
export function listOwnRentals(
  { runtime, storage }: Canister,
  request: PageRequest,
): Result<Page<ClosedRental>, ArchiveRefusal> {
  return mapOk(requireUser(runtime), (caller) => {
    const { rows, next } = storage.byRenter.page(caller, request);
    const full = rows.map(({ seq, value }) => ({
      seq,
      value: present(storage.rentals.get(value.id), 'a listed rental is missing'),
    }));
    return { rows: full, next };
  });
}
