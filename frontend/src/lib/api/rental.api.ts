import type { Archive, Rental } from './wire.ts';
import type { Actors } from './actors.api.ts';
import { okOf, Refusal } from './refusal.ts';

type Caller = Pick<Actors, 'rental'>;

/** A rental where it is now. */
export type FoundRental =
  | { readonly kind: 'here'; readonly view: Rental.RentalView }
  | { readonly kind: 'archived'; readonly rental: Archive.Rental };

/** A rental from the market, or from the archive where it has moved. */
export async function findRental(
  { rental, archive }: Pick<Actors, 'rental' | 'archive'>,
  id: bigint,
): Promise<FoundRental> {
  try {
    return { kind: 'here', view: okOf(await rental.get_rental(id)) };
  } catch (error) {
    if (!(error instanceof Refusal) || error.leaf !== 'Archived') throw error;
    return { kind: 'archived', rental: okOf(await archive.get_rental(id)) };
  }
}

/** The caller's own, the newest first. */
export async function listMyRentals(
  { rental }: Caller,
  page: { readonly from: bigint | undefined; readonly limit: number },
): Promise<Rental.RentalPage> {
  const { from, limit } = page;
  return okOf(await rental.my_rentals({ from: from === undefined ? [] : [from], limit }));
}

/** Ends it; what was not used goes back. A seller pays the agreed penalty, too. */
export async function cancelRental(
  { rental }: Caller,
  cancelled: { readonly rentalId: bigint; readonly as: 'renter' | 'provider' | 'operator' },
): Promise<void> {
  const { rentalId, as } = cancelled;
  if (as === 'renter') okOf(await rental.cancel_rental(rentalId));
  else if (as === 'provider') okOf(await rental.provider_cancel_rental(rentalId));
  else okOf(await rental.operator_cancel_rental(rentalId));
}

export async function setPower(
  { rental }: Caller,
  asked: { readonly rentalId: bigint; readonly action: 'On' | 'Off' | 'Reboot' },
): Promise<void> {
  const actions = { On: { On: null }, Off: { Off: null }, Reboot: { Reboot: null } } as const;
  okOf(await rental.set_power({ rental_id: asked.rentalId, action: actions[asked.action] }));
}

/** Lines of authorized_keys, or fingerprints of keys of the caller's account. Replaces all. */
export async function rotateSshKeys(
  { rental }: Caller,
  asked: { readonly rentalId: bigint; readonly sshKeys: readonly string[] },
): Promise<void> {
  okOf(await rental.rotate_ssh_keys({ rental_id: asked.rentalId, ssh_keys: [...asked.sshKeys] }));
}

/** Locks a price for more time. Nothing is taken. */
export async function quoteExtension(
  { rental }: Caller,
  asked: { readonly rentalId: bigint; readonly termNs: bigint },
): Promise<Rental.QuotedExtension> {
  return okOf(await rental.quote_extension({ rental_id: asked.rentalId, term_ns: asked.termNs }));
}

/** How to reach the machine; empty before it is made and after it is gone. */
export async function readConnection({ rental }: Caller, id: bigint): Promise<Rental.Connection> {
  return okOf(await rental.get_connection(id));
}
