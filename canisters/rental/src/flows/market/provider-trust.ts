import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { providerTerm, trustNumber } from '../../core/market/search/index-entry.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { forEachOffer } from './reindex-offers.ts';

/**
 * Tells the search how far a seller can be trusted: 0 to 1000, undefined without data. Public
 * offers get their new place at once, or in later messages if they are many.
 */
export function setProviderTrust(
  c: RentalCanister,
  told: { readonly provider: AccountId; readonly score: number | undefined },
): void {
  const { provider, score } = told;
  const { scores, index } = c.storage.market;
  if (score === undefined) scores.remove(provider);
  else scores.set(provider, { score });
  forEachOffer(c, index.sets.of(providerTerm(provider)), (id) => {
    const value = trustNumber(scores.get(provider)?.score);
    index.setNumber(id, { number: 'trust', value });
  });
}
