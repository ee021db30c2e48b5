import type { Principal } from '@dfinity/principal';
import { msOfNs } from '../services/format.service.ts';
import type { MarketFilter } from '../services/market-filter.service.ts';
import { searchOf, type MarketPage } from '../services/market-query.service.ts';
import type { TokenRate } from '../services/market-rate.service.ts';
import type { Actors } from './actors.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental } from './wire.ts';

/** A token that prices can be shown in. */
export interface RatedToken {
  readonly ledger: Principal;
  readonly symbol: string;
}

/** One page of the open offers that fit. */
export async function searchOffers(
  { rental }: Pick<Actors, 'rental'>,
  filter: MarketFilter,
  page: MarketPage,
): Promise<Rental.SearchPage> {
  return okOf(await rental.search_offerings(searchOf(filter, page)));
}

/** One offer with its machines as they are now; undefined if there is none that the caller may see. */
export async function findOffer(
  { rental }: Pick<Actors, 'rental'>,
  offeringId: bigint,
): Promise<Rental.OfferingView | undefined> {
  return okUnless('NotFound', await rental.get_offering(offeringId));
}

export async function listRatedTokens({
  tokenValue,
}: Pick<Actors, 'tokenValue'>): Promise<RatedToken[]> {
  const tokens = await tokenValue.list_tokens();
  return tokens.map(({ token, symbol }) => ({ ledger: token.ledger, symbol }));
}

/** Throws a refusal if there is no price that counts. */
export async function fetchRate(
  { tokenValue }: Pick<Actors, 'tokenValue'>,
  ledger: Principal,
): Promise<TokenRate> {
  const price = okOf(await tokenValue.get_price(ledger));
  const { symbol, decimals, usd_e8: usdE8, at_ns: atNs } = price;
  return { symbol, decimals, usdE8, atMs: msOfNs(atNs) };
}
