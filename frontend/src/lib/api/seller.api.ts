import type { Actors } from './actors.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental } from './wire.ts';

type Caller = Pick<Actors, 'rental'>;

/** The caller as a seller; undefined until they are one. */
export async function readMyProvider({ rental }: Caller): Promise<Rental.Provider | undefined> {
  return okUnless('NotFound', await rental.get_my_provider());
}

/** Makes the caller a seller; the login that calls is the one that is paid, for ever. */
export async function registerProvider(
  { rental }: Caller,
  input: Rental.ProviderInput,
): Promise<Rental.Provider> {
  return okOf(await rental.register_provider(input));
}

export async function updateProvider(
  { rental }: Caller,
  input: Rental.ProviderInput,
): Promise<Rental.Provider> {
  return okOf(await rental.update_provider(input));
}

export async function readTrust(
  { rental }: Caller,
  providerId: bigint,
): Promise<Rental.ProviderTrust> {
  return okOf(await rental.get_provider_trust(providerId));
}

/** Rentals of the caller's machines, the newest first. */
export async function listSoldRentals(
  { rental }: Caller,
  page: { readonly from: bigint | undefined; readonly limit: number },
): Promise<Rental.RentalPage> {
  const { from, limit } = page;
  return okOf(await rental.provider_rentals({ from: from === undefined ? [] : [from], limit }));
}
