import type { RentalId } from './ids.ts';

/** Whose server it is. */
export interface RentalRef {
  readonly installation: string;
  readonly rentalId: RentalId;
}

const MAX_LENGTH = 63;

/**
 * The only name that a server of this rental ever has, whoever makes it: clouds refuse a second server
 * of a name, so that nothing is made twice. A label of RFC 1123.
 *
 * Errors: throws `RangeError` for an installation that no name can be made of.
 */
export function serverNameOf({ installation, rentalId }: RentalRef): string {
  const name = `dc-${installation}-${rentalId}`;
  if (/^[a-z0-9-]+$/.test(installation) && name.length <= MAX_LENGTH) return name;
  throw new RangeError(`no server can be named after the installation ${installation}`);
}
