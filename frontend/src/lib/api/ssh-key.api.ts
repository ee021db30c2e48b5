import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';
import type { Rental } from './wire.ts';

/** Keeps a public key in the caller's account; the same key again replaces its label. */
export async function saveSshKey(
  { rental }: Pick<Actors, 'rental'>,
  key: { readonly label: string; readonly line: string },
): Promise<Rental.MyAccount> {
  return okOf(await rental.add_ssh_key({ label: key.label, line: key.line }));
}
