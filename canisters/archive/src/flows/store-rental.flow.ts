import { requestError } from '@decent-cloud/domain/error-envelope.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireListed } from '@decent-cloud/kit/runtime/callers.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { checkClosedRental, type ClosedRental } from '../core/rentals/closed-rental.ts';
import { isSameRental, type ArchiveStorage } from '../storage/archive-storage.ts';
import type { ArchiveRefusal } from './archive-errors.ts';

/** Keeps a closed rental for a listed writer. Handing over the same one again changes nothing. */
export function storeRental(
  { runtime, storage }: { readonly runtime: Runtime; readonly storage: ArchiveStorage },
  raw: ClosedRental,
): Result<ClosedRental, ArchiveRefusal> {
  const writer = requireListed(runtime, (caller) => storage.writers.has(caller));
  if (writer.kind === 'err') return writer;
  const rental = checkClosedRental(raw);
  if (rental.kind === 'err') return invalidArgument(rental.error);
  const existing = storage.rentals.get(raw.id);
  if (existing === undefined) {
    storage.rentals.set(raw.id, raw);
    storage.byRenter.append(raw.renter, { id: raw.id });
    return rental;
  }
  if (isSameRental(existing, raw)) return ok(existing);
  return err(requestError({ kind: 'conflict' }, 'this rental is kept with other contents'));
}
