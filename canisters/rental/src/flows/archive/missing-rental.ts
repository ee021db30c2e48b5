import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { Err } from '@decent-cloud/domain/result.ts';
import { settingsOf } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

/** Why a rental is not here: it moved to the archive, or there never was one that was paid. */
export function missingRental(c: Pick<RentalCanister, 'storage'>, id: RentalId): Err<RentalError> {
  if (!c.storage.archive.archived.has(id)) {
    const message =
      'There is no such rental. A quote that was not paid in time is forgotten; nothing was taken for it. ' +
      'Look at my_rentals for those that are there.';
    return refuse({ kind: 'not-found' }, message);
  }
  const settings = settingsOf(c);
  if (settings.kind === 'err') return settings;
  const { archive } = settings.value;
  const message =
    `This rental is closed and settled, and moved to the archive. Ask get_rental of ` +
    `${archive.toText()} for it.`;
  return refuse({ kind: 'archived', archive }, message);
}
