import type { RentalId } from './ids.ts';

/** A server in an account that bears our labels. */
export interface ListedServer {
  readonly externalId: string;
  readonly name: string;
  /** What its label says; undefined if that is no number. */
  readonly rentalId: RentalId | undefined;
}

/** A server that may exist by the canister's books. */
export interface Booked {
  readonly rentalId: RentalId;
  readonly isActive: boolean;
  readonly externalId: string | undefined;
}

export interface Compared {
  /** In the cloud, and not in the books by their ids. */
  readonly strays: readonly ListedServer[];
  /** Active rentals whose server was not in the list. */
  readonly missing: readonly { readonly rentalId: RentalId; readonly externalId: string }[];
}

/**
 * Compares a list of servers with the books, which were read after it: an intent is booked before a
 * server is ordered, so that the canister knows of every server in the list. A server whose id is not
 * booked may still be about to be: the canister decides, this only asks.
 */
export function compareServers(
  listed: readonly ListedServer[],
  books: readonly Booked[],
): Compared {
  const booked = new Set(books.map(({ externalId }) => externalId));
  const seen = new Set(listed.map(({ externalId }) => externalId));
  return {
    strays: listed.filter(({ externalId }) => !booked.has(externalId)),
    missing: books.flatMap(({ rentalId, isActive, externalId }) =>
      isActive && externalId !== undefined && !seen.has(externalId)
        ? [{ rentalId, externalId }]
        : [],
    ),
  };
}
